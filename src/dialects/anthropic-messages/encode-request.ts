// Neutral terms → a Messages request: https://platform.claude.com/docs/en/api/messages

import type { ConversationRequest } from '../../conversation/conversation-request.ts';
import { foreignMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { objectOf, present } from '../../json/read-value.ts';
import { type ClaudeModel, claudeModel } from '../claude-models.ts';
import { encodeSampling } from '../claude-sampling.ts';
import { adaptSchema } from '../claude-schema.ts';
import { type EncodedThinking, encodeThinking } from '../claude-thinking.ts';
import type { EncodedRequest, EncodingTarget } from '../provider-dialect.ts';
import { encodeCache } from './encode-blocks.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeTool, encodeToolChoice, isForced } from './encode-tools.ts';
import { DIALECT, ownMembers, unknown } from './keep-rest.ts';
import { lacksThoughts } from './lacks-thoughts.ts';

/** The vendor wants a limit; a client that names none gets this much for the answer itself. */
const DEFAULT_MAX_TOKENS = 8192;

/** @throws GatewayError 'invalid-request' for what must not be lost */
export function encodeRequest(request: ConversationRequest, target: EncodingTarget): EncodedRequest {
  const model = modelAt(target);
  const warnings: Warning[] = foreignMembers(request.vendor, DIALECT).map(unknown);
  warnUnsaid(request, warnings);
  const { system, messages } = encodeMessages(request.messages, model, warnings);
  const thought = encodeThinking(request, model, hindranceIn(request, messages), warnings);
  // Members of which only a part is the vendor's own are joined with what is said here.
  const {
    thinking: ownThinking,
    output_config: ownConfig,
    metadata: ownMetadata,
    ...own
  } = ownMembers(request.vendor);
  const thinking = { ...thought.thinking, ...objectOf(ownThinking) };
  const config = {
    ...present({ effort: thought.effort }),
    ...encodeFormat(request, warnings),
    ...objectOf(ownConfig),
  };
  const metadata = { ...present({ user_id: request.user }), ...objectOf(ownMetadata) };
  const body: JsonObject = {
    model: target.modelId,
    max_tokens: maxTokens(request, thought, model, warnings),
    ...(system.length === 0 ? {} : { system }),
    messages,
    ...present({
      tools: request.tools?.map((tool, index) => encodeTool(tool, index, warnings)),
      tool_choice: encodeToolChoice(request, model, warnings),
      output_config: unlessEmpty(config),
      thinking: unlessEmpty(thinking),
      stop_sequences: encodeStop(request.stop, warnings),
      metadata: unlessEmpty(metadata),
      cache_control: request.cache && encodeCache(request.cache),
      service_tier: encodeTier(request.serviceTier, warnings),
    }),
    ...encodeSampling(request, model, thought.isOn, warnings),
    ...own,
    ...(target.stream ? { stream: true } : {}),
  };
  return { body, warnings };
}

function modelAt({ modelId, takesSystemTurns }: EncodingTarget): ClaudeModel {
  const model = claudeModel(modelId);
  return takesSystemTurns === false ? { ...model, takesSystemTurns } : model;
}

function unlessEmpty(members: JsonObject): JsonObject | undefined {
  return Object.keys(members).length === 0 ? undefined : members;
}

function warnUnsaid(request: ConversationRequest, warnings: Warning[]): void {
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
}

/** What keeps a model from thinking with a budget. */
function hindranceIn(
  { tools, toolChoice }: ConversationRequest,
  messages: readonly JsonObject[],
): string | undefined {
  if (tools !== undefined && isForced(toolChoice))
    return 'off: the model cannot think where a tool is forced';
  return lacksThoughts(messages) ? 'off: the thoughts before the tool calls did not come back' : undefined;
}

/** Thinking is part of the limit; a budget for it must be less. */
function maxTokens(
  { maxTokens: wanted }: ConversationRequest,
  { thinking, tokens }: EncodedThinking,
  { mostTokens }: ClaudeModel,
  warnings: Warning[],
): number {
  if (wanted === undefined) return Math.min(mostTokens, DEFAULT_MAX_TOKENS + tokens);
  if (wanted > mostTokens) {
    warnings.push({ param: 'max_tokens', message: `lowered to ${mostTokens}` });
    return mostTokens;
  }
  if (thinking?.['type'] !== 'enabled' || wanted > tokens) return wanted;
  warnings.push({ param: 'max_tokens', message: `raised to ${tokens + 1}, above the thinking budget` });
  return tokens + 1;
}

function encodeFormat({ format }: ConversationRequest, warnings: Warning[]): JsonObject {
  if (format === undefined || format.type === 'text') return {};
  if (format.type === 'json') {
    warnings.push({ param: 'response_format', message: `${DIALECT} has no JSON mode without a schema` });
    return {};
  }
  const schema = adaptSchema(format.schema, DIALECT, 'response_format', warnings);
  return { format: { type: 'json_schema', schema } };
}

/** The vendor refuses sequences of white space alone. */
function encodeStop(stop: readonly string[] | undefined, warnings: Warning[]): string[] | undefined {
  if (stop === undefined) return undefined;
  const kept = stop.filter((sequence) => sequence.trim() !== '');
  if (kept.length < stop.length) {
    warnings.push({ param: 'stop', message: 'a sequence of white space is not sent' });
  }
  return kept.length === 0 ? undefined : kept;
}

/** https://platform.claude.com/docs/en/api/service-tiers */
function encodeTier(tier: ConversationRequest['serviceTier'], warnings: Warning[]): string | undefined {
  if (tier === undefined || tier === 'auto') return tier;
  if (tier === 'standard-only' || tier === 'default') return 'standard_only';
  warnings.push(unknown('service_tier'));
  return undefined;
}
