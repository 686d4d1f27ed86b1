// Providers that stop in the middle of a stream: a client of another dialect is never left to think that it has the answer.

import { describe, expect, test } from 'vitest';
import type { Behaviour } from './support/fake-provider.ts';
import { useGateway } from './support/use-gateway.ts';
import { CLAUDE } from './support/vendors.ts';

const used = useGateway();

const named = (type: string, members: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
const chunk = (delta: object): string =>
  `data: ${JSON.stringify({ id: 'c1', choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;

/** So much of an answer; the last event is cut in two. */
const MESSAGES = [
  named('message_start', { message: { id: 'msg_1', model: CLAUDE, usage: { input_tokens: 1 } } }),
  named('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  named('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hal' } }),
  'event: content_block_delta\ndata: {"type":"content_bl',
];
const CHAT = [chunk({ role: 'assistant', content: '' }), chunk({ content: 'Hal' }), 'data: {"id":"c1","cho'];

function stopAfter(pieces: readonly string[], isBroken: boolean): Behaviour {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(pieces.join(''), () => {
      if (!isBroken) response.end();
      // Envoy has handed on what it has by then.
      else setTimeout(() => response.destroy(), 500);
    });
  };
}

interface Streamed {
  readonly text: string;
  readonly isBroken: boolean;
}

async function read(path: string, body: object): Promise<Streamed> {
  const response = await fetch(used.pointsman.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, stream: true }),
  });
  let text = '';
  try {
    for await (const piece of response.body ?? []) text += Buffer.from(piece).toString();
    return { text, isBroken: false };
  } catch {
    return { text, isBroken: true };
  }
}

const turn = { messages: [{ role: 'user', content: 'hello' }] };

describe.each([
  [
    'Chat',
    '/v1/chat/completions',
    { model: `anthropic/${CLAUDE}`, ...turn },
    /"code":"stream_cut"\}\}\n\ndata: \[DONE\]\n\n$/,
  ],
  [
    'Responses',
    '/v1/responses',
    { model: `anthropic/${CLAUDE}`, input: 'hello' },
    /event: error\n.*"code":"stream_cut".*\n\nevent: response\.failed\n.*\n\n$/,
  ],
  [
    'Messages',
    '/v1/messages',
    { model: 'openai/gpt-4o', max_tokens: 9, ...turn },
    /event: error\ndata: \{"type":"error",.*\n\n$/,
  ],
] as const)('a %s client', (name, path, body, end) => {
  const [vendor, pieces] =
    name === 'Messages' ? (['openai', CHAT] as const) : (['anthropic', MESSAGES] as const);

  test('of a stream that is ended too early is told so, after all that came', async () => {
    used.vendors[vendor].script(stopAfter(pieces, false));
    const { text, isBroken } = await read(path, body);
    expect(text).toContain('Hal');
    expect(text).toMatch(end);
    expect(isBroken).toBe(false);
  });

  /** Envoy ends the client's transfer as the provider's ended: no filter is asked for last words. */
  test('of a stream whose connection breaks gets all that came, and a transfer that is broken too', async () => {
    used.vendors[vendor].script(stopAfter(pieces, true));
    const { text, isBroken } = await read(path, body);
    expect(text).toContain('Hal');
    expect(text).not.toMatch(/\[DONE\]|response\.completed|message_stop/);
    expect(isBroken).toBe(true);
  });
});
