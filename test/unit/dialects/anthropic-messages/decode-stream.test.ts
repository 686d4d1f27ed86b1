// A Messages stream as events: Anthropic's own, and what others who speak its dialect send.

import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../../../src/conversation/stream-event.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { CONTEXT } from './context.ts';

function decode(...pieces: readonly (string | Uint8Array)[]): StreamEvent[] {
  const decoder = anthropicMessages.createStreamDecoder(CONTEXT);
  return [...pieces.flatMap((piece) => decoder.push(Buffer.from(piece))), ...decoder.finish()];
}

const event = (type: string, members: JsonObject): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
const START = event('message_start', {
  message: { id: 'msg_1', model: 'claude', content: [], usage: { input_tokens: 5, output_tokens: 1 } },
});
const open = (index: number, content_block: JsonObject): string =>
  event('content_block_start', { index, content_block });
const delta = (index: number, members: JsonObject): string =>
  event('content_block_delta', { index, delta: members });
const close = (index: number): string => event('content_block_stop', { index });
const end = (stop_reason: string, usage: JsonObject = {}, more: JsonObject = {}): string =>
  event('message_delta', { delta: { stop_reason, stop_sequence: null, ...more }, usage });
const STOP = event('message_stop', {});
const PING = 'event: ping\ndata: {"type": "ping"}\n\n';
/** Between the first usage and the finish. */
const inner = (...pieces: readonly string[]): StreamEvent[] =>
  decode(START, ...pieces, end('end_turn'), STOP)
    .slice(2)
    .filter(({ type }) => !['finish', 'usage', 'end'].includes(type));
const at = (part: number) => ({ choice: 0, part });

const WHOLE = [
  START,
  PING,
  open(0, { type: 'thinking', thinking: '', signature: '' }),
  delta(0, { type: 'thinking_delta', thinking: 'hm' }),
  delta(0, { type: 'signature_delta', signature: 's' }),
  close(0),
  open(1, { type: 'text', text: '' }),
  delta(1, { type: 'text_delta', text: 'Grüß 😀' }),
  close(1),
  open(2, { type: 'tool_use', id: 't', name: 'f', input: {}, caller: { type: 'direct' } }),
  delta(2, { type: 'input_json_delta', partial_json: '' }),
  delta(2, { type: 'input_json_delta', partial_json: '{"a":' }),
  delta(2, { type: 'input_json_delta', partial_json: '1}' }),
  close(2),
  end('tool_use', {
    output_tokens: 9,
    cache_read_input_tokens: 3,
    output_tokens_details: { thinking_tokens: 2 },
  }),
  STOP,
].join('');
const EVENTS: StreamEvent[] = [
  { type: 'start', id: 'msg_1', model: 'claude' },
  { type: 'usage', usage: { input: 5, output: 1 } },
  { type: 'part-start', ...at(0), content: { type: 'reasoning' } },
  { type: 'reasoning-delta', ...at(0), text: 'hm' },
  { type: 'signature', ...at(0), signature: { dialect: 'anthropic-messages', value: 's' } },
  { type: 'part-end', ...at(0) },
  { type: 'part-start', ...at(1), content: { type: 'text' } },
  { type: 'text-delta', ...at(1), text: 'Grüß 😀' },
  { type: 'part-end', ...at(1) },
  { type: 'part-start', ...at(2), content: { type: 'tool-call', id: 't', name: 'f' } },
  { type: 'arguments-delta', ...at(2), json: '{"a":' },
  { type: 'arguments-delta', ...at(2), json: '1}' },
  { type: 'part-end', ...at(2) },
  { type: 'finish', choice: 0, reason: 'tool-calls' },
  { type: 'usage', usage: { input: 8, cachedInput: 3, output: 9, reasoning: 2 } },
  { type: 'end' },
];

describe('a whole stream', () => {
  test('as events', () => {
    expect(decode(WHOLE)).toEqual(EVENTS);
  });

  test('in any two pieces, byte by byte, and with other line ends', () => {
    const bytes = Buffer.from(WHOLE);
    for (let cut = 1; cut < bytes.length; cut += 1) {
      expect(decode(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(EVENTS);
    }
    expect(decode(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(EVENTS);
    expect(decode(WHOLE.replaceAll('\n', '\r\n'))).toEqual(EVENTS);
  });
});

describe('blocks', () => {
  test('that are redacted come whole', () => {
    expect(inner(open(0, { type: 'redacted_thinking', data: 'x' }), close(0))).toEqual([
      { type: 'part-start', ...at(0), content: { type: 'reasoning', redacted: true } },
      { type: 'signature', ...at(0), signature: { dialect: 'anthropic-messages', value: 'x' } },
      { type: 'part-end', ...at(0) },
    ]);
  });

  test('that only the vendor knows are passed over, and count nothing', () => {
    expect(
      inner(
        open(0, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
        delta(0, { type: 'input_json_delta', partial_json: '{}' }),
        close(0),
        open(1, { type: 'text', text: 'all at once' }),
        delta(1, { type: 'of_tomorrow' }),
        close(1),
      ),
    ).toEqual([
      { type: 'part-start', ...at(0), content: { type: 'text' } },
      { type: 'text-delta', ...at(0), text: 'all at once' },
      { type: 'part-end', ...at(0) },
    ]);
  });

  test('of calls may bring their arguments at once', () => {
    expect(
      inner(open(0, { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } }), close(0)),
    ).toContainEqual({
      type: 'arguments-delta',
      ...at(0),
      json: '{"a":1}',
    });
  });

  test('of text may be cited', () => {
    const citation = { type: 'web_search_result_location', url: 'https://a.test', title: 't' };
    expect(
      inner(open(0, { type: 'text', text: '' }), delta(0, { type: 'citations_delta', citation }), close(0)),
    ).toContainEqual({
      type: 'citation',
      ...at(0),
      citation: {
        url: 'https://a.test',
        title: 't',
        vendor: { dialect: 'anthropic-messages', members: citation },
      },
    });
  });
});

describe('the end', () => {
  test('of a refusal brings its explanation', () => {
    const stop_details = { type: 'refusal', category: null, explanation: 'no' };
    expect(decode(START, end('refusal', {}, { stop_details }), STOP).slice(2, -2)).toEqual([
      { type: 'part-start', ...at(0), content: { type: 'refusal' } },
      { type: 'refusal-delta', ...at(0), text: 'no' },
      { type: 'part-end', ...at(0) },
      { type: 'finish', choice: 0, reason: 'refusal' },
    ]);
  });

  test('names the sequence', () => {
    expect(decode(START, end('stop_sequence', {}, { stop_sequence: 'END' }), STOP)).toContainEqual({
      type: 'finish',
      choice: 0,
      reason: 'stop-sequence',
      stopSequence: 'END',
    });
  });

  test.each([
    ['without message_stop', START],
    ['in the middle of an event', START + WHOLE.slice(START.length, START.length + 90)],
    ['before anything came', ''],
    ['with what is no JSON', `${START}data: {"type\n\n`],
  ])('%s is an error', (_, stream) => {
    const last = decode(stream).slice(-2);
    expect(last).toMatchObject([{ type: 'error', error: { kind: 'cut', status: 502 } }, { type: 'end' }]);
  });

  test('is the last word', () => {
    expect(decode(WHOLE, WHOLE)).toEqual(EVENTS);
  });
});

test.each([
  ['overloaded_error', 'overloaded', 529],
  ['rate_limit_error', 'rate-limited', 429],
  ['timeout_error', 'timeout', 504],
  ['billing_error', 'quota', 402],
  ['invalid_request_error', 'invalid-request', 400],
  ['api_error', 'internal', 500],
  ['of_tomorrow', 'internal', 500],
])('an error event of the type %s is %s, as if of status %i', (type, kind, status) => {
  expect(decode(START, event('error', { error: { type, message: 'm' } }), STOP).slice(2)).toEqual([
    { type: 'error', error: { kind, status, message: 'm', code: type } },
    { type: 'end' },
  ]);
});
