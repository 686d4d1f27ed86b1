// The calls of custom tools: what models of every dialect answer, as clients of OpenAI's two get it.

import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../src/conversation/answer.ts';
import { answerEvents } from '../../../src/conversation/answer-events.ts';
import { wrapInput } from '../../../src/conversation/custom-input.ts';
import type { StreamEvent } from '../../../src/conversation/stream-event.ts';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import { openaiResponses } from '../../../src/dialects/openai-responses/index.ts';
import type { JsonObject } from '../../../src/json/json-value.ts';
import { DIALECT_MODULES } from '../../../src/translate/dialect-modules.ts';
import { freeze } from './openai-chat/freeze.ts';

const PATCH = '*** Begin Patch\n+"é 😀"\n';
const MODULES = { 'openai-responses': openaiResponses, 'openai-chat': openaiChat };

const CONTEXT = { seed: '0123456789abcdef01234567', created: 7, model: 'm', stream: true };
const CUSTOM: Readonly<Record<string, JsonObject>> = {
  'openai-responses': { tools: ['patch', 'say'].map((name) => ({ type: 'custom', name })) },
  'openai-chat': { custom: ['patch', 'say'] },
};
const signature = { dialect: 'gemini', value: 'Sig==' } as const;
const ANSWER: Answer = {
  id: 'a',
  model: 'm',
  choices: [
    {
      parts: [
        { type: 'tool-call', id: 'c1', name: 'patch', arguments: wrapInput(PATCH) },
        { type: 'tool-call', id: 'c2', name: 'say', arguments: '{"words":"hi"}', signature },
        { type: 'tool-call', id: 'c3', name: 'f', arguments: '{"input":"x"}' },
        { type: 'tool-call', id: 'c4', name: 'say', arguments: '{}' },
      ],
      finishReason: 'tool-calls',
    },
  ],
};

describe('a client gets', () => {
  test('custom calls again in Responses, with ids of their own', () => {
    const body = openaiResponses.encodeAnswer(freeze(ANSWER), {
      ...CONTEXT,
      memo: CUSTOM['openai-responses'] ?? {},
    });
    expect(body['output']).toEqual([
      {
        id: `ctc_${CONTEXT.seed}0000`,
        type: 'custom_tool_call',
        status: 'completed',
        call_id: 'c1',
        input: PATCH,
        name: 'patch',
      },
      expect.objectContaining({ type: 'custom_tool_call', call_id: 'c2', input: '{"words":"hi"}' }),
      expect.objectContaining({ type: 'reasoning', encrypted_content: expect.any(String) }),
      expect.objectContaining({ type: 'function_call', call_id: 'c3', arguments: '{"input":"x"}' }),
      expect.objectContaining({ type: 'custom_tool_call', call_id: 'c4', input: '' }),
    ]);
    const again = openaiResponses.decodeRequest({ input: body['output'] ?? null });
    expect(again.request.messages[0]?.parts[1]).toMatchObject({ id: 'c2', custom: true, signature });
  });

  test('custom calls again in Chat', () => {
    const body = openaiChat.encodeAnswer(freeze(ANSWER), { ...CONTEXT, memo: CUSTOM['openai-chat'] ?? {} });
    expect(body).toMatchObject({
      choices: [
        {
          message: {
            tool_calls: [
              { id: 'c1', type: 'custom', custom: { name: 'patch', input: PATCH } },
              { id: 'c2', type: 'custom', custom: { name: 'say', input: '{"words":"hi"}' } },
              { id: 'c3', type: 'function', function: { name: 'f', arguments: '{"input":"x"}' } },
              { id: 'c4', type: 'custom', custom: { name: 'say', input: '' } },
            ],
          },
          finish_reason: 'tool_calls',
        },
      ],
    });
  });

  test.each(['anthropic-messages', 'gemini'] as const)('none of them in %s', (dialect) => {
    const body = DIALECT_MODULES[dialect].encodeAnswer(freeze(ANSWER), { ...CONTEXT, memo: {} });
    expect(JSON.stringify(body)).toContain(JSON.stringify({ input: PATCH }));
    expect(JSON.stringify(body)).not.toContain('custom');
  });
});

const at = { choice: 0, part: 0 } as const;
const CALL: readonly StreamEvent[] = [
  { type: 'start', id: 'a', model: 'm' },
  { type: 'part-start', ...at, content: { type: 'tool-call', id: 'c1', name: 'patch' } },
];
const END: readonly StreamEvent[] = [
  { type: 'part-end', ...at },
  { type: 'finish', choice: 0, reason: 'tool-calls' },
  { type: 'end' },
];
const json = (text: string): StreamEvent => ({ type: 'arguments-delta', ...at, json: text });

function dataOf(dialect: 'openai-responses' | 'openai-chat', events: readonly StreamEvent[]): JsonObject[] {
  const encoder = MODULES[dialect].createStreamEncoder({ ...CONTEXT, memo: CUSTOM[dialect] ?? {} });
  const text = freeze(events)
    .map((event) => encoder.push(event))
    .join('');
  return [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) => JSON.parse(data) as JsonObject);
}

describe('a stream brings', () => {
  const pieces = ['{"in', 'put":"a\\', String.raw`n\ud83d`, String.raw`\ude00`, 'b"}'].map(json);

  test('the text as it arrives in Responses, and its items in their order', () => {
    const events = dataOf('openai-responses', [...CALL, ...pieces, ...END]);
    const id = `ctc_${CONTEXT.seed}0000`;
    const item = {
      id,
      type: 'custom_tool_call',
      status: 'completed',
      call_id: 'c1',
      input: 'a\n😀b',
      name: 'patch',
    };
    const delta = (text: string, sequence_number: number) => ({
      type: 'response.custom_tool_call_input.delta',
      sequence_number,
      item_id: id,
      output_index: 0,
      delta: text,
    });
    expect(events.slice(2, -1)).toEqual([
      {
        type: 'response.output_item.added',
        sequence_number: 2,
        output_index: 0,
        item: { ...item, status: 'in_progress', input: '' },
      },
      delta('a', 3),
      delta('\n', 4),
      delta('😀', 5),
      delta('b', 6),
      {
        type: 'response.custom_tool_call_input.done',
        sequence_number: 7,
        item_id: id,
        output_index: 0,
        input: 'a\n😀b',
      },
      { type: 'response.output_item.done', sequence_number: 8, output_index: 0, item },
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { output: [item] } });
  });

  test('the text as it arrives in Chat', () => {
    const calls = dataOf('openai-chat', [...CALL, ...pieces, ...END]).map(
      (chunk) =>
        (chunk as { choices: { delta: { tool_calls?: unknown[] } }[] }).choices[0]?.delta.tool_calls?.[0],
    );
    const delta = (input: string) => ({ index: 0, custom: { input } });
    expect(calls.filter((call) => call !== undefined)).toEqual([
      { index: 0, id: 'c1', type: 'custom', custom: { name: 'patch', input: '' } },
      delta('a'),
      delta('\n'),
      delta('😀'),
      delta('b'),
    ]);
  });

  test.each(['openai-responses', 'openai-chat'] as const)('%s the same, whatever the pieces', (dialect) => {
    const whole = String.raw`{"input":"a\"\ud83d\ude00\u00e9"}`;
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const events = [...CALL, json(whole.slice(0, cut)), json(whole.slice(cut)), ...END];
      const text = dataOf(dialect, events)
        .map((event) =>
          dialect === 'openai-responses'
            ? event['type'] === 'response.custom_tool_call_input.delta'
              ? event['delta']
              : ''
            : (event as { choices: { delta: { tool_calls?: { custom: { input: string } }[] } }[] }).choices[0]
                ?.delta.tool_calls?.[0]?.custom.input,
        )
        .join('');
      expect(text).toBe('a"😀é');
    }
  });

  test.each(['openai-responses', 'openai-chat'] as const)(
    '%s arguments of another form as they are',
    (dialect) => {
      const text = JSON.stringify(dataOf(dialect, [...CALL, json('{"pa'), json('th":1}'), ...END]));
      expect(text).toContain(JSON.stringify('{"pa').slice(1, -1));
      expect(text).toContain(dialect === 'openai-chat' ? '"input":"th\\":1}"' : '"input":"{\\"path\\":1}"');
    },
  );

  test.each(['openai-responses', 'openai-chat'] as const)('%s a call without arguments', (dialect) => {
    const text = JSON.stringify(dataOf(dialect, [...CALL, ...END]));
    expect(text).not.toContain('{}"');
    expect(text).toContain('"input":""');
  });
});

/** What OpenAI streams, decoded for whoever asked. */
describe("a provider's stream", () => {
  const sse = (...events: readonly object[]): string =>
    events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
  const item = { id: 'ctc_1', type: 'custom_tool_call', call_id: 'c1', name: 'patch' };
  const custom = { item_id: 'ctc_1', output_index: 0 };
  const RESPONSES = sse(
    { type: 'response.created', response: { id: 'r', model: 'm' } },
    { type: 'response.output_item.added', output_index: 0, item: { ...item, input: '' } },
    { type: 'response.custom_tool_call_input.delta', ...custom, delta: 'a"' },
    { type: 'response.custom_tool_call_input.delta', ...custom, delta: '\n😀' },
    { type: 'response.custom_tool_call_input.done', ...custom, input: 'a"\n😀' },
    { type: 'response.output_item.done', output_index: 0, item: { ...item, input: 'a"\n😀' } },
    { type: 'response.completed', response: { status: 'completed', output: [] } },
  );
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    id: 'r',
    model: 'm',
    choices: [{ index: 0, delta, finish_reason }],
  });
  const piece = (call: object) => chunk({ tool_calls: [{ index: 0, ...call }] });
  const CHAT = `${sse(
    piece({ id: 'c1', type: 'custom', custom: { name: 'patch', input: '' } }),
    piece({ custom: { input: 'a"' } }),
    piece({ custom: { input: '\n😀' } }),
    chunk({}, 'tool_calls'),
  )}data: [DONE]\n\n`;

  function decoded(
    dialect: 'openai-responses' | 'openai-chat',
    ...bytes: readonly Uint8Array[]
  ): StreamEvent[] {
    const decoder = MODULES[dialect].createStreamDecoder({ ...CONTEXT, memo: {} });
    return [...bytes.flatMap((some) => decoder.push(some)), ...decoder.finish()];
  }

  test.each([
    ['openai-responses', RESPONSES],
    ['openai-chat', CHAT],
  ] as const)('of %s brings arguments, under every split', (dialect, text) => {
    const bytes = Buffer.from(text);
    const whole = decoded(dialect, bytes);
    expect(whole.slice(1, -2)).toEqual([
      { type: 'part-start', ...at, content: { type: 'tool-call', id: 'c1', name: 'patch' } },
      ...(dialect === 'openai-chat' ? [json('{"input":"')] : []),
      json(dialect === 'openai-chat' ? 'a\\"' : '{"input":"a\\"'),
      json('\\n😀'),
      json('"}'),
      { type: 'part-end', ...at },
    ]);
    expect(whole.at(-2)).toMatchObject({ type: 'finish', reason: 'tool-calls' });
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(decoded(dialect, bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(whole);
    }
  });

  test('without deltas brings the text of its end', () => {
    const events = RESPONSES.split('\n\n').filter((event) => !event.includes('input.'));
    const whole = decoded('openai-responses', Buffer.from(`${events.join('\n\n')}`));
    expect(whole.slice(2, 4)).toEqual([json('{"input":"a\\"\\n😀'), json('"}')]);
  });

  test.each([{}, { name: 'f' }])(
    'whose functions have a `custom` beside them is one of functions: %j',
    (custom) => {
      const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' }, custom };
      const whole = decoded('openai-chat', Buffer.from(sse(piece(call), chunk({}, 'tool_calls'))));
      expect(whole[2]).toEqual(json('{}'));
    },
  );
});

test("a provider's plain answer brings arguments", () => {
  const context = { ...CONTEXT, memo: {} };
  const call = { type: 'tool-call', id: 'c1', name: 'patch', arguments: wrapInput(PATCH), custom: true };
  const output = [{ type: 'custom_tool_call', id: 'ctc_1', call_id: 'c1', name: 'patch', input: PATCH }];
  expect(openaiResponses.decodeAnswer(freeze({ output }), context).choices[0]?.parts).toEqual([call]);
  const message = { tool_calls: [{ id: 'c1', type: 'custom', custom: { name: 'patch', input: PATCH } }] };
  const choices = [{ index: 0, message, finish_reason: 'tool_calls' }];
  expect(openaiChat.decodeAnswer(freeze({ choices }), context).choices[0]?.parts).toEqual([call]);
});

test('a whole answer of another vendor as a stream is the plain answer', () => {
  const memo = CUSTOM['openai-responses'] ?? {};
  const last = dataOf('openai-responses', answerEvents(ANSWER)).at(-1);
  expect(last?.['response']).toEqual(openaiResponses.encodeAnswer(ANSWER, { ...CONTEXT, memo }));
});
