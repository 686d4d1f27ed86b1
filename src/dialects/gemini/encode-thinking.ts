// Neutral reasoning settings → `thinkingConfig`, in what the model's generation takes: budgets up to 2.5, levels from 3 on.
// https://ai.google.dev/gemini-api/docs/thinking

import type { ReasoningEffort, ReasoningSettings } from '../../conversation/conversation-request.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { present } from '../../json/read-value.ts';
import { budgetOf } from '../reasoning-budget.ts';
import { generationOf } from './model-generation.ts';

const PARAM = 'reasoning';
const MOST_TOKENS = 32_768;

export function encodeThinking(
  reasoning: ReasoningSettings,
  modelId: string,
  warnings: Warning[],
): JsonObject | undefined {
  const generation = generationOf(modelId);
  const isOff = reasoning.effort === 'none' && reasoning.budgetTokens === undefined;
  if (generation !== undefined && generation < 2.5) {
    if (!isOff) warnings.push({ param: PARAM, message: 'not sent to a model that does not think' });
    return undefined;
  }
  const { visible, summary } = reasoning;
  const config: JsonObject = {
    ...amountOf(reasoning, modelId, generation, warnings),
    ...present({ includeThoughts: visible ?? (summary === undefined ? undefined : true) }),
  };
  return Object.keys(config).length === 0 ? undefined : config;
}

function amountOf(
  { effort, budgetTokens, adaptive }: ReasoningSettings,
  modelId: string,
  generation: number | undefined,
  warnings: Warning[],
): JsonObject {
  if (budgetTokens !== undefined)
    return { thinkingBudget: inRange(budgetTokens, modelId, generation, warnings) };
  if (effort === undefined) return adaptive === true ? { thinkingBudget: -1 } : {};
  if (generation === undefined)
    return effort === 'none' ? { thinkingBudget: 0 } : { thinkingLevel: levelOf(effort) };
  if (generation >= 3) return { thinkingLevel: supportedLevel(effort, modelId, warnings) };
  const wanted = budgetOf(effort);
  const isMost = wanted >= budgetOf('xhigh');
  return { thinkingBudget: inRange(wanted, modelId, generation, isMost ? [] : warnings) };
}

function levelOf(effort: Exclude<ReasoningEffort, 'none'>): string {
  return effort === 'max' ? 'XHIGH' : effort.toUpperCase();
}

/** The levels that all models of the newer generations have; the larger ones cannot think as little as `minimal`. */
function supportedLevel(effort: ReasoningEffort, modelId: string, warnings: Warning[]): string {
  if (effort === 'xhigh' || effort === 'max') {
    warnings.push({ param: PARAM, message: 'lowered to high' });
    return 'HIGH';
  }
  const least = modelId.includes('pro') ? 'LOW' : 'MINIMAL';
  if (effort === 'none') {
    warnings.push({ param: PARAM, message: `cannot be switched off; ${least.toLowerCase()} is sent` });
    return least;
  }
  if (effort !== 'minimal' || least === 'MINIMAL') return levelOf(effort);
  warnings.push({ param: PARAM, message: 'raised to low' });
  return least;
}

/** Gemini 2.5's ranges by its models; of others only the most is known. */
function inRange(
  tokens: number,
  modelId: string,
  generation: number | undefined,
  warnings: Warning[],
): number {
  if (generation === undefined) return tokens;
  const isPro = modelId.includes('pro');
  const isOld = generation < 3;
  const most = isOld && !isPro ? 24_576 : MOST_TOKENS;
  const least = isOld && isPro ? 128 : isOld && modelId.includes('lite') && tokens > 0 ? 512 : 0;
  const allowed = Math.min(most, Math.max(least, tokens));
  if (allowed !== tokens) warnings.push({ param: PARAM, message: `the budget was changed to ${allowed}` });
  return allowed;
}
