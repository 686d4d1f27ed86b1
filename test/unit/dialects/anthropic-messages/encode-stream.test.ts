// A stream as a Messages client gets it: one event in, its bytes out.

import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { CUT_STREAM } from '../../../../src/conversation/provider-error.ts';
import type { StreamEvent } from '../../../../src/conversation/stream-event.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { CONTEXT } from './context.ts';

const START: StreamEvent = { type: 'start', id: 'chatcmpl-1', model: 'gpt', created: 5 };
const FINISH: StreamEvent = { type: 'finish', choice: 0, reason: 'stop' };
const END: StreamEvent = { type: 'end' };
const at = (part: number, choice = 0) => ({ choice, part });
const text = (part: number, words: string, choice = 0): StreamEvent[] => [
  { type: 'part-start', ...at(part, choice), content: { type: 'text' } },
  { type: 'text-delta', ...at(part, choice), text: words },
  { type: 'part-end', ...at(part, choice) },
];

function encode(events: readonly StreamEvent[]): string {
  const encoder = anthropicMessages.createStreamEncoder({ ...CONTEXT, stream: true });
  return events.map((event) => encoder.push(event)).join('');
}

const dataOf = (events: readonly StreamEvent[]): JsonObject[] =>
  encode(events)
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => JSON.parse(event.slice(event.indexOf('data: ') + 6)) as JsonObject);
const inner = (...events: readonly StreamEvent[]): JsonObject[] => dataOf([START, ...events]).slice(1);

/** As the vendor's own client reads it. */
function read(events: readonly StreamEvent[]): Promise<Anthropic.Message> {
  const headers = { 'content-type': 'text/event-stream' };
  const fetch = () => Promise.resolve(new Response(encode(events), { headers }));
  const client = new Anthropic({ apiKey: 'k', baseURL: 'http://a.test', fetch, maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: 'hi' }];
  return client.messages.stream({ model: 'm', max_tokens: 9, messages }).finalMessage();
}

test('a whole stream, byte for byte', () => {
  const counts = (input: number, output: number): string =>
    `"usage":{"input_tokens":${input},"cache_read_input_tokens":0,"cache_creation_input_tokens":0,"output_tokens":${output}}`;
  expect(
    encode([START, ...text(0, 'Grüß 😀'), FINISH, { type: 'usage', usage: { input: 3, output: 2 } }, END]),
  ).toBe(
    [
      'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_chatcmpl-1","type":"message",' +
        `"role":"assistant","model":"gpt","content":[],"stop_reason":null,"stop_sequence":null,${counts(0, 0)}}}`,
      'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
      'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Grüß 😀"}}',
      'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}',
      `event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},${counts(3, 2)}}`,
      'event: message_stop\ndata: {"type":"message_stop"}',
      '',
    ].join('\n\n'),
  );
});

test('nothing is held back but the end, which waits for the counts', () => {
  const encoder = anthropicMessages.createStreamEncoder(CONTEXT);
  for (const event of [START, ...text(0, 'a')]) expect(encoder.push(event)).not.toBe('');
  expect(encoder.push(FINISH)).toBe('');
  expect(encoder.push(END)).toContain('message_stop');
});

test("the vendor's client reads thoughts, text, citations and parallel calls whose pieces are mixed", async () => {
  const message = await read([
    START,
    { type: 'part-start', ...at(0), content: { type: 'reasoning' } },
    { type: 'reasoning-delta', ...at(0), text: 'hm' },
    { type: 'signature', ...at(0), signature: { dialect: 'openai-responses', value: 'x' } },
    { type: 'part-end', ...at(0) },
    { type: 'part-start', ...at(1), content: { type: 'text' } },
    { type: 'text-delta', ...at(1), text: 'a' },
    { type: 'citation', ...at(1), citation: { url: 'https://a.test' } },
    { type: 'citation', ...at(1), citation: { title: 'no link' } },
    { type: 'part-end', ...at(1) },
    { type: 'part-start', ...at(2), content: { type: 'tool-call', id: 'c:0', name: 'f' } },
    { type: 'part-start', ...at(3), content: { type: 'tool-call', id: 'c:1', name: 'g' } },
    { type: 'arguments-delta', ...at(2), json: '{"a":' },
    { type: 'arguments-delta', ...at(3), json: '{"b":2}' },
    { type: 'arguments-delta', ...at(2), json: '1}' },
    { type: 'part-end', ...at(2) },
    { type: 'part-end', ...at(3) },
    FINISH,
    { type: 'usage', usage: { input: 8, cachedInput: 3, output: 9, reasoning: 2 } },
    END,
  ]);
  expect(message).toMatchObject({
    content: [
      { type: 'thinking', thinking: 'hm', signature: 'pointsman.openai-responses.x' },
      { type: 'text', text: 'a', citations: [{ url: 'https://a.test' }] },
      { type: 'tool_use', id: expect.stringMatching(/^[a-zA-Z0-9_-]+$/), name: 'f', input: { a: 1 } },
      { type: 'tool_use', name: 'g', input: { b: 2 } },
    ],
    stop_reason: 'tool_use',
    usage: { input_tokens: 5, cache_read_input_tokens: 3, output_tokens: 9 },
  });
});

describe('signatures', () => {
  test('of redacted thoughts are their content', () => {
    expect(
      inner(
        { type: 'part-start', ...at(0), content: { type: 'reasoning', redacted: true } },
        { type: 'signature', ...at(0), signature: { dialect: 'anthropic-messages', value: 'x' } },
        { type: 'part-end', ...at(0) },
      ),
    ).toEqual([
      { type: 'content_block_start', index: 0, content_block: { type: 'redacted_thinking', data: 'x' } },
      { type: 'content_block_stop', index: 0 },
    ]);
  });

  test('of calls follow them in a block of their own', () => {
    const call = (part: number, id: string): StreamEvent => ({
      type: 'part-start',
      ...at(part),
      content: { type: 'tool-call', id, name: 'f' },
    });
    const blocks = inner(
      call(0, 't1'),
      call(1, 't2'),
      { type: 'signature', ...at(0), signature: { dialect: 'gemini', value: 'abc' } },
      { type: 'part-end', ...at(0) },
      { type: 'part-end', ...at(1) },
    );
    expect(blocks.slice(2)).toEqual([
      { type: 'content_block_stop', index: 0 },
      {
        type: 'content_block_start',
        index: 2,
        content_block: { type: 'redacted_thinking', data: 'pointsman.gemini.call.2.t1abc' },
      },
      { type: 'content_block_stop', index: 2 },
      { type: 'content_block_stop', index: 1 },
    ]);
  });
});

test('of several choices the first is given', () => {
  const events = inner(...text(0, 'mine', 0), ...text(1, 'other', 1), FINISH, {
    type: 'finish',
    choice: 1,
    reason: 'length',
  });
  expect(JSON.stringify(events)).not.toContain('other');
});

describe('an error', () => {
  test('is what the vendor’s client throws, in the type of its kind', async () => {
    const error = { kind: 'overloaded', status: 503, message: 'busy' } as const;
    await expect(read([START, ...text(0, 'a'), { type: 'error', error }, END])).rejects.toMatchObject({
      error: { type: 'error', error: { type: 'overloaded_error', message: 'busy' } },
    });
  });

  test('is the last word', () => {
    const events = dataOf([START, { type: 'error', error: CUT_STREAM }, END]);
    expect(events.map(({ type }) => type)).toEqual(['message_start', 'error']);
  });
});
