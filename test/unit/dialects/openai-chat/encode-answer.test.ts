// How a neutral answer reads to a Chat client.

import { expect, test } from 'vitest';
import type { Choice, FinishReason, Usage } from '../../../../src/conversation/answer.ts';
import type { Part } from '../../../../src/conversation/part.ts';
import { openaiChat } from '../../../../src/dialects/openai-chat/index.ts';
import { isObject, type JsonObject } from '../../../../src/json/json-value.ts';
import { CONTEXT } from './answers.ts';
import { freeze } from './freeze.ts';

function encodeChoice(parts: readonly Part[], more: Partial<Choice> = {}): JsonObject {
  const answer = freeze({ choices: [{ parts, finishReason: 'stop' as FinishReason, ...more }] });
  const choices = openaiChat.encodeAnswer(answer, CONTEXT)['choices'];
  const choice = Array.isArray(choices) ? choices[0] : undefined;
  return isObject(choice) ? choice : {};
}
const messageOf = (...parts: Part[]) => encodeChoice(parts)['message'];

test("another vendor's answer", () => {
  const usage: Usage = { input: 10, cachedInput: 4, cacheWrite: 2, output: 5, reasoning: 3 };
  const answer = freeze({
    id: 'msg_1',
    model: 'claude',
    choices: [{ parts: [{ type: 'text', text: 'hi' }] as Part[], finishReason: 'stop' as FinishReason }],
    usage,
    serviceTier: 'default',
  });
  expect(openaiChat.encodeAnswer(answer, CONTEXT)).toEqual({
    id: 'chatcmpl-msg_1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'claude',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'hi', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 3 },
    },
    service_tier: 'default',
  });
});

test('an id is made where the provider gave none, and none is doubled', () => {
  const idOf = (id?: string) =>
    openaiChat.encodeAnswer({ choices: [], ...(id === undefined ? {} : { id }) }, CONTEXT)['id'];
  expect(idOf()).toBe('chatcmpl-0123456789abcdef01234567');
  expect(idOf('chatcmpl-x')).toBe('chatcmpl-x');
});

test('calls, their content null and their signatures wrapped for the way back', () => {
  const signature = { dialect: 'anthropic-messages', value: 'S' } as const;
  expect(messageOf({ type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":1}', signature })).toEqual({
    role: 'assistant',
    content: null,
    refusal: null,
    tool_calls: [
      {
        id: 'c',
        type: 'function',
        function: { name: 'f', arguments: '{"a":1}' },
        extra_content: { google: { thought_signature: 'pointsman.anthropic-messages.S' } },
      },
    ],
  });
});

test('reasoning: the text for everyone, the parts with their signatures for the way back', () => {
  const dialect = 'anthropic-messages';
  const message = messageOf(
    { type: 'reasoning', text: 'a', signature: { dialect, value: 'S' } },
    { type: 'reasoning', text: '', redacted: true, signature: { dialect, value: 'D' } },
    { type: 'text', text: 'b' },
  );
  expect(message).toEqual({
    role: 'assistant',
    content: 'b',
    refusal: null,
    reasoning_content: 'a',
    reasoning_details: [
      { type: 'reasoning.text', text: 'a', signature: 'pointsman.anthropic-messages.S' },
      { type: 'reasoning.encrypted', data: 'pointsman.anthropic-messages.D' },
    ],
  });
  expect(openaiChat.decodeRequest({ messages: [message ?? null] }).request.messages[0]?.parts).toEqual([
    { type: 'reasoning', text: 'a', signature: { dialect, value: 'S' } },
    { type: 'reasoning', text: '', redacted: true, signature: { dialect, value: 'D' } },
    { type: 'text', text: 'b' },
  ]);
});

test('citations count from the start of the whole text, or are of a whole part; those without a URL are not said', () => {
  const message = messageOf(
    { type: 'text', text: '😀' },
    {
      type: 'text',
      text: 'abc',
      citations: [
        { url: 'https://a.test', start: 1, end: 2 },
        { url: 'https://b.test' },
        { title: 'a book' },
      ],
    },
  );
  expect(message).toMatchObject({
    content: '😀abc',
    annotations: [
      {
        type: 'url_citation',
        url_citation: { url: 'https://a.test', title: '', start_index: 3, end_index: 4 },
      },
      {
        type: 'url_citation',
        url_citation: { url: 'https://b.test', title: '', start_index: 2, end_index: 5 },
      },
    ],
  });
});

test('log probabilities', () => {
  const logprobs = [{ token: 'a', logprob: -1, bytes: [97], top: [{ token: 'b', logprob: -2 }] }];
  expect(encodeChoice([{ type: 'text', text: 'a' }], { logprobs })['logprobs']).toEqual({
    content: [
      {
        token: 'a',
        logprob: -1,
        bytes: [97],
        top_logprobs: [{ token: 'b', logprob: -2, bytes: null }],
      },
    ],
    refusal: null,
  });
});

test.each<[FinishReason, string]>([
  ['stop', 'stop'],
  ['stop-sequence', 'stop'],
  ['length', 'length'],
  ['context-length', 'length'],
  ['tool-calls', 'tool_calls'],
  ['content-filter', 'content_filter'],
  ['refusal', 'content_filter'],
  ['pause', 'stop'],
  ['error', 'stop'],
])('finish reason %s is %s', (finishReason, wire) => {
  expect(encodeChoice([], { finishReason })['finish_reason']).toBe(wire);
});

test('a refusal in words ends as text does', () => {
  const choice = encodeChoice([{ type: 'refusal', text: 'No' }], { finishReason: 'refusal' });
  expect(choice).toMatchObject({ message: { content: null, refusal: 'No' }, finish_reason: 'stop' });
});
