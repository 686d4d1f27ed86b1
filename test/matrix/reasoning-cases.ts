// Cases of reasoning: shown, counted, and its proofs back where they came from.

import { expect } from 'vitest';
import { ANSWER_TEXT, REASONING_TEXT, RESULT_TEXT } from '../vendors/reply.ts';
import { SIGNATURES } from '../vendors/signatures.ts';
import { after, ask, type Cell, loop, type MatrixCase, steps, streamed, USAGE } from './cell.ts';

const THINKING_USAGE = { ...USAGE, output: 11 };

export const REASONING_CASES: Readonly<Record<string, MatrixCase>> = {
  reasoning: async (cell) => {
    const { text, reasoning, usage } = await ask(cell, { thinks: true });
    expect(text).toBe(ANSWER_TEXT);
    expect(reasoning).toBe(shownReasoning(cell));
    expect(usage).toEqual(THINKING_USAGE);
  },

  'streamed reasoning': streamed(async (cell, _pieces, more) => {
    const { text, reasoning, usage } = await ask(cell, { thinks: true, ...more });
    expect(text).toBe(ANSWER_TEXT);
    expect(reasoning).toBe(shownReasoning(cell));
    expect(usage).toEqual(THINKING_USAGE);
  }),

  'a second question after reasoning': async (cell) => {
    const first = await ask(cell, { thinks: true });
    const { text } = await ask(cell, { thinks: true, history: after(first) });
    expect(text).toBe(ANSWER_TEXT);
    expectSignature(cell);
  },

  'reasoning in a tool loop': async (cell) => {
    const { text } = await loop(cell, { thinks: true, tools: ['get_weather'] });
    expect(text).toBe(RESULT_TEXT);
    expectSignature(cell);
  },

  'streamed reasoning in a tool loop': streamed(async (cell, _pieces, more) => {
    const { text } = await loop(cell, { thinks: true, tools: ['get_weather'], ...more });
    expect(text).toBe(RESULT_TEXT);
    expectSignature(cell);
  }),

  'reasoning in two steps of tools': async (cell) => {
    await steps(cell, { thinks: true });
    expectSignature(cell, 2);
  },
};

/**
 * OpenAI's Chat Completions never show what the model thought, and cannot ask others to, but some Claudes show it unasked.
 * @ai-sdk's Chat provider reads no reasoning.
 */
function shownReasoning({ client, provider, model }: Cell): string {
  const { dialect } = provider.vendor;
  if (dialect === 'openai-chat' || client.name === 'ai: openai.chat') return '';
  const showsUnasked = model.includes('claude-opus-4-5');
  return client.dialect === 'openai-chat' && !showsUnasked ? '' : REASONING_TEXT;
}

/** The provider gets its own proof back, through whatever client. */
function expectSignature({ client, provider }: Cell, times = 1): void {
  const { dialect } = provider.vendor;
  const signatures: Readonly<Record<string, string>> = {
    'openai-responses': SIGNATURES.openaiResponses,
    'anthropic-messages': SIGNATURES.anthropicMessages,
    gemini: SIGNATURES.gemini,
    'bedrock-converse': SIGNATURES.bedrockConverse,
  };
  const signature = signatures[dialect];
  if (signature === undefined || client.name === 'ai: openai.chat') return;
  const received = provider.requests.at(-1)?.bytes.toString() ?? '';
  expect(received.split(signature).length - 1, received).toBe(times);
}
