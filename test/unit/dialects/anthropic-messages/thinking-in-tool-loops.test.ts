// When Anthropic is asked to think within a tool loop: only where the loop's thoughts came back with it.

import { describe, expect, it } from 'vitest';
import type { Part, ReasoningPart } from '../../../../src/conversation/part.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import type { EncodedRequest } from '../../../../src/dialects/provider-dialect.ts';

const THOUGHT: ReasoningPart = {
  type: 'reasoning',
  text: 'I should look.',
  signature: { dialect: 'anthropic-messages', value: 'Eq' },
};
const CALL: Part = { type: 'tool-call', id: 'c1', name: 'get', arguments: '{}' };
const RESULT: Part = {
  type: 'tool-result',
  toolCallId: 'c1',
  content: [{ type: 'text', text: '21' }],
  isError: false,
};

function encode(said: readonly Part[], answered: readonly Part[]): EncodedRequest {
  return anthropicMessages.encodeRequest(
    {
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
        { role: 'assistant', parts: said },
        { role: 'user', parts: answered },
      ],
      tools: [{ type: 'function', name: 'get' }],
      reasoning: { effort: 'low' },
    },
    { modelId: 'claude-sonnet-4-5', stream: false, asksForUsage: true },
  );
}

describe('thinking in a tool loop', () => {
  it('goes on where its thoughts are back', () => {
    const { body, warnings } = encode([THOUGHT, CALL], [RESULT]);
    expect(body['thinking']).toMatchObject({ type: 'enabled' });
    expect(warnings).toEqual([]);
  });

  it('is off, and says so, where the client kept the calls alone', () => {
    const { body, warnings } = encode([CALL], [RESULT]);
    expect(body).not.toHaveProperty('thinking');
    expect(warnings).toEqual([
      { param: 'reasoning', message: 'off: the thoughts before the tool calls did not come back' },
    ]);
  });

  it("is off where the thoughts are another vendor's", () => {
    const signature = { dialect: 'openai-responses', value: 'gA' } as const;
    expect(encode([{ ...THOUGHT, signature }, CALL], [RESULT]).body).not.toHaveProperty('thinking');
  });

  it('is on again with the next question', () => {
    expect(encode([CALL], [RESULT, { type: 'text', text: 'and now?' }]).body).not.toHaveProperty('thinking');
    const text: Part = { type: 'text', text: 'and now?' };
    expect(encode([{ type: 'text', text: 'Warm.' }], [text]).body).toHaveProperty('thinking');
  });
});
