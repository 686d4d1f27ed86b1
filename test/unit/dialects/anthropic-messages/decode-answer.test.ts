// What a Messages answer means in neutral terms.

import { describe, expect, test } from 'vitest';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { freeze } from '../openai-chat/freeze.ts';
import { CONTEXT } from './context.ts';

const TEXT = { type: 'text', text: 'hi', citations: null };
const decode = (members: JsonObject) =>
  anthropicMessages.decodeAnswer(
    freeze({ type: 'message', role: 'assistant', content: [TEXT], ...members }),
    CONTEXT,
  );
const own = (members: JsonObject) => ({ vendor: { dialect: 'anthropic-messages', members } });

test('a whole answer', () => {
  expect(
    decode({
      id: 'msg_1',
      model: 'claude',
      content: [
        { type: 'thinking', thinking: 'hm', signature: 's' },
        TEXT,
        { type: 'server_tool_use', id: 'x', name: 'web_search', input: {} },
        { type: 'tool_use', id: 't', name: 'f', input: { a: [1] }, caller: { type: 'direct' } },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      stop_details: null,
      container: { id: 'c' },
      usage: {
        input_tokens: 5,
        cache_read_input_tokens: 3,
        cache_creation_input_tokens: 2,
        output_tokens: 9,
        output_tokens_details: { thinking_tokens: 4 },
        service_tier: 'standard',
        server_tool_use: { web_search_requests: 1 },
      },
    }),
  ).toEqual({
    id: 'msg_1',
    model: 'claude',
    serviceTier: 'default',
    choices: [
      {
        parts: [
          { type: 'reasoning', text: 'hm', signature: { dialect: 'anthropic-messages', value: 's' } },
          { type: 'text', text: 'hi' },
          {
            type: 'vendor',
            dialect: 'anthropic-messages',
            name: 'server_tool_use',
            value: { type: 'server_tool_use', id: 'x', name: 'web_search', input: {} },
          },
          { type: 'tool-call', id: 't', name: 'f', arguments: '{"a":[1]}' },
        ],
        finishReason: 'tool-calls',
      },
    ],
    usage: {
      input: 10,
      cachedInput: 3,
      cacheWrite: 2,
      output: 9,
      reasoning: 4,
      ...own({ service_tier: 'standard', server_tool_use: { web_search_requests: 1 } }),
    },
    ...own({ container: { id: 'c' } }),
  });
});

test.each([
  ['end_turn', 'stop'],
  ['max_tokens', 'length'],
  ['stop_sequence', 'stop-sequence'],
  ['pause_turn', 'pause'],
  ['refusal', 'refusal'],
  ['model_context_window_exceeded', 'context-length'],
  ['of_tomorrow', 'stop'],
])('%s is the end %s', (stop_reason, finishReason) => {
  expect(decode({ stop_reason }).choices).toMatchObject([{ finishReason }]);
});

test('calls are the reason to stop, whatever is said', () => {
  const content = [{ type: 'tool_use', id: 't', name: 'f', input: {} }];
  expect(decode({ content, stop_reason: 'end_turn' }).choices).toMatchObject([
    { finishReason: 'tool-calls' },
  ]);
});

describe('a refusal', () => {
  test('is explained in words that others show', () => {
    const stop_details = { type: 'refusal', category: 'bio', explanation: 'no' };
    expect(decode({ content: [], stop_reason: 'refusal', stop_details }).choices).toEqual([
      {
        parts: [{ type: 'refusal', text: 'no', ...own({}) }],
        finishReason: 'refusal',
        ...own({ stop_details }),
      },
    ]);
  });

  test('may be without words', () => {
    const stop_details = { type: 'refusal', category: null, explanation: null };
    expect(decode({ content: [], stop_reason: 'refusal', stop_details }).choices).toMatchObject([
      { parts: [] },
    ]);
  });
});

test('what is no answer is an error', () => {
  expect(() => anthropicMessages.decodeAnswer({ type: 'message' }, CONTEXT)).toThrow(TypeError);
});
