import { describe, expect, it } from 'vitest';
import { CUT_STREAM } from '../../../../src/conversation/provider-error.ts';
import type { StreamEvent } from '../../../../src/conversation/stream-event.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { decodeStream, sse } from './support.ts';

const response = (status: string, more: JsonObject = {}): JsonObject => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1_700_000_001,
  model: 'gpt-5-2025',
  service_tier: 'default',
  status,
  output: [],
  ...more,
});
const usage = {
  input_tokens: 10,
  input_tokens_details: { cached_tokens: 4 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 5 },
  total_tokens: 17,
};
const created: JsonObject = { type: 'response.created', response: response('in_progress') };
const completed: JsonObject = { type: 'response.completed', response: response('completed', { usage }) };
const added = (output_index: number, item: JsonObject): JsonObject => ({
  type: 'response.output_item.added',
  output_index,
  item,
});
const done = (output_index: number, item: JsonObject): JsonObject => ({
  type: 'response.output_item.done',
  output_index,
  item,
});
const call = (id: string, text: string): JsonObject => ({
  id: `fc_${id}`,
  type: 'function_call',
  call_id: id,
  name: 'get',
  arguments: text,
});
const message: JsonObject = { id: 'msg_1', type: 'message', role: 'assistant', content: [] };
const at = (output_index: number, content_index = 0): JsonObject => ({
  output_index,
  content_index,
  item_id: 'x',
});

const start: StreamEvent = {
  type: 'start',
  id: 'resp_1',
  model: 'gpt-5-2025',
  created: 1_700_000_001,
  serviceTier: 'default',
};
const counted: StreamEvent = { type: 'usage', usage: { input: 10, cachedInput: 4, output: 7, reasoning: 5 } };
const finish = (reason: 'stop' | 'tool-calls' | 'length' | 'content-filter' | 'refusal'): StreamEvent => ({
  type: 'finish',
  choice: 0,
  reason,
});

/** Reasoning, text with a source and token probabilities, two calls that overlap: as the vendor sends them, repeats included. */
const WHOLE: readonly JsonObject[] = [
  created,
  { type: 'response.in_progress', response: response('in_progress') },
  added(0, { id: 'rs_1', type: 'reasoning', summary: [] }),
  { type: 'response.reasoning_summary_part.added', output_index: 0, summary_index: 0, part: { text: '' } },
  { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: 'thi' },
  { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 0, delta: 'nk' },
  { type: 'response.reasoning_summary_text.done', output_index: 0, summary_index: 0, text: 'think' },
  {
    type: 'response.reasoning_summary_part.done',
    output_index: 0,
    summary_index: 0,
    part: { text: 'think' },
  },
  { type: 'response.reasoning_summary_part.added', output_index: 0, summary_index: 1, part: { text: '' } },
  { type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: 1, delta: 'more' },
  done(0, { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: 'gAAAA' }),
  added(1, message),
  { type: 'response.content_part.added', ...at(1), part: { type: 'output_text', text: '' } },
  { type: 'response.output_text.delta', ...at(1), delta: 'Grüße ', logprobs: [] },
  {
    type: 'response.output_text.delta',
    ...at(1),
    delta: '🌍',
    logprobs: [{ token: '🌍', logprob: -1, top_logprobs: [] }],
  },
  {
    type: 'response.output_text.annotation.added',
    ...at(1),
    annotation_index: 0,
    annotation: { type: 'url_citation', url: 'https://a', title: 'A', start_index: 0, end_index: 5 },
  },
  { type: 'response.output_text.done', ...at(1), text: 'Grüße 🌍', logprobs: [{ token: '🌍', logprob: -1 }] },
  { type: 'response.content_part.done', ...at(1), part: { type: 'output_text', text: 'Grüße 🌍' } },
  done(1, message),
  added(2, call('a', '')),
  added(3, call('b', '')),
  { type: 'response.function_call_arguments.delta', output_index: 2, delta: '{"x":' },
  { type: 'response.function_call_arguments.delta', output_index: 3, delta: '{}' },
  { type: 'response.function_call_arguments.delta', output_index: 2, delta: '1}' },
  { type: 'response.function_call_arguments.done', output_index: 2, arguments: '{"x":1}' },
  done(2, call('a', '{"x":1}')),
  { type: 'response.function_call_arguments.done', output_index: 3, arguments: '{}' },
  done(3, call('b', '{}')),
  completed,
];

const WHOLE_EVENTS: readonly StreamEvent[] = [
  start,
  { type: 'part-start', choice: 0, part: 0, content: { type: 'reasoning', id: 'rs_1' } },
  { type: 'reasoning-delta', choice: 0, part: 0, text: 'thi' },
  { type: 'reasoning-delta', choice: 0, part: 0, text: 'nk' },
  { type: 'part-end', choice: 0, part: 0 },
  { type: 'part-start', choice: 0, part: 1, content: { type: 'reasoning', id: 'rs_1' } },
  { type: 'reasoning-delta', choice: 0, part: 1, text: 'more' },
  {
    type: 'signature',
    choice: 0,
    part: 1,
    signature: { dialect: 'openai-responses', value: 'gAAAA', id: 'rs_1' },
  },
  { type: 'part-end', choice: 0, part: 1 },
  { type: 'part-start', choice: 0, part: 2, content: { type: 'text' } },
  { type: 'text-delta', choice: 0, part: 2, text: 'Grüße ' },
  { type: 'text-delta', choice: 0, part: 2, text: '🌍' },
  { type: 'logprobs', choice: 0, logprobs: [{ token: '🌍', logprob: -1, top: [] }] },
  {
    type: 'citation',
    choice: 0,
    part: 2,
    citation: { url: 'https://a', title: 'A', start: 0, end: 5 },
  },
  { type: 'part-end', choice: 0, part: 2 },
  { type: 'part-start', choice: 0, part: 3, content: { type: 'tool-call', id: 'a', name: 'get' } },
  { type: 'part-start', choice: 0, part: 4, content: { type: 'tool-call', id: 'b', name: 'get' } },
  { type: 'arguments-delta', choice: 0, part: 3, json: '{"x":' },
  { type: 'arguments-delta', choice: 0, part: 4, json: '{}' },
  { type: 'arguments-delta', choice: 0, part: 3, json: '1}' },
  { type: 'part-end', choice: 0, part: 3 },
  { type: 'part-end', choice: 0, part: 4 },
  finish('tool-calls'),
  counted,
  { type: 'end' },
];

const decode = (events: readonly JsonObject[]): StreamEvent[] => decodeStream([Buffer.from(sse(events))]);

describe('ResponsesStreamDecoder', () => {
  it('reads deltas once, and ignores what repeats them', () => {
    expect(decode(WHOLE)).toEqual(WHOLE_EVENTS);
  });

  it('gives the same events for every split of the bytes, also with CRLF and byte by byte', () => {
    const whole = JSON.stringify(decode(WHOLE));
    for (const text of [sse(WHOLE), sse(WHOLE).replaceAll('\n', '\r\n')]) {
      const bytes = Buffer.from(text);
      for (let split = 0; split <= bytes.length; split += 1) {
        const events = decodeStream([bytes.subarray(0, split), bytes.subarray(split)]);
        if (JSON.stringify(events) !== whole) expect.fail(`split at ${split}`);
      }
      expect(decodeStream([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(WHOLE_EVENTS);
    }
  });

  it('says each event as soon as its bytes are there', () => {
    expect(decode([created]).slice(0, 1)).toEqual([start]);
  });

  it('reads a refusal', () => {
    expect(
      decode([
        created,
        added(0, message),
        { type: 'response.content_part.added', ...at(0), part: { type: 'refusal', refusal: '' } },
        { type: 'response.refusal.delta', ...at(0), delta: 'No.' },
        { type: 'response.refusal.done', ...at(0), refusal: 'No.' },
        { type: 'response.content_part.done', ...at(0), part: { type: 'refusal', refusal: 'No.' } },
        done(0, message),
        completed,
      ]),
    ).toEqual([
      start,
      { type: 'part-start', choice: 0, part: 0, content: { type: 'refusal' } },
      { type: 'refusal-delta', choice: 0, part: 0, text: 'No.' },
      { type: 'part-end', choice: 0, part: 0 },
      finish('refusal'),
      counted,
      { type: 'end' },
    ]);
  });

  it('reads hidden reasoning, whose signature is all there is', () => {
    const item: JsonObject = { id: 'rs_1', type: 'reasoning', summary: [] };
    const events = decode([created, added(0, item), done(0, { ...item, encrypted_content: 'g' }), completed]);
    expect(events.slice(1, 4)).toEqual([
      { type: 'part-start', choice: 0, part: 0, content: { type: 'reasoning', id: 'rs_1' } },
      {
        type: 'signature',
        choice: 0,
        part: 0,
        signature: { dialect: 'openai-responses', value: 'g', id: 'rs_1' },
      },
      { type: 'part-end', choice: 0, part: 0 },
    ]);
  });

  it('takes text and arguments from the repeats of servers that send no deltas', () => {
    const events = decode([
      created,
      added(0, message),
      { type: 'response.content_part.added', ...at(0), part: { type: 'output_text', text: '' } },
      { type: 'response.output_text.done', ...at(0), text: 'Hi' },
      { type: 'response.content_part.done', ...at(0), part: {} },
      done(0, message),
      added(1, call('a', '')),
      done(1, call('a', '{"x":1}')),
      completed,
    ]);
    expect(events).toContainEqual({ type: 'text-delta', choice: 0, part: 0, text: 'Hi' });
    expect(events).toContainEqual({ type: 'arguments-delta', choice: 0, part: 1, json: '{"x":1}' });
  });

  it.each([
    ['max_output_tokens', 'length'],
    ['content_filter', 'content-filter'],
  ] as const)('reads the end by %s, open parts ended', (reason, expected) => {
    const last = response('incomplete', { incomplete_details: { reason } });
    const events = decode([
      created,
      added(0, message),
      { type: 'response.output_text.delta', ...at(0), delta: 'Hi' },
      { type: 'response.incomplete', response: last },
    ]);
    expect(events.slice(-3)).toEqual([
      { type: 'part-end', choice: 0, part: 0 },
      finish(expected),
      { type: 'end' },
    ]);
  });

  it.each<readonly [event: JsonObject, error: object]>([
    [
      { type: 'error', error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'pay' } },
      { kind: 'quota', status: 429, message: 'pay', code: 'insufficient_quota' },
    ],
    [
      { type: 'error', code: 'rate_limit_exceeded', message: 'slow', param: null },
      { kind: 'rate-limited', status: 429, message: 'slow', code: 'rate_limit_exceeded' },
    ],
    [
      {
        type: 'response.failed',
        response: response('failed', { error: { code: 'server_error', message: 'x' } }),
      },
      { kind: 'internal', status: 500, message: 'x', code: 'server_error' },
    ],
  ])('reads the failure %j, and nothing behind it', (event, error) => {
    expect(decode([created, event, completed])).toEqual([start, { type: 'error', error }, { type: 'end' }]);
  });

  it('says that a stream was cut', () => {
    expect(decode([created, added(0, message)])).toEqual([
      start,
      { type: 'error', error: CUT_STREAM },
      { type: 'end' },
    ]);
    expect(decodeStream([Buffer.from('data: [DONE]\n\n')])).toEqual([
      { type: 'error', error: CUT_STREAM },
      { type: 'end' },
    ]);
  });

  it('ends with an error where an event is no JSON', () => {
    const bytes = Buffer.from(`${sse([created])}data: {"type":\n\ndata: {}\n\n`);
    expect(decodeStream([bytes])).toMatchObject([
      start,
      { type: 'error', error: { kind: 'internal' } },
      { type: 'end' },
    ]);
  });

  it('ignores events and items that nobody else knows', () => {
    expect(
      decode([
        created,
        { type: 'keepalive' },
        added(0, { id: 'ws_1', type: 'web_search_call' }),
        { type: 'response.web_search_call.searching', output_index: 0 },
        done(0, { id: 'ws_1', type: 'web_search_call' }),
        completed,
      ]),
    ).toEqual([start, finish('stop'), counted, { type: 'end' }]);
  });
});
