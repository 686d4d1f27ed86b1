// Operations that are neither routed nor translated: to the vendor whose API they belong to, with the gateway's key.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Behaviour, type FakeProvider, startFakeProvider } from './support/fake-provider.ts';
import { KEYS } from './support/keys.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { CLAUDE, listener } from './support/vendors.ts';

/** What would be a header of its own in the answer's head. */
const LINES = 'm\r\nset-cookie: made-up=1';

let openai: FakeProvider;
let anthropic: FakeProvider;
let pointsman: RunningPointsman;

beforeAll(async () => {
  openai = await startFakeProvider({
    paths: { '/v1/embeddings': 'openai-chat' },
    credential: ['authorization', `Bearer ${KEYS.openai}`],
    models: ['text-embedding-3-small', LINES],
  });
  anthropic = await startFakeProvider({
    paths: { '/v1/messages/count_tokens': 'anthropic-messages' },
    credential: ['x-api-key', KEYS.anthropic],
    models: [CLAUDE],
  });
  pointsman = await startPointsman({
    config: {
      listeners: listener(),
      model_providers: [
        { model: 'openai/text-embedding-3-small', base_url: openai.url, access_key: '$OPENAI_API_KEY' },
        { model: 'any/*', base_url: openai.url, access_key: '$OPENAI_API_KEY', provider_interface: 'openai' },
        { model: `anthropic/${CLAUDE}`, base_url: anthropic.url, access_key: '$ANTHROPIC_API_KEY' },
      ],
    },
  });
}, 60_000);

afterEach(() => {
  expect([...openai.violations, ...anthropic.violations]).toEqual([]);
  openai.reset();
  anthropic.reset();
});

afterAll(async () => {
  await pointsman.stop();
  await Promise.all([openai.close(), anthropic.close()]);
});

const answer =
  (body: object): Behaviour =>
  (response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));

test('embeddings', async () => {
  const data = [{ object: 'embedding', index: 0, embedding: [0.25, -0.5] }];
  openai.script(
    answer({
      object: 'list',
      model: 'text-embedding-3-small',
      data,
      usage: { prompt_tokens: 1, total_tokens: 1 },
    }),
  );
  const made = await pointsman.openai.embeddings.create({
    model: 'openai/text-embedding-3-small',
    input: 'hello',
    encoding_format: 'float',
  });
  expect(made.data[0]?.embedding).toEqual([0.25, -0.5]);
  expect(openai.requests[0]?.body).toEqual({
    model: 'text-embedding-3-small',
    input: 'hello',
    encoding_format: 'float',
  });
});

test('a model whose name holds a line end gives the answer no header', async () => {
  openai.script(answer({ object: 'list', data: [] }));
  const response = await fetch(`${pointsman.url}/v1/embeddings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: `any/${LINES}`, input: 'hello' }),
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('x-pointsman-model')).toBe('any/m%0D%0Aset-cookie:%20made-up=1');
  expect(response.headers.get('set-cookie')).toBeNull();
});

test('token counts', async () => {
  anthropic.script(answer({ input_tokens: 11 }));
  const counted = await pointsman.anthropic.messages.countTokens({
    model: CLAUDE,
    messages: [{ role: 'user', content: 'hello' }],
  });
  expect(counted.input_tokens).toBe(11);
});

test('a model of another vendor has none, in the caller’s own words', async () => {
  const counted = pointsman.anthropic.messages.countTokens({
    model: 'openai/text-embedding-3-small',
    messages: [{ role: 'user', content: 'hello' }],
  });
  await expect(counted).rejects.toMatchObject({ status: 501, error: { type: 'error' } });
});
