import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { CUT_STREAM } from '../../../../src/conversation/provider-error.ts';
import type { StreamEvent } from '../../../../src/conversation/stream-event.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { CONTEXT, encodeStream, eventsOf, SEED } from './support.ts';

const start: StreamEvent = { type: 'start', id: 'msg_theirs', model: 'claude' };
const end: StreamEvent = { type: 'end' };
const finish = (reason: 'stop' | 'tool-calls' | 'length' | 'content-filter'): StreamEvent => ({
  type: 'finish',
  choice: 0,
  reason,
});
const open = (part: number, content: (StreamEvent & { type: 'part-start' })['content']): StreamEvent => ({
  type: 'part-start',
  choice: 0,
  part,
  content,
});
const close = (part: number): StreamEvent => ({ type: 'part-end', choice: 0, part });
const text = (part: number, words: string): StreamEvent => ({
  type: 'text-delta',
  choice: 0,
  part,
  text: words,
});
const json = (part: number, piece: string): StreamEvent => ({
  type: 'arguments-delta',
  choice: 0,
  part,
  json: piece,
});

/** As another vendor streams: thinking, two texts, two calls that overlap, one of them without arguments. */
const WHOLE: readonly StreamEvent[] = [
  start,
  open(0, { type: 'reasoning' }),
  { type: 'reasoning-delta', choice: 0, part: 0, text: 'thi' },
  { type: 'reasoning-delta', choice: 0, part: 0, text: 'nk' },
  { type: 'signature', choice: 0, part: 0, signature: { dialect: 'anthropic-messages', value: 'Sig=' } },
  close(0),
  open(1, { type: 'text' }),
  text(1, 'Grüße '),
  text(1, '🌍'),
  { type: 'citation', choice: 0, part: 1, citation: { url: 'https://a', title: 'A' } },
  { type: 'logprobs', choice: 0, logprobs: [{ token: '🌍', bytes: [1], logprob: -1, top: [] }] },
  close(1),
  open(2, { type: 'text' }),
  text(2, '!'),
  close(2),
  open(3, { type: 'tool-call', id: 'a', name: 'get' }),
  open(4, { type: 'tool-call', id: 'b', name: 'now' }),
  json(3, '{"x":'),
  json(3, '1}'),
  close(4),
  close(3),
  finish('tool-calls'),
  { type: 'usage', usage: { input: 10, output: 7 } },
  end,
];

const typesOf = (events: readonly JsonObject[]): unknown[] => events.map((event) => event['type']);

function client(body: string): OpenAI {
  const headers = { 'content-type': 'text/event-stream' };
  return new OpenAI({ apiKey: 'k', maxRetries: 0, fetch: async () => new Response(body, { headers }) });
}

describe('ResponsesStreamEncoder', () => {
  it('says every event of the sequence, with indexes that belong together', () => {
    const events = eventsOf(encodeStream(WHOLE));
    const annotation = { type: 'url_citation', start_index: 0, end_index: 8, title: 'A', url: 'https://a' };
    const logprobs = [{ token: '🌍', bytes: [1], logprob: -1, top_logprobs: [] }];
    const rs = { item_id: `rs_${SEED}0000`, output_index: 0, summary_index: 0 };
    const first = { item_id: `msg_${SEED}0001`, output_index: 1, content_index: 0 };
    const second = { ...first, content_index: 1 };
    const whole = { type: 'output_text', text: 'Grüße 🌍', annotations: [annotation], logprobs };
    const mark = { type: 'output_text', text: '!', annotations: [], logprobs: [] };
    const a = { id: `fc_${SEED}0002`, type: 'function_call', call_id: 'a', name: 'get' };
    const b = { id: `fc_${SEED}0003`, type: 'function_call', call_id: 'b', name: 'now' };
    const reasoning = {
      id: rs.item_id,
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'think' }],
      encrypted_content: 'pointsman.anthropic-messages.Sig=',
    };
    const message = {
      id: first.item_id,
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [whole, mark],
    };
    const output = [
      reasoning,
      message,
      { ...a, status: 'completed', arguments: '{"x":1}' },
      { ...b, status: 'completed', arguments: '{}' },
    ];
    expect(events.slice(2).map(({ sequence_number, ...event }) => event)).toEqual([
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { id: rs.item_id, type: 'reasoning', summary: [] },
      },
      { type: 'response.reasoning_summary_part.added', ...rs, part: { type: 'summary_text', text: '' } },
      { type: 'response.reasoning_summary_text.delta', ...rs, delta: 'thi' },
      { type: 'response.reasoning_summary_text.delta', ...rs, delta: 'nk' },
      { type: 'response.reasoning_summary_text.done', ...rs, text: 'think' },
      { type: 'response.reasoning_summary_part.done', ...rs, part: { type: 'summary_text', text: 'think' } },
      { type: 'response.output_item.done', output_index: 0, item: reasoning },
      {
        type: 'response.output_item.added',
        output_index: 1,
        item: { ...message, status: 'in_progress', content: [] },
      },
      { type: 'response.content_part.added', ...first, part: { ...mark, text: '' } },
      { type: 'response.output_text.delta', ...first, delta: 'Grüße ', logprobs: [] },
      { type: 'response.output_text.delta', ...first, delta: '🌍', logprobs: [] },
      { type: 'response.output_text.annotation.added', ...first, annotation_index: 0, annotation },
      { type: 'response.output_text.delta', ...first, delta: '', logprobs },
      { type: 'response.output_text.done', ...first, text: 'Grüße 🌍', logprobs },
      { type: 'response.content_part.done', ...first, part: whole },
      { type: 'response.content_part.added', ...second, part: { ...mark, text: '' } },
      { type: 'response.output_text.delta', ...second, delta: '!', logprobs: [] },
      { type: 'response.output_text.done', ...second, text: '!', logprobs: [] },
      { type: 'response.content_part.done', ...second, part: mark },
      { type: 'response.output_item.done', output_index: 1, item: message },
      {
        type: 'response.output_item.added',
        output_index: 2,
        item: { ...a, status: 'in_progress', arguments: '' },
      },
      {
        type: 'response.output_item.added',
        output_index: 3,
        item: { ...b, status: 'in_progress', arguments: '' },
      },
      { type: 'response.function_call_arguments.delta', item_id: a.id, output_index: 2, delta: '{"x":' },
      { type: 'response.function_call_arguments.delta', item_id: a.id, output_index: 2, delta: '1}' },
      { type: 'response.function_call_arguments.delta', item_id: b.id, output_index: 3, delta: '{}' },
      {
        type: 'response.function_call_arguments.done',
        item_id: b.id,
        output_index: 3,
        name: 'now',
        arguments: '{}',
      },
      { type: 'response.output_item.done', output_index: 3, item: output[3] },
      {
        type: 'response.function_call_arguments.done',
        item_id: a.id,
        output_index: 2,
        name: 'get',
        arguments: '{"x":1}',
      },
      { type: 'response.output_item.done', output_index: 2, item: output[2] },
      {
        type: 'response.completed',
        response: expect.objectContaining({
          id: `resp_${SEED}`,
          status: 'completed',
          model: 'claude',
          created_at: CONTEXT.created,
          output,
          usage: expect.objectContaining({ input_tokens: 10, output_tokens: 7, total_tokens: 17 }),
        }),
      },
    ]);
    expect(typesOf(events.slice(0, 2))).toEqual(['response.created', 'response.in_progress']);
    expect(events[0]).toMatchObject({
      response: { id: `resp_${SEED}`, status: 'in_progress', output: [], usage: null },
    });
    expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, index) => index));
  });

  it('says a delta with the event that brought it', () => {
    const before = encodeStream([start, open(0, { type: 'text' })]);
    const after = encodeStream([start, open(0, { type: 'text' }), text(0, 'now')]);
    expect(typesOf(eventsOf(after.slice(before.length)))).toEqual(['response.output_text.delta']);
  });

  it('ends reasoning with its part, where no other part can belong to it', () => {
    const thought: StreamEvent[] = [
      start,
      open(0, { type: 'reasoning' }),
      { type: 'reasoning-delta', choice: 0, part: 0, text: 'x' },
    ];
    const before = encodeStream(thought);
    const after = encodeStream([...thought, close(0)]);
    expect(typesOf(eventsOf(after.slice(before.length)))).toEqual([
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
    ]);
  });

  it("is what the vendor's SDK accumulates to the last response", async () => {
    const stream = client(encodeStream(WHOLE)).responses.stream({ model: 'm', input: 'x' });
    const response = await stream.finalResponse();
    expect(response.output_text).toBe('Grüße 🌍!');
    expect(response.output.map((item) => item.type)).toEqual([
      'reasoning',
      'message',
      'function_call',
      'function_call',
    ]);
    expect(response.usage?.total_tokens).toBe(17);
  });

  it('says a refusal', () => {
    const events = eventsOf(
      encodeStream([
        start,
        open(0, { type: 'refusal' }),
        { type: 'refusal-delta', choice: 0, part: 0, text: 'No.' },
        close(0),
        finish('stop'),
        end,
      ]),
    );
    expect(typesOf(events.slice(2))).toEqual([
      'response.output_item.added',
      'response.content_part.added',
      'response.refusal.delta',
      'response.refusal.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(events.at(-1)).toMatchObject({
      response: { output: [{ content: [{ type: 'refusal', refusal: 'No.' }] }] },
    });
  });

  it('carries the signature of a call in an item behind it', () => {
    const events = eventsOf(
      encodeStream([
        start,
        open(0, { type: 'tool-call', id: 'a', name: 'get' }),
        json(0, '{}'),
        { type: 'signature', choice: 0, part: 0, signature: { dialect: 'openai-chat', value: 'S=' } },
        close(0),
        finish('tool-calls'),
        end,
      ]),
    );
    expect(events.at(-1)).toMatchObject({
      response: {
        output: [
          { type: 'function_call', call_id: 'a' },
          { type: 'reasoning', summary: [], encrypted_content: 'pointsman.openai-chat.call.1.aS=' },
        ],
      },
    });
  });

  it.each([
    ['length', 'max_output_tokens'],
    ['content-filter', 'content_filter'],
  ] as const)('says the end by %s as incomplete, its last message too', (reason, details) => {
    const events = eventsOf(
      encodeStream([start, open(0, { type: 'text' }), text(0, 'Hi'), close(0), finish(reason), end]),
    );
    expect(events.at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: {
        status: 'incomplete',
        incomplete_details: { reason: details },
        output: [{ type: 'message', status: 'incomplete' }],
      },
    });
  });

  it('leaves out the alternatives of another index', () => {
    const other: StreamEvent[] = WHOLE.map((event) => ('choice' in event ? { ...event, choice: 1 } : event));
    expect(eventsOf(encodeStream(other)).filter((event) => 'output_index' in event)).toEqual([]);
  });

  it('says a failure in every form that clients read, then ends without a normal finish', async () => {
    const body = encodeStream([
      start,
      open(0, { type: 'text' }),
      text(0, 'Hi'),
      {
        type: 'error',
        error: { kind: 'overloaded', status: 529, message: 'busy', code: 'overloaded_error' },
      },
      end,
    ]);
    expect(eventsOf(body).slice(-2)).toMatchObject([
      {
        type: 'error',
        code: 'overloaded_error',
        message: 'busy',
        param: null,
        error: { type: 'server_error', code: 'overloaded_error', message: 'busy', param: null },
      },
      {
        type: 'response.failed',
        response: { status: 'failed', error: { code: 'server_is_overloaded', message: 'busy' }, output: [] },
      },
    ]);
    const stream = client(body).responses.stream({ model: 'm', input: 'x' });
    await expect(stream.finalResponse()).rejects.toThrow(OpenAI.APIError);
    await expect(
      client(body).responses.create({ model: 'm', input: 'x', stream: true }).then(drain),
    ).rejects.toThrow('busy');
  });

  it('says that an end without a reason is none', () => {
    expect(eventsOf(encodeStream([start, end])).at(-1)).toMatchObject({
      type: 'response.failed',
      response: { error: { message: CUT_STREAM.message } },
    });
  });
});

async function drain(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of events);
}
