// What differs between OpenAI's models, told by the id, also in the spelling of those who resell them (`openai/gpt-5-mini`).
// Other vendors' ids mean nothing here. https://platform.openai.com/docs/guides/reasoning and /docs/guides/latest-model

import type {
  ConversationRequest,
  ReasoningEffort,
  ReasoningSettings,
} from '../conversation/conversation-request.ts';
import type { Warning } from '../conversation/warning.ts';
import { effortOf } from './reasoning-budget.ts';

const REASONING = /^(?:openai\/)?(?:o\d|gpt-5(?!-chat)|gpt-[6-9]|codex)/;
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

/** What those take that could reason and do not; penalties are not among it. */
const TAKEN_IDLE: ReadonlySet<string> = new Set(['temperature', 'topP', 'logprobs']);

/** Without the settings that the model would refuse. */
export function withoutRefused(
  request: ConversationRequest,
  modelId: string,
  warnings: Warning[],
): ConversationRequest {
  if (!REASONING.test(modelId)) return request;
  const effort = request.reasoning && effortOf(request.reasoning);
  const isIdle =
    effort === undefined ? IDLE_UNASKED.test(modelId) : effort === 'none' && KNOWS_NONE.test(modelId);
  const kept: { -readonly [K in keyof ConversationRequest]: ConversationRequest[K] } = { ...request };
  if (!isIdle && kept.stop !== undefined && kept.stop.length > 0 && !TAKES_STOP.test(modelId)) {
    delete kept.stop;
    warnings.push({ param: 'stop', message: `not taken by ${modelId}, which reasons` });
  }
  for (const [name, param, value] of DEFAULTS) {
    if (kept[name] === undefined || (isIdle && TAKEN_IDLE.has(name))) continue;
    if (kept[name] !== value) warnings.push({ param, message: `not taken by ${modelId}, which reasons` });
    delete kept[name];
  }
  return kept;
}

/** The levels of thinking that are known, ascending; where several match, the first. Of other variants (`codex`, `pro`) they are not. */
const EFFORTS: readonly (readonly [models: RegExp, efforts: readonly ReasoningEffort[]])[] = [
  [/^(?:openai\/)?(?:gpt-[34]|chatgpt-|gpt-5-chat)/, []],
  [/^(?:openai\/)?(?:o\d|codex)/, ['low', 'medium', 'high']],
  [/^(?:openai\/)?gpt-5(?:-mini|-nano)?(?:-\d{4}|$)/, ['minimal', 'low', 'medium', 'high']],
  [/^(?:openai\/)?gpt-5\.1(?:-\d{4}|$)/, ['none', 'low', 'medium', 'high']],
  [/^(?:openai\/)?gpt-5\.[2-5](?:-mini|-nano)?(?:-\d{4}|$)/, ['none', 'low', 'medium', 'high', 'xhigh']],
  [/^(?:openai\/)?gpt-5\.[6-9](?:-(?!pro|codex|chat)|$)/, ['none', 'low', 'medium', 'high', 'xhigh', 'max']],
  [/^(?:openai\/)?gpt-[6-9](?:-(?!pro|codex|chat)|$)/, ['low', 'medium', 'high', 'xhigh', 'max']],
];
const LEVELS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** In Chat it takes function tools only where it is told not to think. */
export function forgoesThinkingForTools(modelId: string): boolean {
  return /^(?:openai\/)?gpt-5\.[6-9]/.test(modelId);
}

/** Whether the model can think at all, as far as is known. */
export function canReason(modelId: string): boolean {
  return effortsOf(modelId)?.length !== 0;
}

/** The level that is asked for, the nearest below it that the model has, or its least; undefined where it has none. */
export function effortFor(
  reasoning: ReasoningSettings,
  modelId: string,
  warnings: Warning[],
): string | undefined {
  const wanted = effortOf(reasoning);
  const efforts = effortsOf(modelId);
  if (wanted === undefined || efforts === undefined || efforts.some((each) => each === wanted)) return wanted;
  const rank = LEVELS.indexOf(wanted as ReasoningEffort);
  // Little thinking is still some.
  const levels = efforts.filter((each) => each !== 'none');
  const level = levels.findLast((each) => LEVELS.indexOf(each) <= rank) ?? levels[0];
  if (level !== undefined) warnings.push({ param: 'reasoning', message: `the effort is sent as ${level}` });
  else if (wanted !== 'none')
    warnings.push({ param: 'reasoning', message: `not taken by ${modelId}, which does not reason` });
  return level;
}

function effortsOf(modelId: string): readonly ReasoningEffort[] | undefined {
  return EFFORTS.find(([models]) => models.test(modelId))?.[1];
}
