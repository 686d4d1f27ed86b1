// Neutral terms → a Messages request.

import { GatewayError } from '../../contract/gateway-error.ts';
import type { ConversationRequest, Tool, ToolChoice } from '../../conversation/conversation-request.ts';
import { foreignMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { objectsOf, present, stringOf } from '../../json/read-value.ts';
import type { EncodedRequest, EncodingTarget } from '../provider-dialect.ts';
import { budgetOf } from '../reasoning-budget.ts';
import { cannotSay, encodeCache } from './encode-blocks.ts';
import { encodeMessages } from './encode-messages.ts';

const DIALECT = 'anthropic-messages';
/** The vendor wants a limit; a client that names none gets this much. */
const DEFAULT_MAX_TOKENS = 8192;
/** https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking: a budget is at least this, and below max_tokens. */
const LEAST_BUDGET = 1024;

/** @throws GatewayError 'invalid-request' for what must not be lost */
export function encodeRequest(request: ConversationRequest, target: EncodingTarget): EncodedRequest {
  const warnings: Warning[] = foreignMembers(request.vendor, DIALECT).map(unknown);
  const ignored: readonly (readonly [param: string, value: unknown])[] = [
    ['seed', request.seed],
    ['frequency_penalty', request.frequencyPenalty || undefined],
    ['presence_penalty', request.presencePenalty || undefined],
    ['logprobs', request.logprobs],
    ['prompt_cache_key', request.cacheKey],
    ['n', request.answers === undefined || request.answers === 1 ? undefined : request.answers],
    ['metadata', request.metadata],
  ];
  for (const [param, value] of ignored) if (value !== undefined) warnings.push(unknown(param));
  if (request.format?.type === 'json') {
    warnings.push({ param: 'response_format', message: `${DIALECT} has no JSON mode without a schema` });
  }
  const { system, messages } = encodeMessages(request.messages, warnings);
  const thinking = thinkingOf(request, messages, warnings);
  const maxTokens = Math.max(request.maxTokens ?? DEFAULT_MAX_TOKENS + (thinking ?? 0), (thinking ?? 0) + 1);
  if (request.maxTokens !== undefined && maxTokens > request.maxTokens) {
    warnings.push({ param: 'max_tokens', message: `raised to ${maxTokens}, above the thinking budget` });
  }
  const body: JsonObject = {
    model: target.modelId,
    max_tokens: maxTokens,
    ...(system.length === 0 ? {} : { system }),
    messages,
    ...present({
      tools: request.tools?.map(encodeTool),
      tool_choice: encodeToolChoice(request, thinking !== undefined, warnings),
      output_config:
        request.format?.type === 'json-schema'
          ? { format: { type: 'json_schema', schema: request.format.schema } }
          : undefined,
      thinking: thinking === undefined ? undefined : { type: 'enabled', budget_tokens: thinking },
      ...sampling(request, thinking !== undefined, warnings),
      stop_sequences: stopOf(request, warnings),
      metadata: request.user === undefined ? undefined : { user_id: request.user },
      cache_control: request.cache && encodeCache(request.cache),
      service_tier:
        request.serviceTier === 'standard-only' || request.serviceTier === 'default'
          ? 'standard_only'
          : undefined,
    }),
    ...(target.stream ? { stream: true } : {}),
  };
  return { body, warnings };
}

const unknown = (param: string): Warning => ({ param, message: `not known to ${DIALECT}` });

function thinkingOf(
  request: ConversationRequest,
  messages: readonly JsonObject[],
  warnings: Warning[],
): number | undefined {
  const tokens = budget(request, warnings);
  if (tokens === undefined || !lacksThoughts(messages)) return tokens;
  warnings.push({ param: 'reasoning', message: 'off: the thoughts before the tool calls did not come back' });
  return undefined;
}

/**
 * Whether tools were called without thoughts that the vendor would know again, which some clients never send back. Until that
 * loop is over it refuses to think: https://docs.claude.com/en/docs/build-with-claude/extended-thinking#preserving-thinking-blocks
 */
function lacksThoughts(messages: readonly JsonObject[]): boolean {
  const [called = [], answered = []] = messages.slice(-2).map(({ content }) => objectsOf(content));
  return (
    answered.some(({ type }) => type === 'tool_result') &&
    !['thinking', 'redacted_thinking'].includes(stringOf(called[0]?.['type']) ?? '')
  );
}

function budget({ reasoning, maxTokens }: ConversationRequest, warnings: Warning[]): number | undefined {
  if (reasoning === undefined) return undefined;
  const { budgetTokens, effort, adaptive } = reasoning;
  const wanted = budgetTokens ?? budgetOf(effort ?? (adaptive === true ? 'medium' : 'none'));
  if (wanted <= 0) return undefined;
  const most = maxTokens === undefined ? wanted : Math.max(LEAST_BUDGET, Math.min(wanted, maxTokens - 1));
  const tokens = Math.max(LEAST_BUDGET, most);
  if (budgetTokens !== undefined && tokens !== budgetTokens) {
    warnings.push({ param: 'thinking.budget_tokens', message: `changed to ${tokens}` });
  }
  return tokens;
}

/** With thinking on, the vendor refuses all of these but top_p close to 1. */
function sampling(
  { temperature, topP, topK }: ConversationRequest,
  isThinking: boolean,
  warnings: Warning[],
): { temperature?: number | undefined; top_p?: number | undefined; top_k?: number | undefined } {
  if (isThinking) {
    const given = { temperature: temperature === 1 ? undefined : temperature, top_p: topP, top_k: topK };
    for (const [param, value] of Object.entries(given)) {
      if (value !== undefined) warnings.push({ param, message: 'not sent with thinking on' });
    }
    return {};
  }
  if (temperature !== undefined && temperature > 1)
    warnings.push({ param: 'temperature', message: 'lowered to 1' });
  return {
    temperature: temperature === undefined ? undefined : Math.min(1, temperature),
    top_p: topP,
    top_k: topK,
  };
}

/** The vendor refuses sequences of white space alone. */
function stopOf({ stop }: ConversationRequest, warnings: Warning[]): string[] | undefined {
  if (stop === undefined) return undefined;
  const kept = stop.filter((sequence) => sequence.trim() !== '');
  if (kept.length < stop.length)
    warnings.push({ param: 'stop', message: 'a sequence of white space is not sent' });
  return kept.length === 0 ? undefined : kept;
}

function encodeTool(tool: Tool, index: number): JsonObject {
  if (tool.type === 'vendor') throw cannotSay(`tool ${tool.name}`, `tools[${index}]`);
  const { name, description, parameters, strict, cache } = tool;
  return {
    name,
    ...present({
      description,
      strict: strict === true ? true : undefined,
      cache_control: cache && encodeCache(cache),
    }),
    input_schema: parameters ?? { type: 'object', properties: {} },
  };
}

function encodeToolChoice(
  { toolChoice, parallelToolCalls, tools }: ConversationRequest,
  isThinking: boolean,
  warnings: Warning[],
): JsonObject | undefined {
  if (tools === undefined) return undefined;
  const chosen = choiceOf(toolChoice, isThinking, warnings);
  if (parallelToolCalls !== false) return chosen;
  if (chosen?.['type'] === 'none') return chosen;
  return { ...(chosen ?? { type: 'auto' }), disable_parallel_tool_use: true };
}

function choiceOf(
  choice: ToolChoice | undefined,
  isThinking: boolean,
  warnings: Warning[],
): JsonObject | undefined {
  if (choice === undefined) return undefined;
  switch (choice.type) {
    case 'auto':
    case 'none':
      return { type: choice.type };
    case 'vendor':
      throw new GatewayError(
        'invalid-request',
        `'tool_choice' has a form that ${DIALECT} cannot be told`,
        'tool_choice',
      );
    case 'required':
    case 'tools':
      return forced(choice, isThinking, warnings);
  }
}

type Forced = Extract<ToolChoice, { type: 'required' | 'tools' }>;

function forced(choice: Forced, isThinking: boolean, warnings: Warning[]): JsonObject {
  if (isThinking) {
    warnings.push({ param: 'tool_choice', message: 'with thinking on no tool can be forced; auto is sent' });
    return { type: 'auto' };
  }
  if (choice.type === 'required') return { type: 'any' };
  const [name = ''] = choice.names;
  if (choice.names.length > 1)
    warnings.push({ param: 'tool_choice', message: 'only the first name is sent' });
  return { type: 'tool', name };
}
