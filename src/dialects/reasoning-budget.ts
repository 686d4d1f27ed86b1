// Two ways of saying how much a model may think: an effort (OpenAI) and a budget of tokens (Anthropic). The levels are ours;
// vendors publish none.

import type { ReasoningEffort, ReasoningSettings } from '../conversation/conversation-request.ts';

/** Tokens; a budget counts as the highest effort that it reaches. */
const BUDGETS: readonly (readonly [effort: ReasoningEffort, tokens: number])[] = [
  ['minimal', 1024],
  ['low', 2048],
  ['medium', 8192],
  ['high', 16_384],
  ['xhigh', 32_768],
  ['max', 65_536],
];

/** `none` is no budget: 0. */
export function budgetOf(effort: ReasoningEffort): number {
  return BUDGETS.find(([name]) => name === effort)?.[1] ?? 0;
}

export function effortOf({ effort, budgetTokens, adaptive }: ReasoningSettings): string | undefined {
  if (budgetTokens === undefined) return effort ?? (adaptive === true ? 'medium' : undefined);
  if (budgetTokens < 1024) return 'minimal';
  // `xhigh` and `max` are not known everywhere.
  if (budgetTokens >= 16_384) return 'high';
  return BUDGETS.findLast(([, tokens]) => tokens <= budgetTokens)?.[0];
}
