// Breakpoints of the prompt cache: they go along to Claude behind this dialect, where leaving them out shows on the bill alone.

import { expect, test } from 'vitest';
import type { ConversationRequest } from '../../../../src/conversation/conversation-request.ts';
import { openaiChat } from '../../../../src/dialects/openai-chat/index.ts';
import { freeze } from './freeze.ts';

const cached = { type: 'ephemeral' };
const REQUEST: ConversationRequest = {
  messages: [
    { role: 'system', parts: [{ type: 'text', text: 's', cache: { ttl: '1h' } }] },
    {
      role: 'user',
      parts: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b', cache: {} },
      ],
    },
    { role: 'assistant', parts: [{ type: 'text', text: 'c', cache: {} }] },
    {
      role: 'tool',
      parts: [
        {
          type: 'tool-result',
          toolCallId: 't',
          content: [{ type: 'text', text: 'd', cache: {} }],
          isError: false,
        },
      ],
    },
  ],
  tools: [{ type: 'function', name: 'f', cache: {} }],
  cache: {},
};
const encode = (modelId: string) =>
  openaiChat.encodeRequest(freeze(REQUEST), { modelId, stream: false, asksForUsage: true });

test('to Claude they are said as Anthropic says them', () => {
  const { body, warnings } = encode('anthropic/claude-sonnet-4.5');
  expect(body).toMatchObject({
    messages: [
      { role: 'system', content: [{ type: 'text', text: 's', cache_control: { ...cached, ttl: '1h' } }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b', cache_control: cached },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: 'c', cache_control: cached }] },
      { role: 'tool', content: [{ type: 'text', text: 'd', cache_control: cached }] },
    ],
    tools: [{ type: 'function', cache_control: cached }],
    cache_control: cached,
  });
  expect(warnings).toEqual([]);
});

test('to others they are not', () => {
  expect(JSON.stringify(encode('gpt-5').body)).not.toContain('cache_control');
  expect(encode('gpt-5').body['messages']).toMatchObject([
    { content: 's' },
    {},
    { content: 'c' },
    { content: 'd' },
  ]);
});

test('one warning is for all of them, none where the vendor caches unasked', () => {
  expect(encode('my-model').warnings.map(({ param }) => param)).toEqual(['cache_control']);
  for (const modelId of ['gpt-5', 'openai/gpt-4o', 'deepseek-chat', 'x-ai/grok-4', 'gemini-2.5-pro']) {
    expect(encode(modelId).warnings).toEqual([]);
  }
});
