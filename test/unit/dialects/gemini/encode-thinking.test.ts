// How much Gemini is told to think, by its model's generation.

import { describe, expect, test } from 'vitest';
import type {
  ConversationRequest,
  Message,
  ReasoningSettings,
} from '../../../../src/conversation/conversation-request.ts';
import { gemini } from '../../../../src/dialects/gemini/index.ts';
import { freeze } from '../openai-chat/freeze.ts';

const HI: Message = { role: 'user', parts: [{ type: 'text', text: 'hi' }] };

function encode(request: Partial<ConversationRequest>, modelId = 'gemini-2.5-flash') {
  const target = { modelId, stream: false, asksForUsage: false };
  return gemini.encodeRequest(freeze({ messages: [HI], ...request }), target);
}

describe('thinking', () => {
  test.each<[ReasoningSettings, string, unknown, string?]>([
    [{ effort: 'low' }, 'gemini-2.5-flash', { thinkingBudget: 2048 }],
    [{ effort: 'none' }, 'gemini-2.5-flash', { thinkingBudget: 0 }],
    [{ effort: 'none' }, 'gemini-2.5-pro', { thinkingBudget: 128 }, 'the budget was changed to 128'],
    [{ effort: 'max' }, 'gemini-2.5-flash', { thinkingBudget: 24_576 }],
    [
      { budgetTokens: 100 },
      'gemini-2.5-flash-lite',
      { thinkingBudget: 512 },
      'the budget was changed to 512',
    ],
    [
      { budgetTokens: 60_000 },
      'gemini-2.5-pro',
      { thinkingBudget: 32_768 },
      'the budget was changed to 32768',
    ],
    [{ adaptive: true, visible: true }, 'gemini-2.5-pro', { thinkingBudget: -1, includeThoughts: true }],
    [
      { effort: 'low', summary: 'auto' },
      'gemini-3-pro-preview',
      { thinkingLevel: 'LOW', includeThoughts: true },
    ],
    [{ effort: 'minimal' }, 'gemini-3-flash-preview', { thinkingLevel: 'MINIMAL' }],
    [{ effort: 'minimal' }, 'gemini-3.1-pro-preview', { thinkingLevel: 'LOW' }, 'raised to low'],
    [{ effort: 'xhigh' }, 'gemini-3.8-flash', { thinkingLevel: 'HIGH' }, 'lowered to high'],
    [
      { effort: 'none' },
      'gemini-flash-latest',
      { thinkingLevel: 'MINIMAL' },
      'cannot be switched off; minimal is sent',
    ],
    [{ effort: 'medium' }, 'gemini-2.0-flash', undefined, 'not sent to a model that does not think'],
    [{ effort: 'none' }, 'gemini-2.0-flash', undefined],
    [{ effort: 'xhigh' }, 'own-model', { thinkingLevel: 'XHIGH' }],
    [{ visible: false }, 'gemini-2.5-pro', { includeThoughts: false }],
  ])('%j for %s', (reasoning, modelId, thinkingConfig, warning) => {
    const { body, warnings } = encode({ reasoning }, modelId);
    expect(body['generationConfig']).toEqual(thinkingConfig === undefined ? undefined : { thinkingConfig });
    expect(warnings).toEqual(warning === undefined ? [] : [{ param: 'reasoning', message: warning }]);
  });
});
