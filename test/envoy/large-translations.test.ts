// Bodies of megabytes between dialects, and answers that come compressed although none was asked for, through a real Envoy.

import http from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Behaviour } from './support/fake-provider.ts';
import { useGateway } from './support/use-gateway.ts';
import { ANSWER_TEXT } from './support/vendor-answers.ts';
import { CLAUDE } from './support/vendors.ts';

const MODEL = `anthropic/${CLAUDE}`;
const MEGABYTES = 10;
/** Above Envoy's default buffer of 1 MB, and in characters of more than one byte. */
const LONG = 'é'.repeat((MEGABYTES * 1024 * 1024) / 2);

const used = useGateway();

const ask = (content: string) =>
  used.pointsman.openai.chat.completions.create(
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
  const [received] = used.vendors.anthropic.requests;
  expect(received?.body.messages[0].content[0].text).toBe(LONG);
  expect(received?.headers['content-length']).toBe(`${received?.bytes.length}`);
});

test.each([
  ['40 KB', 'é'.repeat(20 * 1024)],
  [`${MEGABYTES} MB`, LONG],
])('an answer of %s reaches a client of another dialect whole', async (_, text) => {
  used.vendors.anthropic.script(answerWith(200, message(text)));
  expect((await ask('hello')).choices[0]?.message.content).toBe(text);
});

const PIECES = 80;
const PIECE = 'x'.repeat(250_000);

/** As fast as it is taken. */
const pourOut: Behaviour = async (response) => {
  const event = (type: string, more: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(event('message_start', { message: { ...message(''), content: [], stop_reason: null } }));
  response.write(event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }));
  for (let piece = 0; piece < PIECES && !response.destroyed; piece += 1) {
    const delta = event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: PIECE } });
    await new Promise<void>((resolve) => response.write(delta, () => resolve()));
  }
  response.write(event('content_block_stop', { index: 0 }));
  response.write(
    event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: PIECES } }),
  );
  response.end(event('message_stop', {}));
};

test.each([0, 2000])(
  'a stream of 20 MB reaches a client that first reads nothing for %d ms',
  async (pause) => {
    used.vendors.anthropic.script(pourOut);
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const request = http.request(`${used.pointsman.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      });
      request.on('response', resolve).on('error', reject);
      request.end(
        JSON.stringify({ model: MODEL, stream: true, messages: [{ role: 'user', content: 'hello' }] }),
      );
    });
    await sleep(pause);
    const text = await readText(answer);
    expect(text.split(PIECE)).toHaveLength(PIECES + 1);
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  },
);

describe('what comes compressed although none was asked for', () => {
  test('is an answer that the client reads', async () => {
    used.vendors.anthropic.script(answerWith(200, message('short'), true));
    expect((await ask('hello')).choices[0]?.message.content).toBe('short');
    expect(used.vendors.anthropic.requests[0]?.headers['accept-encoding']).toBe('identity');
  });

  test('is an error that the client reads', async () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Too much.' } };
    used.vendors.anthropic.script(answerWith(529, error, true));
    const response = await fetch(`${used.pointsman.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: 'hello' }] }),
    });
    expect([response.status, response.headers.get('content-encoding')]).toEqual([529, null]);
    expect(await response.json()).toMatchObject({ error: { type: 'server_error', message: 'Too much.' } });
  });
});
