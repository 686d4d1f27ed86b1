// A stream as a Chat client gets it: one event in, its bytes out.

import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../../../src/conversation/stream-event.ts';
import { openaiChat } from '../../../../src/dialects/openai-chat/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { CONTEXT } from './answers.ts';

const START: StreamEvent = { type: 'start', id: 'msg_1', model: 'claude', created: 5 };
const END: StreamEvent = { type: 'end' };
const USAGE: StreamEvent = { type: 'usage', usage: { input: 3, output: 2 } };
const FINISH: StreamEvent = { type: 'finish', choice: 0, reason: 'stop' };
const at = { choice: 0, part: 0 };

function encode(events: readonly StreamEvent[], memo: JsonObject = {}): string {
  const encoder = openaiChat.createStreamEncoder({ ...CONTEXT, stream: true, memo });
  return events.map((event) => encoder.push(event)).join('');
}

function chunksOf(events: readonly StreamEvent[], memo: JsonObject = {}): JsonObject[] {
  return encode(events, memo)
    .split('\n\n')
    .filter((line) => line !== '' && line !== 'data: [DONE]')
    .map((line) => JSON.parse(line.slice('data: '.length)) as JsonObject);
}

/** The first choice of each chunk after the first. */
const choicesOf = (...events: readonly StreamEvent[]): unknown[] =>
  chunksOf([START, ...events])
    .slice(1)
    .map(({ choices }) => (Array.isArray(choices) ? choices[0] : undefined));
const deltaChunk = (delta: object) => ({ index: 0, delta, finish_reason: null });

test('a whole stream, byte for byte', () => {
  const head = '"id":"chatcmpl-msg_1","object":"chat.completion.chunk","created":5,"model":"claude"';
  const chunk = (delta: string, finish: string): string =>
    `data: {${head},"choices":[{"index":0,"delta":${delta},"finish_reason":${finish}}]}\n\n`;
  const events: StreamEvent[] = [
    START,
    { type: 'part-start', ...at, content: { type: 'text' } },
    { type: 'text-delta', ...at, text: 'Grüß 😀' },
    { type: 'part-end', ...at },
    FINISH,
    USAGE,
    END,
  ];
  expect(encode(events)).toBe(
    [
      chunk('{"role":"assistant","content":""}', 'null'),
      chunk('{"content":"Grüß 😀"}', 'null'),
      chunk('{}', '"stop"'),
      'data: [DONE]\n\n',
    ].join(''),
  );
});

test('usage is the last chunk for a client that asked, null in the others, and hidden from all else', () => {
  const chunks = chunksOf([START, USAGE, FINISH, END], { includeUsage: true });
  expect(chunks.map(({ usage }) => usage)).toEqual([
    null,
    null,
    { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
  ]);
  expect(chunks.at(-1)).toMatchObject({ choices: [] });
  expect(chunksOf([START, USAGE, FINISH, END]).some((chunk) => 'usage' in chunk)).toBe(false);
});

test('calls in turns, {} for one without arguments, the signature of one', () => {
  const call = (part: number, id: string): StreamEvent => ({
    type: 'part-start',
    choice: 0,
    part,
    content: { type: 'tool-call', id, name: 'f' },
  });
  const piece = (part: number, json: string): StreamEvent => ({
    type: 'arguments-delta',
    choice: 0,
    part,
    json,
  });
  const begins = (index: number, id: string) =>
    deltaChunk({ tool_calls: [{ index, id, type: 'function', function: { name: 'f', arguments: '' } }] });
  const goesOn = (index: number, json: string) =>
    deltaChunk({ tool_calls: [{ index, function: { arguments: json } }] });
  expect(
    choicesOf(
      call(3, 'a'),
      call(4, 'b'),
      piece(4, '{"x"'),
      piece(4, ':1}'),
      { type: 'signature', choice: 0, part: 4, signature: { dialect: 'anthropic-messages', value: 'S' } },
      { type: 'part-end', choice: 0, part: 3 },
      { type: 'part-end', choice: 0, part: 4 },
      { type: 'finish', choice: 0, reason: 'tool-calls' },
    ),
  ).toEqual([
    begins(0, 'a'),
    begins(1, 'b'),
    goesOn(1, '{"x"'),
    goesOn(1, ':1}'),
    deltaChunk({
      tool_calls: [
        {
          index: 1,
          function: { arguments: '' },
          extra_content: { google: { thought_signature: 'pointsman.anthropic-messages.S' } },
        },
      ],
    }),
    goesOn(0, '{}'),
    { index: 0, delta: {}, finish_reason: 'tool_calls' },
  ]);
});

test('reasoning that a client joins and sends back is what it was', () => {
  const dialect = 'anthropic-messages';
  const reasoning = { type: 'reasoning' } as const;
  const deltas = choicesOf(
    { type: 'part-start', ...at, content: reasoning },
    { type: 'reasoning-delta', ...at, text: 'a' },
    { type: 'reasoning-delta', ...at, text: 'b' },
    { type: 'signature', ...at, signature: { dialect, value: 'S' } },
    { type: 'part-end', ...at },
    { type: 'part-start', choice: 0, part: 1, content: { ...reasoning, redacted: true } },
    { type: 'signature', choice: 0, part: 1, signature: { dialect, value: 'D' } },
    { type: 'part-end', choice: 0, part: 1 },
  ).map((choice) => (choice as { delta: Record<string, never> }).delta);
  expect(deltas.map((delta) => delta['reasoning_content'])).toEqual(['a', 'b', undefined, undefined]);
  const message = {
    role: 'assistant',
    content: '',
    reasoning_content: 'ab',
    reasoning_details: deltas.flatMap((delta) => delta['reasoning_details'] ?? []),
  };
  expect(openaiChat.decodeRequest({ messages: [message] }).request.messages[0]?.parts).toEqual([
    { type: 'reasoning', text: 'ab', signature: { dialect, value: 'S' } },
    { type: 'reasoning', text: '', redacted: true, signature: { dialect, value: 'D' } },
  ]);
});

test('refusals, log probabilities and citations', () => {
  expect(
    choicesOf(
      { type: 'part-start', ...at, content: { type: 'text' } },
      { type: 'text-delta', ...at, text: 'ab' },
      { type: 'part-end', ...at },
      { type: 'part-start', choice: 0, part: 1, content: { type: 'text' } },
      { type: 'citation', choice: 0, part: 1, citation: { url: 'https://a.test', start: 1, end: 2 } },
      { type: 'citation', choice: 0, part: 1, citation: { title: 'a book' } },
      { type: 'text-delta', choice: 0, part: 1, text: 'cde' },
      { type: 'citation', choice: 0, part: 1, citation: { url: 'https://b.test' } },
      { type: 'logprobs', choice: 0, logprobs: [{ token: 'a', logprob: -1, top: [] }] },
      { type: 'part-start', choice: 0, part: 2, content: { type: 'refusal' } },
      { type: 'refusal-delta', choice: 0, part: 2, text: 'No' },
      { type: 'finish', choice: 0, reason: 'refusal' },
    ),
  ).toEqual([
    deltaChunk({ content: 'ab' }),
    deltaChunk({
      annotations: [
        {
          type: 'url_citation',
          url_citation: { url: 'https://a.test', title: '', start_index: 3, end_index: 4 },
        },
      ],
    }),
    deltaChunk({ content: 'cde' }),
    deltaChunk({
      annotations: [
        {
          type: 'url_citation',
          url_citation: { url: 'https://b.test', title: '', start_index: 2, end_index: 5 },
        },
      ],
    }),
    {
      index: 0,
      delta: {},
      logprobs: { content: [{ token: 'a', logprob: -1, bytes: null, top_logprobs: [] }], refusal: null },
      finish_reason: null,
    },
    deltaChunk({ refusal: 'No' }),
    { index: 0, delta: {}, finish_reason: 'stop' },
  ]);
});

describe('an error', () => {
  const events: StreamEvent[] = [
    START,
    { type: 'part-start', ...at, content: { type: 'text' } },
    { type: 'text-delta', ...at, text: 'a' },
    USAGE,
    { type: 'error', error: { kind: 'overloaded', status: 503, message: 'too busy' } },
    END,
  ];

  test('is the last chunk: no reason, no usage', () => {
    const chunks = chunksOf(events, { includeUsage: true });
    expect(chunks).toHaveLength(3);
    expect(chunks.at(-1)).toEqual({
      error: { message: 'too busy', type: 'server_error', param: null, code: null },
    });
  });

  test("is thrown by OpenAI's own client, after the text before it", async () => {
    const client = new OpenAI({
      apiKey: 'unused',
      fetch: async () => new Response(encode(events), { headers: { 'content-type': 'text/event-stream' } }),
    });
    const stream = await client.chat.completions.create({ model: 'm', messages: [], stream: true });
    let text = '';
    const read = async (): Promise<void> => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    };
    await expect(read()).rejects.toThrow(OpenAI.APIError);
    expect(text).toBe('a');
  });
});
