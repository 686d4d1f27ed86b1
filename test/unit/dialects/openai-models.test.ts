// Which settings OpenAI's models take, and that no others lose theirs.

import { describe, expect, test } from 'vitest';
import type { ConversationRequest } from '../../../src/conversation/conversation-request.ts';
import type { Warning } from '../../../src/conversation/warning.ts';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import { effortFor } from '../../../src/dialects/openai-models.ts';
import { openaiResponses } from '../../../src/dialects/openai-responses/index.ts';

const REQUEST: ConversationRequest = {
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
  temperature: 0,
  topP: 0.5,
  frequencyPenalty: 0.5,
  presencePenalty: 0.5,
  logprobs: { top: 1 },
  stop: ['END'],
};
const SAMPLING = [
  'temperature',
  'top_p',
  'frequency_penalty',
  'presence_penalty',
  'logprobs',
  'top_logprobs',
];

function sent(
  modelId: string,
  more: Partial<ConversationRequest> = {},
): { members: string[]; warned: string[] } {
  const target = { modelId, stream: false, asksForUsage: true };
  const { body, warnings } = openaiChat.encodeRequest({ ...REQUEST, ...more }, target);
  return {
    members: Object.keys(body).filter((name) => SAMPLING.includes(name) || name === 'stop'),
    warned: warnings.map(({ param }) => param),
  };
}

describe('a model that reasons is spared the settings that it refuses, and the client told', () => {
  test.each([
    'o3',
    'o4-mini',
    'gpt-5',
    'gpt-5-mini-2025-08-07',
    'openai/gpt-5-nano',
    'gpt-5.1-codex',
    'gpt-5.4',
  ])('%s', (modelId) => {
    expect(sent(modelId)).toEqual({
      members: [],
      warned: ['stop', 'temperature', 'top_p', 'frequency_penalty', 'presence_penalty', 'logprobs'],
    });
  });

  test('o1 knows stop', () => {
    expect(sent('o1').members).toEqual(['stop']);
  });

  test('in Responses too', () => {
    const target = { modelId: 'o3', stream: false, asksForUsage: true };
    const { body, warnings } = openaiResponses.encodeRequest({ ...REQUEST, temperature: 1 }, target);
    expect(Object.keys(body).filter((name) => SAMPLING.includes(name))).toEqual([]);
    expect(warnings.map(({ param }) => param)).toContain('top_p');
    expect(warnings.map(({ param }) => param)).not.toContain('temperature');
  });

  test('GPT-5.1 takes all but penalties while it does not reason', () => {
    const most = {
      members: ['temperature', 'top_p', 'stop', 'logprobs', 'top_logprobs'],
      warned: ['frequency_penalty', 'presence_penalty'],
    };
    expect(sent('gpt-5.1')).toEqual(most);
    expect(sent('gpt-5.1', { reasoning: { effort: 'none' } })).toEqual(most);
    expect(sent('gpt-5.1', { reasoning: { effort: 'low' } }).members).toEqual([]);
  });

  test('values that change nothing need no warning', () => {
    const more = { temperature: 1, topP: 1, frequencyPenalty: 0, presencePenalty: 0, stop: [] };
    expect(sent('gpt-5', more).warned).toEqual(['logprobs']);
  });
});

test.each(['gpt-4o', 'gpt-5-chat-latest', 'gpt-oss-120b', 'o', 'olmo-3', 'qwen3-32b', 'meta/gpt-5'])(
  '%s keeps them all',
  (modelId) => {
    expect(sent(modelId)).toEqual({ members: expect.arrayContaining([...SAMPLING, 'stop']), warned: [] });
  },
);

describe('the effort is one that the model has', () => {
  test.each([
    ['gpt-5-mini', 'none', 'minimal'],
    ['gpt-5-mini', 'minimal', 'minimal'],
    ['gpt-5', 'max', 'high'],
    ['gpt-5.1', 'minimal', 'low'],
    ['gpt-5.1-2025-11-13', 'none', 'none'],
    ['openai/gpt-5.2', 'xhigh', 'xhigh'],
    ['gpt-5.6-luna', 'max', 'max'],
    ['gpt-6-astra', 'none', 'low'],
    ['o3', 'minimal', 'low'],
    ['gpt-5-pro', 'low', 'low'],
    ['own-model', 'xhigh', 'xhigh'],
  ] as const)('%s is asked for %s by %s', (modelId, effort, said) => {
    const warnings: Warning[] = [];
    expect(effortFor({ effort }, modelId, warnings)).toBe(said);
    const message = `the effort is sent as ${said}`;
    expect(warnings).toEqual(said === effort ? [] : [{ param: 'reasoning', message }]);
  });

  test.each(['gpt-4o', 'gpt-4.1-mini', 'gpt-5-chat-latest'])('%s has none', (modelId) => {
    const target = { modelId, stream: false, asksForUsage: true };
    for (const { encodeRequest } of [openaiChat, openaiResponses]) {
      const { messages } = REQUEST;
      const off = encodeRequest({ messages, reasoning: { effort: 'none' } }, target);
      const low = encodeRequest({ messages, reasoning: { effort: 'low', visible: true } }, target);
      for (const { body } of [off, low])
        expect(JSON.stringify(body)).not.toMatch(/reasoning|effort|summary|encrypted/);
      expect(off.warnings).toEqual([]);
      expect(low.warnings).toEqual([
        { param: 'reasoning', message: `not taken by ${modelId}, which does not reason` },
      ]);
    }
  });
});

test('GPT-5.6 takes tools in Chat, and does not think then', () => {
  const target = { modelId: 'gpt-5.6-sol', stream: false, asksForUsage: true };
  const { messages } = REQUEST;
  const tools = [{ type: 'function', name: 'f' }] as const;
  const chat = (more: Partial<ConversationRequest>) =>
    openaiChat.encodeRequest({ messages, ...more }, target);
  expect(chat({ reasoning: { effort: 'low' } })).toMatchObject({
    body: { reasoning_effort: 'low' },
    warnings: [],
  });
  expect(chat({ tools })).toMatchObject({ body: { reasoning_effort: 'none' }, warnings: [] });
  expect(chat({ tools, reasoning: { effort: 'low' } })).toMatchObject({
    body: { reasoning_effort: 'none' },
    warnings: [{ param: 'reasoning_effort' }],
  });
  expect(
    openaiResponses.encodeRequest({ messages, tools, reasoning: { effort: 'low' } }, target),
  ).toMatchObject({ body: { reasoning: { effort: 'low' } }, warnings: [] });
});
