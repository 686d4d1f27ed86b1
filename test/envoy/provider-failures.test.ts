// Providers that fail: what is tried again, for how long, and how the caller is told, in its own dialect.

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refusedUrl } from '../unit/decide/fake-model-server.ts';
import { cut, failWith, hang } from './support/fake-provider.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { send } from './support/raw-request.ts';
import { ANSWER_TEXT } from './support/vendor-answers.ts';
import { CLAUDE, listener, providersAt, startVendors, type Vendors } from './support/vendors.ts';

let vendors: Vendors;
beforeAll(async () => {
  vendors = await startVendors();
  return () => vendors.close();
});
beforeEach(() => vendors.reset());
afterEach(() => vendors.verify());

async function start(listenerSettings: object): Promise<RunningPointsman> {
  const down = await refusedUrl();
  return startPointsman({
    config: {
      listeners: listener(listenerSettings),
      model_providers: [
        ...providersAt(vendors),
        { model: 'vllm/down', base_url: down, access_key: '$OPENAI_API_KEY' },
        { model: 'vllm/nowhere', base_url: 'http://no-such-host.invalid:8000' },
        ...(['openai', 'openai_responses', 'anthropic', 'gemini'] as const).map((provider_interface) => ({
          model: `down-${provider_interface}/m`,
          base_url: down,
          provider_interface,
          access_key: '$OPENAI_API_KEY',
        })),
      ],
      routing: { engine: 'none' },
    },
  });
}

const chat = (gateway: RunningPointsman, model = 'gpt-4o') =>
  gateway.openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'hello' }] });
const message = (gateway: RunningPointsman, model = CLAUDE) =>
  gateway.anthropic.messages.create({ model, max_tokens: 9, messages: [{ role: 'user', content: 'hello' }] });
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );
/** From the first request that a provider received to the last. */
const spread = (): number =>
  (vendors.openai.requests.at(-1)?.at ?? 0) - (vendors.openai.requests[0]?.at ?? 0);

describe('with two retries', () => {
  let gateway: RunningPointsman;
  beforeAll(async () => {
    gateway = await start({ max_retries: 2 });
    return () => gateway.stop();
  });

  test.each([
    ['a 429', failWith(429)],
    ['a 500', failWith(500)],
    ['a 503', failWith(503)],
    ['a 529', failWith(529)],
    ['a broken connection', cut],
  ])('%s is tried again, with the same bytes', async (_what, behaviour) => {
    vendors.openai.script(behaviour);
    expect((await chat(gateway)).choices[0]?.message.content).toBe(ANSWER_TEXT);
    expect(vendors.openai.requests).toHaveLength(2);
    const [first, second] = vendors.openai.requests;
    expect(first && second?.bytes.equals(first.bytes)).toBe(true);
  });

  test('retry-after is honoured', async () => {
    vendors.openai.script(failWith(429, { 'retry-after': '1' }));
    expect((await chat(gateway)).choices[0]?.message.content).toBe(ANSWER_TEXT);
    expect(vendors.openai.requests).toHaveLength(2);
    expect(spread()).toBeGreaterThan(990);
    expect(spread()).toBeLessThan(2500);
  });

  test('a retry-after beyond the bound is not waited for', async () => {
    vendors.openai.script(...Array.from({ length: 3 }, () => failWith(429, { 'retry-after': '3600' })));
    const begun = performance.now();
    const error = await failure(chat(gateway));
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(error).toHaveProperty(
      'headers',
      expect.toSatisfy((sent: Headers) => sent.get('retry-after') === '3600'),
    );
  });

  test("the provider's own error reaches the caller when the retries are used up", async () => {
    vendors.openai.script(failWith(500), failWith(500), failWith(503), failWith(500));
    const error = await failure(chat(gateway));
    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(error).toMatchObject({ status: 503, message: expect.stringContaining('vendor says 503') });
    expect(vendors.openai.requests).toHaveLength(3);
  });

  test.each([400, 401, 403, 404, 422])('a %i is not tried again', async (status) => {
    vendors.openai.script(failWith(status));
    const error = await failure(chat(gateway));
    expect(error).toMatchObject({ status, message: expect.stringContaining(`vendor says ${status}`) });
    expect(vendors.openai.requests).toHaveLength(1);
  });

  test.each(['vllm/down', 'vllm/nowhere'])('%s is a 503 in the words of each dialect', async (model) => {
    const chatError = await failure(chat(gateway, model));
    expect(chatError).toBeInstanceOf(OpenAI.InternalServerError);
    expect(chatError).toMatchObject({ status: 503, code: 'provider_unavailable', type: 'server_error' });
    const messageError = await failure(message(gateway, model));
    expect(messageError).toBeInstanceOf(Anthropic.InternalServerError);
    expect(messageError).toMatchObject({
      status: 503,
      error: {
        type: 'error',
        error: { type: 'api_error', message: expect.stringContaining('did not answer') },
      },
    });
    const response = await send(`${gateway.url}/v1/responses`, { body: { model, input: 'hello' } });
    expect(response.status).toBe(503);
    expect(response.json.error).toMatchObject({ code: 'provider_unavailable' });
    for (const text of [String(chatError), String(messageError), response.text])
      expect(text).not.toMatch(/127\.0\.0\.1|no-such-host/);
  });

  test.each(['openai', 'openai_responses', 'anthropic', 'gemini'])(
    'a provider of another dialect (%s) that is down is told of in the words of the caller',
    async (spoken) => {
      const model = `down-${spoken}/m`;
      const messages = [{ role: 'user', content: 'hello' }];
      const contents = [{ role: 'user', parts: [{ text: 'hello' }] }];
      const asked = await Promise.all([
        send(`${gateway.url}/v1/chat/completions`, { body: { model, messages } }),
        send(`${gateway.url}/v1/responses`, { body: { model, input: 'hello' } }),
        send(`${gateway.url}/v1/messages`, { body: { model, max_tokens: 9, messages } }),
        send(`${gateway.url}/v1beta/models/${model}:generateContent`, { body: { contents } }),
      ]);
      const message = expect.stringContaining('did not answer');
      const openai = { error: { message, type: 'server_error', code: 'provider_unavailable' } };
      const anthropic = { type: 'error', error: { type: 'api_error', message } };
      const gemini = { error: { code: 503, message, status: 'UNAVAILABLE' } };
      expect(asked.map(({ json }) => json)).toEqual([openai, openai, anthropic, gemini]);
      for (const { status, headers, body } of asked) {
        expect([status, headers['content-length']]).toEqual([503, `${body.length}`]);
        expect(headers['content-type']).toBe('application/json');
      }
    },
  );

  test('an answer that breaks off in the middle is not passed off as whole', async () => {
    vendors.openai.script((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"id":"chatcmpl-1"', () => response.destroy());
    });
    await expect(
      send(`${gateway.url}/v1/chat/completions`, {
        body: { model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] },
      }),
    ).rejects.toThrow();
    expect(vendors.openai.requests).toHaveLength(1);
  });
});

describe('with a limit for each try', () => {
  let gateway: RunningPointsman;
  beforeAll(async () => {
    gateway = await start({ max_retries: 1, per_try_timeout: '300ms' });
    return () => gateway.stop();
  });

  test('a provider that hangs once is asked again', async () => {
    vendors.openai.script(hang);
    expect((await chat(gateway)).choices[0]?.message.content).toBe(ANSWER_TEXT);
    expect(vendors.openai.requests).toHaveLength(2);
    expect(spread()).toBeGreaterThan(290);
  });

  test('one that hangs each time is a 504 in the words of each dialect', async () => {
    vendors.openai.script(hang, hang);
    const chatError = await failure(chat(gateway));
    expect(chatError).toBeInstanceOf(OpenAI.InternalServerError);
    expect(chatError).toMatchObject({ status: 504, code: 'provider_timeout' });
    vendors.anthropic.script(hang, hang);
    const messageError = await failure(message(gateway));
    expect(messageError).toBeInstanceOf(Anthropic.InternalServerError);
    expect(messageError).toMatchObject({ status: 504, error: { error: { type: 'timeout_error' } } });
    expect([vendors.openai.requests.length, vendors.anthropic.requests.length]).toEqual([2, 2]);
  });
});

test('a provider that hangs beyond the whole timeout is a 504', async () => {
  const gateway = await start({ timeout: '400ms' });
  vendors.openai.script(hang, hang, hang);
  const begun = performance.now();
  const error = await failure(chat(gateway));
  expect(error).toMatchObject({ status: 504, code: 'provider_timeout' });
  expect(performance.now() - begun).toBeLessThan(2000);
  await gateway.stop();
});
