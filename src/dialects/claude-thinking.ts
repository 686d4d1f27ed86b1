// Neutral reasoning settings → `thinking` and `output_config.effort`, in the form that the model takes: a budget up to
// Claude 4.5, adaptive with an effort from 4.6 on. https://platform.claude.com/docs/en/build-with-claude/thinking. For the
// dialects that reach Claude.

import type {
  ConversationRequest,
  ReasoningEffort,
  ReasoningSettings,
} from '../conversation/conversation-request.ts';
import type { Warning } from '../conversation/warning.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { ClaudeModel } from './claude-models.ts';
import { budgetOf, effortOf } from './reasoning-budget.ts';

/** https://platform.claude.com/docs/en/build-with-claude/extended-thinking: a budget is at least this, and below max_tokens. */
const LEAST_BUDGET = 1024;
/** What is left of a model's most tokens for the answer, where the request sets no limit. */
const LEAST_ANSWER = 4096;
const LEVELS: readonly ReasoningEffort[] = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

export interface EncodedThinking {
  readonly thinking?: JsonObject;
  readonly effort?: ReasoningEffort;
  /** The model will think, or may. */
  readonly isOn: boolean;
  /** Tokens that it may think for where the request sets no limit; 0 for none. */
  readonly tokens: number;
}

/** @param hindrance why a model cannot think with a budget, if it cannot */
export function encodeThinking(
  { reasoning, maxTokens }: ConversationRequest,
  model: ClaudeModel,
  hindrance: string | undefined,
  warnings: Warning[],
): EncodedThinking {
  const unasked = { isOn: model.thinksUnasked, tokens: model.thinksUnasked ? budgetOf('high') : 0 };
  if (reasoning === undefined) return unasked;
  if (isOff(reasoning)) return switchOff(model, warnings);
  const { effort, budgetTokens, adaptive } = reasoning;
  if (effort === undefined && budgetTokens === undefined && adaptive !== true) {
    // Only how it is to be shown.
    return model.thinksUnasked ? { ...unasked, ...adaptiveFor(reasoning, model) } : unasked;
  }
  if (model.thinking === 'none') {
    warnings.push({ param: 'reasoning', message: 'not sent to a model that does not think' });
    return unasked;
  }
  if (model.thinking === 'adaptive' || (model.thinking === 'either' && budgetTokens === undefined)) {
    const level = encodeEffort(reasoning, model, warnings);
    const tokens = budgetOf(level ?? 'high');
    const said = level === undefined ? {} : { effort: level };
    if (adaptive === false && budgetTokens === undefined) return { ...unasked, ...said };
    return { ...adaptiveFor(reasoning, model), ...said, isOn: true, tokens };
  }
  return encodeBudget(reasoning, model, maxTokens, hindrance, warnings);
}

function isOff({ effort, budgetTokens, adaptive }: ReasoningSettings): boolean {
  if (budgetTokens !== undefined) return budgetTokens <= 0;
  return effort === 'none' && adaptive !== true;
}

function switchOff(model: ClaudeModel, warnings: Warning[]): EncodedThinking {
  if (model.thinking === 'none') return { isOn: false, tokens: 0 };
  if (model.off !== 'never') return { thinking: { type: model.off }, isOn: false, tokens: 0 };
  warnings.push({ param: 'reasoning', message: 'cannot be switched off; the effort low is sent' });
  return { effort: 'low', isOn: true, tokens: budgetOf('low') };
}

function adaptiveFor(reasoning: ReasoningSettings, model: ClaudeModel): { readonly thinking: JsonObject } {
  return { thinking: { type: 'adaptive', ...displayOf(reasoning, model) } };
}

/** Thinking that is to be seen says so only where the model would hide it. */
function displayOf({ visible, summary }: ReasoningSettings, model: ClaudeModel): { display?: string } {
  if (visible === false) return { display: 'omitted' };
  const isWanted = visible === true || summary !== undefined;
  return isWanted && model.hidesThinking ? { display: 'summarized' } : {};
}

/** The nearest level that the model has, at most the one that is wanted where there is such. */
function encodeEffort(
  reasoning: ReasoningSettings,
  { efforts }: ClaudeModel,
  warnings: Warning[],
): ReasoningEffort | undefined {
  const { effort, budgetTokens } = reasoning;
  const wanted =
    effort ?? (budgetTokens === undefined ? undefined : (effortOf(reasoning) as ReasoningEffort));
  if (wanted === undefined) return undefined;
  const rank = LEVELS.indexOf(wanted);
  const level = efforts.findLast((one) => LEVELS.indexOf(one) <= rank) ?? efforts[0];
  if (budgetTokens !== undefined) {
    warnings.push({ param: 'thinking.budget_tokens', message: `sent as the effort ${level}` });
  } else if (level !== wanted) {
    warnings.push({ param: 'reasoning', message: `the effort is sent as ${level}` });
  }
  return level;
}

function encodeBudget(
  { effort, budgetTokens, adaptive, ...shown }: ReasoningSettings,
  model: ClaudeModel,
  maxTokens: number | undefined,
  hindrance: string | undefined,
  warnings: Warning[],
): EncodedThinking {
  const said = effort !== undefined && model.efforts.includes(effort) ? { effort } : {};
  if (adaptive === false && budgetTokens === undefined) {
    if (said.effort === undefined) {
      warnings.push({ param: 'output_config.effort', message: 'not known to the model' });
    }
    return { ...said, isOn: false, tokens: 0 };
  }
  // Nothing is to be said, only the prompt is to be cached.
  if (maxTokens === 0) return { isOn: false, tokens: 0 };
  if (hindrance !== undefined) {
    warnings.push({ param: 'reasoning', message: hindrance });
    return { isOn: false, tokens: 0 };
  }
  const wanted = budgetTokens ?? budgetOf(effort ?? 'medium');
  const limit = Math.min(model.mostTokens, maxTokens ?? Number.POSITIVE_INFINITY);
  const room = maxTokens === undefined ? LEAST_ANSWER : 1;
  const tokens = Math.max(LEAST_BUDGET, Math.min(wanted, limit - room));
  if (budgetTokens !== undefined && tokens !== budgetTokens) {
    warnings.push({ param: 'thinking.budget_tokens', message: `changed to ${tokens}` });
  }
  const thinking = { type: 'enabled', budget_tokens: tokens, ...displayOf(shown, model) };
  return { thinking, ...(budgetTokens === undefined ? {} : said), isOn: true, tokens };
}
