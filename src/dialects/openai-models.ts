// What differs between OpenAI's models, told by the id, also in the spelling of those who resell them (`openai/gpt-5-mini`).
// Other vendors' ids mean nothing here. https://platform.openai.com/docs/guides/reasoning and /docs/guides/latest-model

import type { ConversationRequest } from '../conversation/conversation-request.ts';
import type { Warning } from '../conversation/warning.ts';
import { effortOf } from './reasoning-budget.ts';

const REASONING = /^(?:openai\/)?(?:o\d|gpt-5(?!-chat)|codex)/;
/** They may be told not to reason. */
const KNOWS_NONE = /^(?:openai\/)?gpt-5\.\d/;
/** And do not, unless told to. */
const IDLE_UNASKED = /^(?:openai\/)?gpt-5\.[12](?!-(?:codex|pro|chat))/;
const TAKES_STOP = /^(?:openai\/)?o1/;

export function isReasoningModel(modelId: string): boolean {
  return REASONING.test(modelId);
}

export function knowsNoReasoning(modelId: string): boolean {
  return KNOWS_NONE.test(modelId);
}

/** What these members are where they change nothing; models that reason refuse any other value, and some of them any. */
const DEFAULTS: readonly (readonly [
  name: 'temperature' | 'topP' | 'frequencyPenalty' | 'presencePenalty' | 'logprobs',
  param: string,
  value: number | undefined,
])[] = [
  ['temperature', 'temperature', 1],
  ['topP', 'top_p', 1],
  ['frequencyPenalty', 'frequency_penalty', 0],
  ['presencePenalty', 'presence_penalty', 0],
  ['logprobs', 'logprobs', undefined],
];

/** Without the settings that the model would refuse while it reasons. */
export function withoutRefused(
  request: ConversationRequest,
  modelId: string,
  warnings: Warning[],
): ConversationRequest {
  if (!REASONING.test(modelId)) return request;
  const effort = request.reasoning && effortOf(request.reasoning);
  const isIdle =
    effort === undefined ? IDLE_UNASKED.test(modelId) : effort === 'none' && KNOWS_NONE.test(modelId);
  if (isIdle) return request;
  const kept: { -readonly [K in keyof ConversationRequest]: ConversationRequest[K] } = { ...request };
  if (kept.stop !== undefined && kept.stop.length > 0 && !TAKES_STOP.test(modelId)) {
    delete kept.stop;
    warnings.push({ param: 'stop', message: `not taken by ${modelId}, which reasons` });
  }
  for (const [name, param, value] of DEFAULTS) {
    if (kept[name] === undefined) continue;
    if (kept[name] !== value) warnings.push({ param, message: `not taken by ${modelId}, which reasons` });
    delete kept[name];
  }
  return kept;
}
