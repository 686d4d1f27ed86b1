// A plain answer as a Messages client gets it.

import { describe, expect, test } from 'vitest';
import type { Answer, FinishReason } from '../../../../src/conversation/answer.ts';
import type { Part } from '../../../../src/conversation/part.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import { freeze } from '../openai-chat/freeze.ts';
import { CONTEXT } from './context.ts';

const encode = (answer: Answer) => anthropicMessages.encodeAnswer(freeze(answer), CONTEXT);
const contentOf = (...parts: Part[]) => encode({ choices: [{ parts, finishReason: 'stop' }] })['content'];

test('a whole answer of another vendor', () => {
  expect(
    encode({
      id: 'chatcmpl-1',
      model: 'gpt',
      created: 7,
      serviceTier: 'priority',
      choices: [
        { parts: [{ type: 'text', text: 'hi' }], finishReason: 'stop-sequence', stopSequence: 'END' },
        { parts: [{ type: 'text', text: 'another' }], finishReason: 'stop' },
      ],
      usage: { input: 10, cachedInput: 3, output: 9, reasoning: 4 },
      vendor: { dialect: 'openai-chat', members: { system_fingerprint: 'f' } },
    }),
  ).toEqual({
    id: 'msg_chatcmpl-1',
    type: 'message',
    role: 'assistant',
    model: 'gpt',
    content: [{ type: 'text', text: 'hi' }],
    stop_reason: 'stop_sequence',
    stop_sequence: 'END',
    usage: {
      input_tokens: 7,
      cache_read_input_tokens: 3,
      cache_creation_input_tokens: 0,
      output_tokens: 9,
      output_tokens_details: { thinking_tokens: 4 },
    },
  });
});

test('an answer without choices was withheld by the provider', () => {
  expect(encode({ choices: [] })).toMatchObject({
    id: `msg_${CONTEXT.seed}`,
    model: 'asked',
    content: [],
    stop_reason: 'refusal',
    usage: { input_tokens: 0, output_tokens: 0 },
  });
});

test.each<[FinishReason, string]>([
  ['stop', 'end_turn'],
  ['length', 'max_tokens'],
  ['tool-calls', 'tool_use'],
  ['content-filter', 'refusal'],
  ['refusal', 'refusal'],
  ['pause', 'pause_turn'],
  ['context-length', 'model_context_window_exceeded'],
  ['error', 'end_turn'],
])('the end %s is %s', (finishReason, stop_reason) => {
  expect(encode({ choices: [{ parts: [], finishReason }] })).toMatchObject({ stop_reason });
});

test('calls never end as if there were none', () => {
  const parts: Part[] = [{ type: 'tool-call', id: 'c', name: 'f', arguments: '{}' }];
  expect(encode({ choices: [{ parts, finishReason: 'stop' }] })).toMatchObject({ stop_reason: 'tool_use' });
});

describe('content', () => {
  test("a call, its id in the vendor's characters, arguments that were cut as none", () => {
    const id = `toolu_${Buffer.from('a:0').toString('base64url')}`;
    const direct = { type: 'direct' };
    expect(
      contentOf(
        { type: 'tool-call', id: 'a:0', name: 'f', arguments: '{"a":1}' },
        { type: 'tool-call', id: 'b', name: 'g', arguments: '{"a":' },
      ),
    ).toEqual([
      { type: 'tool_use', id, name: 'f', input: { a: 1 }, caller: direct },
      { type: 'tool_use', id: 'b', name: 'g', input: {}, caller: direct },
    ]);
  });

  test("another vendor's signature travels in the field of the vendor's own", () => {
    expect(
      contentOf(
        { type: 'reasoning', text: 'hm', signature: { dialect: 'openai-responses', value: 'x', id: 'rs_1' } },
        {
          type: 'reasoning',
          text: '',
          redacted: true,
          signature: { dialect: 'anthropic-messages', value: 'y' },
        },
        { type: 'reasoning', text: 'no proof' },
      ),
    ).toEqual([
      { type: 'thinking', thinking: 'hm', signature: 'pointsman.openai-responses/rs_1.x' },
      { type: 'redacted_thinking', data: 'y' },
      { type: 'thinking', thinking: 'no proof', signature: '' },
    ]);
  });

  test("a call's signature follows it in a block that clients send back", () => {
    const signature = { dialect: 'gemini', value: 'abc' } as const;
    expect(contentOf({ type: 'tool-call', id: 't1', name: 'f', arguments: '{}', signature })).toMatchObject([
      { type: 'tool_use', id: 't1' },
      { type: 'redacted_thinking', data: 'pointsman.gemini.call.2.t1abc' },
    ]);
  });

  test('of citations those with a link', () => {
    const citations = [{ url: 'https://a.test', title: 't', citedText: 'c' }, { title: 'no link' }];
    expect(contentOf({ type: 'text', text: 'a', citations })).toEqual([
      {
        type: 'text',
        text: 'a',
        citations: [
          {
            type: 'web_search_result_location',
            url: 'https://a.test',
            title: 't',
            cited_text: 'c',
            encrypted_index: '',
          },
        ],
      },
    ]);
  });

  test("a refusal in the model's own words is text; what has no place is left out", () => {
    expect(
      contentOf(
        { type: 'refusal', text: 'no' },
        { type: 'audio', data: 'AAA=', mediaType: 'audio/wav' },
        { type: 'vendor', dialect: 'gemini', name: 'executableCode', value: {} },
      ),
    ).toEqual([{ type: 'text', text: 'no' }]);
  });
});
