// Requests that are wrong in every way: each gets a 4xx in the caller's own dialect, and the service stays as it was.

import { readFileSync } from 'node:fs';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { type RawRequest, type RawResponse, send } from './support/raw-request.ts';
import { CLAUDE, CODE_ROUTE, listener, providersAt, startVendors, type Vendors } from './support/vendors.ts';
import { waitUntil } from './support/wait.ts';

let gateway: RunningPointsman;
let vendors: Vendors;
let pids: readonly number[];
let memoryBefore: number;

const MEGABYTE = 1024 * 1024;
/** What a worker may hold on to after the worst: V8 returns memory when it likes. */
const KEPT_MEMORY = 120 * MEGABYTE;

beforeAll(async () => {
  vendors = await startVendors();
  gateway = await startPointsman({
    config: {
      listeners: listener(),
      model_providers: providersAt(vendors),
      routing_preferences: [{ ...CODE_ROUTE, models: ['openai/gpt-4o'] }],
      routing: { engine: 'embedded' },
      workers: 1,
    },
  });
  pids = gateway.children('');
  await expectAlive();
  memoryBefore = workerMemory();
});
afterEach(async () => {
  await expectAlive();
  expect(gateway.children('')).toEqual(pids);
});
afterAll(async () => {
  await gateway.stop();
  await vendors.close();
});

async function expectAlive(): Promise<void> {
  const body = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] };
  expect((await send(`${gateway.url}/v1/chat/completions`, { body })).status).toBe(200);
  vendors.verify();
  vendors.reset();
}

/** Resident bytes of the one worker. */
function workerMemory(): number {
  const [pid] = gateway.children('worker-process');
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

const openaiBody = {
  error: expect.objectContaining({
    message: expect.stringMatching(/\w/),
    type: 'invalid_request_error',
    code: expect.toSatisfy((code: unknown) => code === null || typeof code === 'string'),
  }),
};
const anthropicBody = {
  type: 'error',
  error: {
    type: expect.stringMatching(/^(invalid_request_error|not_found_error|request_too_large)$/),
    message: expect.stringMatching(/\w/),
  },
};
const decisionBody = {
  error: expect.objectContaining({
    code: 'InvalidRequest',
    message: expect.stringMatching(/\w/),
    details: expect.any(Object),
  }),
};

interface Surface {
  readonly path: string;
  readonly errorBody: object;
  readonly valid: Readonly<Record<string, unknown>>;
  /** The member with the conversation. */
  readonly conversation: string;
}
const MESSAGES = { messages: [{ role: 'user', content: 'hello' }], max_tokens: 9 };
const SURFACES: readonly Surface[] = [
  { path: '/v1/chat/completions', errorBody: openaiBody, valid: MESSAGES, conversation: 'messages' },
  { path: '/v1/responses', errorBody: openaiBody, valid: { input: 'hello' }, conversation: 'input' },
  { path: '/v1/messages', errorBody: anthropicBody, valid: MESSAGES, conversation: 'messages' },
  {
    path: '/routing/v1/chat/completions',
    errorBody: decisionBody,
    valid: MESSAGES,
    conversation: 'messages',
  },
  {
    path: '/routing/v1/responses',
    errorBody: decisionBody,
    valid: { input: 'hello' },
    conversation: 'input',
  },
  { path: '/routing/v1/messages', errorBody: decisionBody, valid: MESSAGES, conversation: 'messages' },
];

describe.each(SURFACES)('$path', ({ path, errorBody, valid, conversation }) => {
  const expectRefused = (response: RawResponse, status: number): void => {
    expect([response.status, response.json]).toEqual([status, errorBody]);
    expect(response.headers['content-type']).toMatch(/^application\/json/);
  };
  const post = (body: NonNullable<RawRequest['body']>, headers = {}): Promise<RawResponse> =>
    send(gateway.url + path, { method: 'POST', body, headers });

  const brackets = '['.repeat(100_000);
  test.each<readonly [string, string | Buffer]>([
    ['no JSON', '{"messages": [{"role": "user", '],
    ['plain text', 'hello'],
    ['nothing', ''],
    ['white space', ' \n '],
    ['an array', '[{"messages": []}]'],
    ['a string', '"messages"'],
    ['a number', '42'],
    ['null', 'null'],
    ['two objects', '{}{}'],
    ['an empty object', '{}'],
    [
      'invalid UTF-8',
      Buffer.concat([Buffer.from(`{"${conversation}":"`), Buffer.of(0xc3, 0x28), Buffer.from('"}')]),
    ],
    ['a NUL byte', '{"a":\0}'],
    ['a UTF-8 half', Buffer.from('{"a":"é"}').subarray(0, 7)],
    ['100,000 brackets', brackets],
    ['100,000 brackets, closed', brackets + ']'.repeat(100_000)],
    ['100,000 brackets in a member', `{"${conversation}":${brackets}${']'.repeat(100_000)}}`],
    ['100,000 objects in a member', `{"x":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`],
    ['the wrong kind of conversation', JSON.stringify({ ...valid, [conversation]: 17 })],
    ['no conversation', JSON.stringify({ ...valid, [conversation]: null })],
    ['an empty conversation', JSON.stringify({ ...valid, [conversation]: [] })],
    ['a conversation of numbers', JSON.stringify({ ...valid, [conversation]: [1, 2] })],
    ['a number for a model', JSON.stringify({ ...valid, model: 5 })],
    ['text for stream', JSON.stringify({ ...valid, stream: 'yes' })],
    ['a policy that is no list', JSON.stringify({ ...valid, routing_preferences: 'coding' })],
    [
      'a policy without models',
      JSON.stringify({ ...valid, routing_preferences: [{ name: 'a', description: 'b' }] }),
    ],
    ['an early policy without a model', JSON.stringify({ ...valid, routing_policy: [{}] })],
  ])('a body of %s is a 400', async (_what, body) => {
    expectRefused(await post(body), 400);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'json'])(
    'content type %s is a 415',
    async (type) => {
      expectRefused(await post(valid, { 'content-type': type }), 415);
    },
  );

  test('a compressed body is a 415', async () => {
    expectRefused(await post(valid, { 'content-encoding': 'gzip' }), 415);
  });

  test.each(['GET', 'PUT', 'DELETE', 'PATCH'])('%s is a 405', async (method) => {
    expectRefused(await send(gateway.url + path, { method }), 405);
  });

  test('POST without any body is a 400', async () => {
    expectRefused(
      await send(gateway.url + path, { method: 'POST', headers: { 'content-length': '0' } }),
      400,
    );
  });

  test('60 MB are a 413, announced or not', async () => {
    const whole = Buffer.alloc(60 * MEGABYTE, ' ');
    whole.write(JSON.stringify(valid));
    const announced = await post(whole);
    expectRefused(announced, 413);
    const chunks = Array.from({ length: 60 }, (_, index) =>
      whole.subarray(index * MEGABYTE, (index + 1) * MEGABYTE),
    );
    const chunked = await post(chunks);
    // This one is Envoy's own.
    expectRefused(chunked, 413);
  });
});

describe('paths that are not there', () => {
  test.each([
    ['GET', '/', openaiBody],
    ['GET', '/metrics', openaiBody],
    ['POST', '/v1/fine_tuning/jobs', openaiBody],
    ['POST', '/v1/chat/completions/', openaiBody],
    ['GET', '/v1/models/gpt-4o', openaiBody],
    ['POST', '/v1/messages/batches', anthropicBody],
    ['POST', '/v1/messages/unknown', anthropicBody],
    ['DELETE', '/v1/responses/resp_1', openaiBody],
    ['POST', '/routing/v1/embeddings', openaiBody],
    ['GET', `/${'x'.repeat(4000)}`, openaiBody],
  ])('%s %s is a 404', async (method, path, errorBody) => {
    const body = method === 'POST' ? { body: MESSAGES } : {};
    const response = await send(gateway.url + path, { method, ...body });
    expect([response.status, response.json]).toEqual([404, errorBody]);
  });
});

describe('the official clients recognise the errors', () => {
  const messages = [{ role: 'user', content: 'hello' }] as const;
  test('OpenAI', async () => {
    const { chat } = gateway.openai;
    await expect(chat.completions.create({ model: 'gpt-4o', messages: [] })).rejects.toThrow(
      OpenAI.BadRequestError,
    );
    const unknown = chat.completions.create({ model: 'gpt-5-typo', messages: [...messages] });
    await expect(unknown).rejects.toMatchObject({ status: 400, code: 'model_not_found', param: 'model' });
    const jobs = gateway.openai.fineTuning.jobs.create({ model: 'gpt-4o', training_file: 'x' });
    await expect(jobs).rejects.toThrow(OpenAI.NotFoundError);
    const stream = chat.completions.create({ model: 'gpt-5-typo', stream: true, messages: [...messages] });
    await expect(stream).rejects.toThrow(OpenAI.BadRequestError);
  });

  test('Anthropic', async () => {
    const create = (model: string, list: { role: 'user'; content: string }[]): Promise<unknown> =>
      gateway.anthropic.messages.create({ model, max_tokens: 9, messages: list });
    await expect(create(CLAUDE, [])).rejects.toThrow(Anthropic.BadRequestError);
    await expect(create('claude-typo', [...messages])).rejects.toMatchObject({
      status: 400,
      error: { type: 'error', error: { type: 'invalid_request_error' } },
    });
    const listed = gateway.anthropic.messages.batches.list();
    await expect(listed).rejects.toThrow(Anthropic.NotFoundError);
  });
});

test('no caller can make the log grow', () => {
  expect(gateway.stderr().split('\n').filter(Boolean)).toEqual([]);
});

test("the worker's memory comes back", async () => {
  const [open, close] = ['['.repeat(100_000), ']'.repeat(100_000)];
  const bodies = [Buffer.alloc(40 * MEGABYTE, '['), Buffer.from(`{"messages":${open}${close}}`)];
  for (let round = 0; round < 6; round += 1)
    for (const body of bodies) expect((await send(`${gateway.url}/v1/messages`, { body })).status).toBe(400);
  // Memory is given back as new requests need some: these are ordinary ones, but for the missing messages.
  const ordinary = { messages: [], metadata: { text: 'x'.repeat(MEGABYTE / 4) } };
  await waitUntil(
    async () => {
      expect((await send(`${gateway.url}/v1/messages`, { body: ordinary })).status).toBe(400);
      await expectAlive();
      return workerMemory() < memoryBefore + KEPT_MEMORY;
    },
    `the worker to be back below ${(memoryBefore + KEPT_MEMORY) / MEGABYTE} MB`,
    30_000,
  );
});
