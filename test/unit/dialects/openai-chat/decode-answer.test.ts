// What a Chat answer means in neutral terms, OpenAI's own and those of others who speak its dialect.

import { describe, expect, test } from 'vitest';
import { openaiChat } from '../../../../src/dialects/openai-chat/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { CONTEXT } from './answers.ts';
import { freeze } from './freeze.ts';

const decode = (body: JsonObject) => openaiChat.decodeAnswer(freeze(body), CONTEXT);
function choiceOf(message: JsonObject, finish: string | null = 'stop', more: JsonObject = {}) {
  return decode({ choices: [{ index: 0, message, finish_reason: finish, ...more }] }).choices[0];
}

test('an answer with everything', () => {
  const answer = decode({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 5,
    model: 'gpt',
    service_tier: 'default',
    system_fingerprint: 'fp',
    choices: [
      { index: 1, message: { role: 'assistant', content: 'b' }, finish_reason: 'length' },
      {
        index: 0,
        message: {
          role: 'assistant',
          content: 'Grüß 😀',
          refusal: null,
          annotations: [
            {
              type: 'url_citation',
              url_citation: { url: 'https://a.test', title: 'A', start_index: 0, end_index: 4 },
            },
          ],
        },
        logprobs: {
          content: [
            {
              token: 'G',
              logprob: -1,
              bytes: [71],
              top_logprobs: [{ token: 'H', logprob: -2, bytes: null }],
            },
          ],
        },
        finish_reason: 'stop',
        content_filter_results: {},
      },
    ],
    usage: {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 2, audio_tokens: 1 },
      completion_tokens_details: { reasoning_tokens: 3 },
    },
  });
  expect(answer).toEqual({
    id: 'chatcmpl-1',
    created: 5,
    model: 'gpt',
    serviceTier: 'default',
    choices: [
      {
        parts: [
          {
            type: 'text',
            text: 'Grüß 😀',
            citations: [{ url: 'https://a.test', title: 'A', start: 0, end: 4 }],
          },
        ],
        finishReason: 'stop',
        logprobs: [{ token: 'G', logprob: -1, bytes: [71], top: [{ token: 'H', logprob: -2 }] }],
        vendor: { dialect: 'openai-chat', members: { content_filter_results: {} } },
      },
      { parts: [{ type: 'text', text: 'b' }], finishReason: 'length' },
    ],
    usage: {
      input: 10,
      output: 5,
      cachedInput: 4,
      cacheWrite: 2,
      reasoning: 3,
      vendor: { dialect: 'openai-chat', members: { prompt_tokens_details: { audio_tokens: 1 } } },
    },
    vendor: { dialect: 'openai-chat', members: { system_fingerprint: 'fp' } },
  });
});

describe('a message with', () => {
  const called = { type: 'function', function: { name: 'f', arguments: '{}' } };
  test.each<[string, JsonObject, object[]]>([
    [
      "calls beside an empty text, Gemini's signature with them",
      {
        content: '',
        tool_calls: [{ ...called, id: 'c', extra_content: { google: { thought_signature: 'S' } } }],
      },
      [
        {
          type: 'tool-call',
          id: 'c',
          name: 'f',
          arguments: '{}',
          signature: { dialect: 'openai-chat', value: 'S' },
        },
      ],
    ],
    [
      'calls without ids',
      { content: null, tool_calls: [called, { ...called, id: '' }] },
      [
        { type: 'tool-call', id: `call_${CONTEXT.seed}_0_0`, name: 'f', arguments: '{}' },
        { type: 'tool-call', id: `call_${CONTEXT.seed}_0_1`, name: 'f', arguments: '{}' },
      ],
    ],
    [
      'arguments as an object, or none',
      {
        tool_calls: [
          { id: 'c', function: { name: 'f', arguments: { a: 1 } } },
          { id: 'd', function: { name: 'f' } },
        ],
      },
      [
        { type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":1}' },
        { type: 'tool-call', id: 'd', name: 'f', arguments: '{}' },
      ],
    ],
    [
      'the older function_call',
      { content: null, function_call: { name: 'f', arguments: '{"a":1}' } },
      [{ type: 'tool-call', id: `call_${CONTEXT.seed}_0`, name: 'f', arguments: '{"a":1}' }],
    ],
    ['a refusal', { content: null, refusal: 'No' }, [{ type: 'refusal', text: 'No' }]],
    [
      'reasoning before the text',
      { content: 'b', reasoning_content: 'a' },
      [
        { type: 'reasoning', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    ],
    [
      "Mistral's list of thinking and text",
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'a' }] },
          { type: 'text', text: 'b' },
        ],
      },
      [
        { type: 'reasoning', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    ],
  ])('%s', (_, message, parts) => expect(choiceOf(message)?.parts).toEqual(parts));
});

test.each([
  ['stop', {}, 'stop'],
  ['length', {}, 'length'],
  ['content_filter', {}, 'content-filter'],
  ['tool_calls', { tool_calls: [{ id: 'c', function: { name: 'f' } }] }, 'tool-calls'],
  ['stop', { tool_calls: [{ id: 'c', function: { name: 'f' } }] }, 'tool-calls'],
  ['tool_calls', {}, 'stop'],
  ['function_call', { function_call: { name: 'f', arguments: '' } }, 'tool-calls'],
  ['stop', { refusal: 'No' }, 'refusal'],
  ['insufficient_system_resource', {}, 'error'],
  [null, {}, 'stop'],
])('finish reason %s with %o is %s', (wire, message, reason) => {
  expect(choiceOf({ content: null, ...message }, wire)?.finishReason).toBe(reason);
});

test("DeepSeek's count of what came from its cache", () => {
  const usage = { prompt_tokens: 9, completion_tokens: 1, prompt_cache_hit_tokens: 4 };
  expect(decode({ choices: [], usage }).usage).toEqual({ input: 9, output: 1, cachedInput: 4 });
});

test('a body that is no answer is refused', () => {
  expect(() => decode({ error: { message: 'x' } })).toThrow(TypeError);
});
