// What one vendor's model thought is left out where another's is asked, and never in silence.

import { describe, expect, test } from 'vitest';
import type { Message } from '../../../src/conversation/conversation-request.ts';
import type { ReasoningPart } from '../../../src/conversation/part.ts';
import type { Warning } from '../../../src/conversation/warning.ts';
import { DIALECT_MODULES } from '../../../src/translate/dialect-modules.ts';
import { freeze } from './openai-chat/freeze.ts';

const SIGNED = { type: 'reasoning', signature: { dialect: 'gemini', value: 'UHJvb2Y=' } } as const;
const user: Message = { role: 'user', parts: [{ type: 'text', text: 'Go on.' }] };

function warningsOf(dialect: keyof typeof DIALECT_MODULES, ...thoughts: ReasoningPart[]): readonly Warning[] {
  const turns = thoughts.flatMap((thought): Message[] => [
    { role: 'assistant', parts: [thought, { type: 'text', text: 'Paris' }] },
    user,
  ]);
  const request = freeze({ messages: [user, ...turns] });
  return DIALECT_MODULES[dialect].encodeRequest(request, {
    modelId: dialect === 'bedrock-converse' ? 'anthropic.claude-sonnet-4-20250514-v1:0' : 'm',
    stream: false,
    asksForUsage: true,
  }).warnings;
}

const LEFT_OUT: Warning = {
  param: 'messages[1].content[0]',
  message: "left out: reasoning that is not the provider's own",
};

describe.each(['openai-chat', 'openai-responses', 'anthropic-messages', 'bedrock-converse'] as const)(
  'for %s',
  (dialect) => {
    test('a thought is named, once', () => {
      const thought: ReasoningPart = { ...SIGNED, text: 'Hm.' };
      expect(warningsOf(dialect, thought, thought)).toEqual([LEFT_OUT]);
    });

    test('so is one that its vendor encrypted', () => {
      expect(warningsOf(dialect, { ...SIGNED, text: '', redacted: true })).toEqual([LEFT_OUT]);
    });

    test('a mark without content says nothing', () => {
      expect(warningsOf(dialect, { ...SIGNED, text: '' })).toEqual([]);
    });
  },
);

test('Gemini is shown what others thought, but for what is encrypted', () => {
  const signature = { dialect: 'anthropic-messages', value: 'UHJvb2Y=' } as const;
  expect(warningsOf('gemini', { ...SIGNED, signature, text: 'Hm.' })).toEqual([]);
  expect(warningsOf('gemini', { ...SIGNED, signature, text: '', redacted: true })).toEqual([LEFT_OUT]);
});
