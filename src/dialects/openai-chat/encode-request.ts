// Neutral terms → a Chat Completions request. Nothing that only OpenAI itself knows is sent, since many others speak this dialect.

import type { AnswerFormat, ConversationRequest } from '../../conversation/conversation-request.ts';
import { foreignMembers, ownMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { present } from '../../json/read-value.ts';
import { cachesUnasked } from '../caches-unasked.ts';
import { customNames } from '../custom-tools.ts';
import {
  effortFor,
  forgoesThinkingForTools,
  isReasoningModel,
  knowsNoReasoning,
  withoutRefused,
} from '../openai-models.ts';
import type { EncodedRequest, EncodingTarget } from '../provider-dialect.ts';
import { effortOf } from '../reasoning-budget.ts';
import { strictFor } from '../strict-schema.ts';
import { withinRange } from '../within-range.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeTool, encodeToolChoice, unknown } from './encode-tools.ts';
import { encodeBreakpoint, takesBreakpoints } from './prompt-caching.ts';
import { takesCustomTools } from './takes-custom-tools.ts';

const DIALECT = 'openai-chat';
const MOST_STOPS = 4;

/** @throws GatewayError 'invalid-request' for what must not be lost */
export function encodeRequest(asked: ConversationRequest, target: EncodingTarget): EncodedRequest {
  const { modelId } = target;
  const warnings: Warning[] = foreignMembers(asked.vendor, DIALECT).map(unknown);
  const request = withoutRefused(asked, modelId, warnings);
  warnUnsaid(request, modelId, warnings);
  const messages = encodeMessages(request.messages, modelId, warnings);
  const body: JsonObject = {
    model: modelId,
    messages,
    ...encodeTools(request, modelId, warnings),
    ...encodeBreakpoint(request.cache, takesBreakpoints(modelId)),
    ...present({
      response_format: request.format && encodeFormat(request.format, warnings),
      reasoning_effort: encodeEffort(request, modelId, warnings),
      // These refuse `max_tokens`; others may not know the newer name.
      [isReasoningModel(modelId) ? 'max_completion_tokens' : 'max_tokens']: withinRange(
        'max_tokens',
        request.maxTokens,
        1,
        Number.MAX_SAFE_INTEGER,
        warnings,
      ),
      temperature: withinRange('temperature', request.temperature, 0, 2, warnings),
      top_p: withinRange('top_p', request.topP, 0, 1, warnings),
      frequency_penalty: withinRange('frequency_penalty', request.frequencyPenalty, -2, 2, warnings),
      presence_penalty: withinRange('presence_penalty', request.presencePenalty, -2, 2, warnings),
      seed: request.seed,
      stop: encodeStop(request.stop, warnings),
      n: request.answers,
      logprobs: request.logprobs && true,
      top_logprobs: request.logprobs && withinRange('top_logprobs', request.logprobs.top, 0, 20, warnings),
      user: request.user,
      service_tier: request.serviceTier === 'standard-only' ? 'default' : request.serviceTier,
    }),
    ...ownMembers(request.vendor, DIALECT),
    ...(target.stream ? { stream: true } : {}),
    ...(target.stream && target.asksForUsage ? { stream_options: { include_usage: true } } : {}),
  };
  return { body, warnings };
}

function warnUnsaid(request: ConversationRequest, modelId: string, warnings: Warning[]): void {
  if (request.topK !== undefined) warnings.push(unknown('top_k'));
  // https://platform.openai.com/docs/api-reference/chat/create: only together with `store`.
  if (request.metadata !== undefined) warnings.push(unknown('metadata'));
  if (request.cacheKey !== undefined) {
    warnings.push({ param: 'prompt_cache_key', message: `not known to all who speak ${DIALECT}` });
  }
  if (isCached(request) && !takesBreakpoints(modelId) && !cachesUnasked(modelId)) {
    warnings.push({
      param: 'cache_control',
      message: 'the provider caches what it does by itself, if anything',
    });
  }
}

function isCached({ cache, messages, tools }: ConversationRequest): boolean {
  if (cache !== undefined) return true;
  if (tools?.some((tool) => tool.type !== 'vendor' && tool.cache !== undefined)) return true;
  return messages.some(({ parts }) =>
    parts.some(
      (part) =>
        (part.type !== 'vendor' && part.cache !== undefined) ||
        (part.type === 'tool-result' && part.content.some(({ cache: ofPiece }) => ofPiece !== undefined)),
    ),
  );
}

/** An empty list is refused, and so is a choice without tools. */
function encodeTools(
  { tools, toolChoice, parallelToolCalls }: ConversationRequest,
  modelId: string,
  warnings: Warning[],
): JsonObject {
  if (tools === undefined || tools.length === 0) return {};
  const takesCustom = takesCustomTools(modelId);
  const custom = customNames(takesCustom ? tools : []);
  return {
    tools: tools.map((tool, index) => ({
      ...encodeTool(tool, index, takesCustom, warnings),
      ...(tool.type !== 'vendor' ? encodeBreakpoint(tool.cache, takesBreakpoints(modelId)) : {}),
    })),
    ...(toolChoice === undefined ? {} : { tool_choice: encodeToolChoice(toolChoice, custom) }),
    ...(parallelToolCalls === undefined ? {} : { parallel_tool_calls: parallelToolCalls }),
  };
}

function encodeEffort(
  { reasoning, tools }: ConversationRequest,
  modelId: string,
  warnings: Warning[],
): string | undefined {
  if (tools !== undefined && tools.length > 0 && forgoesThinkingForTools(modelId)) {
    if (reasoning !== undefined && effortOf(reasoning) !== 'none')
      warnings.push({ param: 'reasoning_effort', message: `off: ${modelId} takes tools in Chat only then` });
    return 'none';
  }
  if (reasoning === undefined) return undefined;
  const effort = effortFor(reasoning, modelId, warnings);
  if (effort !== 'none' || knowsNoReasoning(modelId)) return effort;
  warnings.push({
    param: 'reasoning_effort',
    message: "'none' is not known to every model, so it was left out",
  });
  return undefined;
}

function encodeStop(stop: readonly string[] | undefined, warnings: Warning[]): string[] | undefined {
  if (stop === undefined || stop.length === 0) return undefined;
  if (stop.length > MOST_STOPS) warnings.push({ param: 'stop', message: `cut to the first ${MOST_STOPS}` });
  return stop.slice(0, MOST_STOPS);
}

function encodeFormat(format: AnswerFormat, warnings: Warning[]): JsonObject {
  if (format.type !== 'json-schema') return { type: format.type === 'json' ? 'json_object' : 'text' };
  const { name, description, schema } = format;
  const strict = strictFor(schema, format.strict, DIALECT, 'response_format', warnings);
  return {
    type: 'json_schema',
    json_schema: { name: name === '' ? 'answer' : name, schema, ...present({ description, strict }) },
  };
}
