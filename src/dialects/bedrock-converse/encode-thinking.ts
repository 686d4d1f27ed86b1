// Neutral reasoning settings → what the model's family is told: Converse itself names an effort only.

import type { ConversationRequest, ReasoningSettings } from '../../conversation/conversation-request.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { objectsOf, present } from '../../json/read-value.ts';
import { budgetOf, effortOf } from '../reasoning-budget.ts';
import type { ModelFamily } from './model-families.ts';

const PARAM = 'reasoning';
/** https://docs.claude.com/en/docs/build-with-claude/extended-thinking: a budget is at least this, and below max_tokens. */
const LEAST_BUDGET = 1024;

export interface EncodedThinking {
  /** Of `additionalModelRequestFields`. */
  readonly fields: JsonObject;
  /** Of `outputConfig`. */
  readonly effort: string | undefined;
  readonly maxTokens: number | undefined;
  /** Claude thinks, and so takes neither sampling nor a forced tool. */
  readonly isThinking: boolean;
}

/** @param messages as they go out */
export function encodeThinking(
  { reasoning, maxTokens }: ConversationRequest,
  { thinking }: ModelFamily,
  messages: readonly JsonObject[],
  warnings: Warning[],
): EncodedThinking {
  const off: EncodedThinking = { fields: {}, effort: undefined, maxTokens, isThinking: false };
  if (reasoning === undefined || isOff(reasoning)) return off;
  switch (thinking) {
    case 'none':
      warnings.push({ param: PARAM, message: 'not sent to a model that is not told to think' });
      return off;
    case 'unknown':
      warnings.push({ param: PARAM, message: 'not sent: how this model is told to think is not known' });
      return off;
    case 'gpt-oss':
      return { ...off, fields: { reasoning_effort: levelOf(reasoning, warnings) } };
    case 'nova': {
      // https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html
      const maxReasoningEffort = levelOf(reasoning, warnings);
      return { ...off, fields: { reasoningConfig: { type: 'enabled', maxReasoningEffort } } };
    }
    case 'adaptive':
      if (reasoning.budgetTokens !== undefined)
        warnings.push({ param: PARAM, message: 'the budget was changed to an effort' });
      return adaptive(off, reasoning);
    case 'either':
      if (reasoning.budgetTokens === undefined) return adaptive(off, reasoning);
      return lacksThoughts(messages, warnings) ? off : budgeted(off, reasoning, warnings);
    case 'budget':
      return lacksThoughts(messages, warnings) ? off : budgeted(off, reasoning, warnings);
  }
}

/**
 * Whether tools were called without thoughts that Claude would know again. Until that loop is over it refuses to think by a
 * budget: https://docs.claude.com/en/docs/build-with-claude/extended-thinking#preserving-thinking-blocks
 */
function lacksThoughts(messages: readonly JsonObject[], warnings: Warning[]): boolean {
  const [called = [], answered = []] = messages.slice(-2).map(({ content }) => objectsOf(content));
  const isInLoop = answered.some(({ toolResult }) => toolResult !== undefined);
  if (!isInLoop || called[0]?.['reasoningContent'] !== undefined) return false;
  warnings.push({ param: PARAM, message: 'off: the thoughts before the tool calls did not come back' });
  return true;
}

function isOff({ effort, budgetTokens, adaptive: isAdaptive }: ReasoningSettings): boolean {
  if (budgetTokens !== undefined) return budgetTokens <= 0;
  return isAdaptive !== true && (effort ?? 'none') === 'none';
}

function adaptive(off: EncodedThinking, reasoning: ReasoningSettings): EncodedThinking {
  const { visible, summary, adaptive: isAdaptive, effort, budgetTokens } = reasoning;
  const isShown = visible ?? (summary === undefined ? undefined : true);
  const display = isShown === undefined ? undefined : isShown ? 'summarized' : 'omitted';
  const isFree = isAdaptive === true && effort === undefined && budgetTokens === undefined;
  const level = isFree ? undefined : effortOf(reasoning);
  return {
    ...off,
    fields: { thinking: { type: 'adaptive', ...present({ display }) } },
    effort: level === 'minimal' || level === 'none' ? 'low' : level,
    isThinking: true,
  };
}

function budgeted(
  off: EncodedThinking,
  { budgetTokens, effort }: ReasoningSettings,
  warnings: Warning[],
): EncodedThinking {
  const { maxTokens } = off;
  const wanted = budgetTokens ?? budgetOf(effort ?? 'medium');
  const fitting = maxTokens === undefined ? wanted : Math.min(wanted, maxTokens - 1);
  const tokens = Math.max(LEAST_BUDGET, fitting);
  if (budgetTokens !== undefined && tokens !== budgetTokens) {
    warnings.push({ param: 'thinking.budget_tokens', message: `changed to ${tokens}` });
  }
  const most = maxTokens === undefined ? undefined : Math.max(maxTokens, tokens + 1);
  if (most !== maxTokens) {
    warnings.push({ param: 'max_tokens', message: `raised to ${most}, above the thinking budget` });
  }
  return {
    fields: { thinking: { type: 'enabled', budget_tokens: tokens } },
    effort: undefined,
    maxTokens: most,
    isThinking: true,
  };
}

/** The three levels that both know. */
function levelOf(reasoning: ReasoningSettings, warnings: Warning[]): string {
  const level = effortOf(reasoning) ?? 'medium';
  if (level === 'minimal') return 'low';
  if (level !== 'xhigh' && level !== 'max') return level;
  warnings.push({ param: PARAM, message: 'lowered to high' });
  return 'high';
}
