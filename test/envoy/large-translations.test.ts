// Bodies of megabytes between dialects, and answers that come compressed although none was asked for, through a real Envoy.

import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Behaviour } from './support/fake-provider.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { ANSWER_TEXT } from './support/vendor-answers.ts';
import { CLAUDE, listener, providersAt, startVendors, type Vendors } from './support/vendors.ts';

const MODEL = `anthropic/${CLAUDE}`;
const MEGABYTES = 10;
/** Above Envoy's default buffer of 1 MB, and in characters of more than one byte. */
const LONG = 'é'.repeat((MEGABYTES * 1024 * 1024) / 2);

let vendors: Vendors;
let pointsman: RunningPointsman;

beforeAll(async () => {
  vendors = await startVendors();
  pointsman = await startPointsman({
    config: { listeners: listener({ max_retries: 0 }), model_providers: providersAt(vendors) },
  });
}, 60_000);

afterEach(() => {
  vendors.verify();
  vendors.reset();
});

afterAll(async () => {
  await pointsman.stop();
  await vendors.close();
});

const ask = (content: string) =>
  pointsman.openai.chat.completions.create(
    { model: MODEL, messages: [{ role: 'user', content }] },
    { maxRetries: 0 },
  );

function answerWith(status: number, body: object, isCompressed = false): Behaviour {
  return (response) => {
    const json = Buffer.from(JSON.stringify(body));
    const bytes = isCompressed ? gzipSync(json) : json;
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': bytes.length,
      ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
    });
    response.end(bytes);
  };
}

const message = (text: string): object => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: CLAUDE,
  content: [{ type: 'text', text }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
});

test(`a request of ${MEGABYTES} MB reaches a vendor of another dialect whole, with its length`, async () => {
  expect((await ask(LONG)).choices[0]?.message.content).toBe(ANSWER_TEXT);
  const [received] = vendors.anthropic.requests;
  expect(received?.body.messages[0].content[0].text).toBe(LONG);
  expect(received?.headers['content-length']).toBe(`${received?.bytes.length}`);
});

test.each([
  ['40 KB', 'é'.repeat(20 * 1024)],
  [`${MEGABYTES} MB`, LONG],
])('an answer of %s reaches a client of another dialect whole', async (_, text) => {
  vendors.anthropic.script(answerWith(200, message(text)));
  expect((await ask('hello')).choices[0]?.message.content).toBe(text);
});

describe('what comes compressed although none was asked for', () => {
  test('is an answer that the client reads', async () => {
    vendors.anthropic.script(answerWith(200, message('short'), true));
    expect((await ask('hello')).choices[0]?.message.content).toBe('short');
    expect(vendors.anthropic.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  test('is an error that the client reads', async () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Too much.' } };
    vendors.anthropic.script(answerWith(529, error, true));
    const response = await fetch(`${pointsman.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: 'hello' }] }),
    });
    expect([response.status, response.headers.get('content-encoding')]).toEqual([529, null]);
    expect(await response.json()).toMatchObject({ error: { type: 'server_error', message: 'Too much.' } });
  });
});
