// Neutral reasoning settings → what the model's family is told: Converse itself names an effort only.

import type { ConversationRequest, ReasoningSettings } from '../../conversation/conversation-request.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { objectsOf } from '../../json/read-value.ts';
import type { ClaudeModel } from '../claude-models.ts';
import { encodeThinking as encodeClaudeThinking } from '../claude-thinking.ts';
import { effortOf } from '../reasoning-budget.ts';
import type { ModelFamily } from './model-families.ts';

const PARAM = 'reasoning';

export interface EncodedThinking {
  /** Of `additionalModelRequestFields`. */
  readonly fields: JsonObject;
  /** Of `outputConfig`. */
  readonly effort: string | undefined;
  readonly maxTokens: number | undefined;
  /** Claude thinks, or may, and so takes no sampling. */
  readonly isThinking: boolean;
}

/** @param messages as they go out */
export function encodeThinking(
  request: ConversationRequest,
  { claude, thinking }: ModelFamily,
  messages: readonly JsonObject[],
  warnings: Warning[],
): EncodedThinking {
  if (claude !== undefined) return thinkAsClaude(request, claude, messages, warnings);
  const { reasoning, maxTokens } = request;
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
  }
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html */
function thinkAsClaude(
  request: ConversationRequest,
  claude: ClaudeModel,
  messages: readonly JsonObject[],
  warnings: Warning[],
): EncodedThinking {
  const { thinking, effort, isOn, tokens } = encodeClaudeThinking(
    request,
    claude,
    hindranceIn(request, messages),
    warnings,
  );
  // Bedrock refuses to switch off what some models leave off by themselves.
  const isSaid = thinking !== undefined && (isOn || claude.thinksUnasked);
  return {
    fields: isSaid ? { thinking } : {},
    effort,
    maxTokens: raise(request.maxTokens, thinking?.['type'] === 'enabled' ? tokens : 0, warnings),
    isThinking: isOn,
  };
}

/** Above the budget, which is part of it. */
function raise(maxTokens: number | undefined, budget: number, warnings: Warning[]): number | undefined {
  if (maxTokens === undefined || budget === 0 || maxTokens > budget) return maxTokens;
  warnings.push({ param: 'max_tokens', message: `raised to ${budget + 1}, above the thinking budget` });
  return budget + 1;
}

/** What keeps a model from thinking with a budget. */
function hindranceIn(
  { tools, toolChoice }: ConversationRequest,
  messages: readonly JsonObject[],
): string | undefined {
  const isForced = toolChoice?.type === 'required' || toolChoice?.type === 'tools';
  if (tools !== undefined && isForced) return 'off: the model cannot think where a tool is forced';
  return lacksThoughts(messages) ? 'off: the thoughts before the tool calls did not come back' : undefined;
}

/**
 * Whether tools were called without thoughts that Claude would know again. Until that loop is over it refuses to think with a
 * budget: https://docs.claude.com/en/docs/build-with-claude/extended-thinking#preserving-thinking-blocks
 */
function lacksThoughts(messages: readonly JsonObject[]): boolean {
  const [called = [], answered = []] = messages.slice(-2).map(({ content }) => objectsOf(content));
  const isInLoop = answered.some(({ toolResult }) => toolResult !== undefined);
  return isInLoop && called[0]?.['reasoningContent'] === undefined;
}

function isOff({ effort, budgetTokens, adaptive }: ReasoningSettings): boolean {
  if (budgetTokens !== undefined) return budgetTokens <= 0;
  return adaptive !== true && (effort ?? 'none') === 'none';
}

/** The three levels that both know. */
function levelOf(reasoning: ReasoningSettings, warnings: Warning[]): string {
  const level = effortOf(reasoning) ?? 'medium';
  if (level === 'minimal') return 'low';
  if (level !== 'xhigh' && level !== 'max') return level;
  warnings.push({ param: PARAM, message: 'lowered to high' });
  return 'high';
}
