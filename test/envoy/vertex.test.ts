// Vertex AI behind a real Envoy: Google's models and Anthropic's, at paths of one project, with one token.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from './support/fake-provider.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { ANSWER_TEXT } from './support/vendor-answers.ts';
import { listener } from './support/vendors.ts';

const TOKEN = 'ya29.test-vertex-5d0b';
const PROJECT = '/v1/projects/p-1/locations/europe-west1';
const GEMINI = `${PROJECT}/publishers/google/models/gemini-2.5-pro`;
const CLAUDE = `${PROJECT}/publishers/anthropic/models/claude-sonnet-4@20250514`;
let vertex: FakeProvider;
let pointsman: RunningPointsman;

beforeAll(async () => {
  vertex = await startFakeProvider({
    paths: {
      [`${GEMINI}:generateContent`]: 'gemini',
      [`${GEMINI}:streamGenerateContent`]: 'gemini',
      [`${CLAUDE}:rawPredict`]: 'anthropic-messages',
      [`${CLAUDE}:streamRawPredict`]: 'anthropic-messages',
    },
    credential: ['authorization', `Bearer ${TOKEN}`],
    // None is named in a body.
    models: ['undefined'],
  });
  const more = { base_url: vertex.url + PROJECT, access_key: '$VERTEX_ACCESS_TOKEN' };
  pointsman = await startPointsman({
    config: {
      listeners: listener(),
      model_providers: [
        { model: 'vertex_ai/gemini-2.5-pro', ...more },
        { model: 'vertex_ai/claude-sonnet-4@20250514', ...more },
      ],
      routing: { engine: 'none' },
    },
    env: { VERTEX_ACCESS_TOKEN: TOKEN },
  });
}, 60_000);

afterEach(() => {
  expect(vertex.violations).toEqual([]);
  vertex.reset();
});

afterAll(async () => {
  await pointsman.stop();
  await vertex.close();
});

const messages = [{ role: 'user' as const, content: 'Capital of France?' }];

test('a Messages application asks Claude there, plain and streamed', async () => {
  const request = { model: 'vertex_ai/claude-sonnet-4@20250514', max_tokens: 100, messages };
  const plain = await pointsman.anthropic.beta.messages.create(request);
  expect(plain.content).toMatchObject([{ type: 'text', text: ANSWER_TEXT }]);
  const streamed = await pointsman.anthropic.messages.stream(request).finalText();
  expect(streamed).toBe(ANSWER_TEXT);
  expect(vertex.requests.map(({ path }) => path)).toEqual([
    `${CLAUDE}:rawPredict`,
    `${CLAUDE}:streamRawPredict`,
  ]);
  expect(vertex.requests[0]?.body).toEqual({
    anthropic_version: 'vertex-2023-10-16',
    max_tokens: 100,
    messages,
  });
});

test('a Chat application asks Gemini there, plain and streamed', async () => {
  const request = { model: 'vertex_ai/gemini-2.5-pro', messages };
  const plain = await pointsman.openai.chat.completions.create(request);
  expect(plain.choices[0]?.message.content).toBe(ANSWER_TEXT);
  let text = '';
  for await (const chunk of await pointsman.openai.chat.completions.create({ ...request, stream: true }))
    text += chunk.choices[0]?.delta.content ?? '';
  expect(text).toBe(ANSWER_TEXT);
  expect(vertex.requests.map(({ path }) => path)).toEqual([
    `${GEMINI}:generateContent`,
    `${GEMINI}:streamGenerateContent?alt=sse`,
  ]);
});
