// Gemini's API on both sides: applications that speak it, and models that are reached by it. What the SDK asks is in the matrix.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Behaviour, type FakeProvider, failWith, startFakeProvider } from './support/fake-provider.ts';
import { freePort } from './support/free-port.ts';
import { KEYS } from './support/keys.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { ANSWER_TEXT, VENDOR_ANSWERS } from './support/vendor-answers.ts';
import { CLAUDE, listener, startVendors, type Vendors } from './support/vendors.ts';

const MODEL = '/v1beta/models/gemini-2.5-pro';
let google: FakeProvider;
let compatible: FakeProvider;
let vendors: Vendors;
let pointsman: RunningPointsman;

beforeAll(async () => {
  vendors = await startVendors({ seesAttempts: ['2'] });
  google = await startFakeProvider({
    paths: {
      [`${MODEL}:generateContent`]: 'gemini',
      [`${MODEL}:streamGenerateContent`]: 'gemini',
      [`${MODEL}:countTokens`]: 'gemini',
      [`${MODEL}:batchEmbedContents`]: 'gemini',
    },
    credential: ['x-goog-api-key', KEYS.gemini],
    models: [],
  });
  compatible = await startFakeProvider({
    paths: { '/v1beta/openai/chat/completions': 'openai-chat' },
    credential: ['authorization', `Bearer ${KEYS.gemini}`],
    models: ['gemini-2.5-flash'],
  });
  const access_key = '$GEMINI_API_KEY';
  const dead = await freePort();
  pointsman = await startPointsman({
    config: {
      listeners: listener(),
      failover: { back_off: { base: '10ms', max: '20ms' } },
      model_providers: [
        { model: 'gemini/gemini-2.5-pro', base_url: google.url, access_key },
        { model: 'gemini/gemini-2.5-flash', base_url: `${compatible.url}/v1beta`, access_key },
        { model: 'google/dead', base_url: `http://127.0.0.1:${dead}`, provider_interface: 'gemini' },
        { model: 'openai/gpt-4o-mini', base_url: vendors.openai.url, access_key: '$OPENAI_API_KEY' },
        {
          model: 'openai/gpt-4o',
          base_url: vendors.openai.url,
          access_key: '$OPENAI_API_KEY',
          fallback: [`anthropic/${CLAUDE}`, 'gemini/gemini-2.5-pro'],
        },
        { model: `anthropic/${CLAUDE}`, base_url: vendors.anthropic.url, access_key: '$ANTHROPIC_API_KEY' },
      ],
      model_aliases: { 'team:best/pro': { target: 'gemini/gemini-2.5-pro' } },
    },
  });
}, 60_000);

afterEach(() => {
  vendors.verify();
  expect([...google.violations, ...compatible.violations]).toEqual([]);
  for (const provider of [vendors, google, compatible]) provider.reset();
});

afterAll(async () => {
  await pointsman.stop();
  await Promise.all([vendors.close(), google.close(), compatible.close()]);
});

const BODY = '{ "contents":[{"parts":[{"text":"Capital of France?"}]}], "x":12345678901234567890 }';

function post(path: string, body = BODY, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(pointsman.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': KEYS.caller, ...headers },
    body,
  });
}

const answerWith =
  (body: object): Behaviour =>
  (response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** The texts of a stream in either of its forms. */
function textOf(stream: string, isArray: boolean): string {
  const events = isArray
    ? (JSON.parse(stream) as object[])
    : stream
        .split(/\r?\n\r?\n/)
        .filter((event) => event !== '')
        .map((event): object => JSON.parse(event.replace(/^data: /, '')));
  // biome-ignore lint/suspicious/noExplicitAny: only where the text lies matters
  return events.map((event: any) => event.candidates?.[0]?.content?.parts?.[0]?.text ?? '').join('');
}

describe('a Gemini model for a Gemini client', () => {
  test.each([
    'gemini-2.5-pro',
    'gemini/gemini-2.5-pro',
    'gemini%2Fgemini-2.5-pro',
    'team:best/pro',
    'team%3Abest%2Fpro',
  ])('%s: bytes pass as they are, both ways', async (name) => {
    const answer = await post(`/v1beta/models/${name}:generateContent`);
    expect(await answer.json()).toEqual(VENDOR_ANSWERS.gemini.plain);
    expect(answer.headers.get('x-pointsman-model')).toBe('gemini/gemini-2.5-pro');
    expect(google.requests[0]?.path).toBe(`${MODEL}:generateContent`);
    expect(google.requests[0]?.bytes.toString()).toBe(BODY);
  });

  test('a stream keeps the form that was asked for, and the query but for a key', async () => {
    const answer = await post('/v1beta/models/gemini-2.5-pro:streamGenerateContent?key=secret&alt=sse');
    expect(await answer.text()).toBe(VENDOR_ANSWERS.gemini.stream.join(''));
    google.script(answerWith([VENDOR_ANSWERS.gemini.plain]));
    await (await post('/v1beta/models/gemini-2.5-pro:streamGenerateContent')).json();
    expect(google.requests.map(({ path }) => path)).toEqual([
      `${MODEL}:streamGenerateContent?alt=sse`,
      `${MODEL}:streamGenerateContent`,
    ]);
  });

  test('a routing policy in the body stays here', async () => {
    const answer = await post(
      '/v1beta/models/none:generateContent',
      JSON.stringify({
        contents: [{ role: 'user', parts: [{ text: 'Capital of France?' }] }],
        routing_preferences: [
          {
            name: 'geography',
            description: 'questions on countries and cities',
            models: ['gemini/gemini-2.5-pro'],
          },
          { name: 'cooking', description: 'recipes and meals', models: ['gemini/gemini-2.5-pro'] },
        ],
      }),
    );
    expect(
      answer.status === 200 ? google.requests.map(({ body }) => Object.keys(body)) : [['contents']],
    ).toEqual([['contents']]);
  });

  test('token counts and embeddings name the provider’s model inside too', async () => {
    google.script(answerWith({ totalTokens: 4 }), answerWith({ embeddings: [] }));
    const contents = [{ parts: [{ text: 'a' }] }];
    const counted = { generateContentRequest: { model: 'models/team:best/pro', contents } };
    await post('/v1beta/models/team:best/pro:countTokens', JSON.stringify(counted));
    const requests = [{ model: 'models/team:best/pro', content: contents[0] }];
    await post('/v1beta/models/team:best/pro:batchEmbedContents', JSON.stringify({ requests }));
    expect(google.requests.map(({ path, body }) => [path, body])).toEqual([
      [`${MODEL}:countTokens`, { generateContentRequest: { model: 'models/gemini-2.5-pro', contents } }],
      [
        `${MODEL}:batchEmbedContents`,
        { requests: [{ model: 'models/gemini-2.5-pro', content: contents[0] }] },
      ],
    ]);
  });
});

describe('a Gemini client', () => {
  test.each([
    ['openai/gpt-4o-mini', true],
    [`anthropic/${CLAUDE}`, true],
    ['openai/gpt-4o-mini', false],
    [`anthropic/${CLAUDE}`, false],
  ])('%s streams to it (as an array: %s)', async (model, isArray) => {
    const answer = await post(`/v1beta/models/${model}:streamGenerateContent${isArray ? '' : '?alt=sse'}`);
    const text = await answer.text();
    expect(textOf(text, isArray)).toBe(ANSWER_TEXT);
    expect(answer.headers.get('content-type')).toMatch(
      isArray ? /^application\/json/ : /^text\/event-stream/,
    );
  });

  test.each([
    ['/v1beta/models/nobody:generateContent', BODY, 400, 'INVALID_ARGUMENT'],
    ['/v1beta/models/gemini-2.5-pro:generateContent', '{}', 400, 'INVALID_ARGUMENT'],
    ['/v1beta/models/gemini-2.5-pro:generateContent', '{', 400, 'INVALID_ARGUMENT'],
    ['/v1beta/nothing', BODY, 404, 'NOT_FOUND'],
    ['/v1beta/models/google/dead:generateContent', BODY, 503, 'UNAVAILABLE'],
    [`/v1beta/models/anthropic/${CLAUDE}:countTokens`, BODY, 501, 'UNIMPLEMENTED'],
  ])('%s with %s is told so in Google’s words', async (path, body, status, name) => {
    const answer = await post(path, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({
      error: { code: status, status: name, message: expect.any(String) },
    });
  });

  test('a provider’s refusal is worded once, with its status', async () => {
    vendors.anthropic.script(failWith(404, { 'retry-after': '7' }));
    const answer = await post(`/v1beta/models/anthropic/${CLAUDE}:generateContent`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(await answer.json()).toMatchObject({ error: { code: 404, status: 'NOT_FOUND' } });
  });

  test('lists models in Google’s form', async () => {
    const answer = await fetch(`${pointsman.url}/v1beta/models`);
    const { models } = (await answer.json()) as { models: { name: string }[] };
    expect(models.map(({ name }) => name)).toContain('models/team:best/pro');
  });

  test('is told of a decision without a call', async () => {
    const answer = await post('/routing/v1beta/models/auto:generateContent');
    expect(await answer.json()).toMatchObject({ route: null, pinned: false });
    expect(google.requests).toEqual([]);
  });
});

describe('a Gemini model', () => {
  test('answers Messages clients by Google’s own API', async () => {
    const message = await pointsman.anthropic.messages.create({
      model: 'gemini/gemini-2.5-pro',
      max_tokens: 64,
      messages: [{ role: 'user', content: 'Capital of France?' }],
    });
    expect(message.content).toMatchObject([{ type: 'text', text: ANSWER_TEXT }]);
    expect(google.requests[0]?.path).toBe(`${MODEL}:generateContent`);
  });

  test('answers Responses clients by Google’s own API, streamed', async () => {
    const stream = await pointsman.openai.responses.create({
      model: 'gemini/gemini-2.5-pro',
      input: 'Capital of France?',
      stream: true,
    });
    let text = '';
    for await (const event of stream) if (event.type === 'response.output_text.delta') text += event.delta;
    expect(text).toBe(ANSWER_TEXT);
    expect(google.requests[0]?.path).toBe(`${MODEL}:streamGenerateContent?alt=sse`);
  });

  test('answers Chat clients by Google’s OpenAI-compatible API, which wants the key as a bearer', async () => {
    const completion = await pointsman.openai.chat.completions.create({
      model: 'gemini/gemini-2.5-flash',
      messages: [{ role: 'user', content: 'Capital of France?' }],
    });
    expect(completion.choices[0]?.message.content).toBe(ANSWER_TEXT);
    expect(compatible.requests).toHaveLength(1);
  });
});

describe('OpenAI, then Anthropic, then Gemini', () => {
  test.each([false, true])('for a Messages client (streamed: %s)', async (stream) => {
    vendors.openai.script(failWith(503));
    vendors.anthropic.script(failWith(429, { 'retry-after': '60' }));
    const { data, response } = await pointsman.anthropic.messages
      .create({
        model: 'openai/gpt-4o',
        max_tokens: 64,
        messages: [{ role: 'user', content: 'Capital of France?' }],
        stream,
      })
      .withResponse();
    let text = '';
    if ('content' in data)
      text = data.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    else
      for await (const event of data)
        if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
          text += event.delta.text;
    expect(text).toBe(ANSWER_TEXT);
    expect(response.headers.get('x-pointsman-model')).toBe('gemini/gemini-2.5-pro');
    expect(response.headers.get('x-pointsman-attempts')).toBe('3');
  });

  test('for a Gemini client that streams an array', async () => {
    vendors.openai.script(failWith(500));
    vendors.anthropic.script(failWith(529));
    google.script(answerWith([VENDOR_ANSWERS.gemini.plain]));
    const answer = await post('/v1beta/models/openai/gpt-4o:streamGenerateContent');
    expect(textOf(await answer.text(), true)).toBe(ANSWER_TEXT);
    expect(google.requests[0]?.path).toBe(`${MODEL}:streamGenerateContent`);
    expect(google.requests[0]?.bytes.toString()).toBe(BODY);
  });
});
