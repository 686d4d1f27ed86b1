// Neutral terms → a Responses request. Nothing is stored at the provider: the conversation is the client's, and what the model
// reasoned comes back encrypted. https://platform.openai.com/docs/guides/migrate-to-responses

import type { AnswerFormat, ConversationRequest, Message } from '../../conversation/conversation-request.ts';
import { foreignMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { present } from '../../json/read-value.ts';
import { withoutNeedless } from '../caches-unasked.ts';
import { customNames } from '../custom-tools.ts';
import { canReason, effortFor, withoutRefused } from '../openai-models.ts';
import type { EncodedRequest, EncodingTarget } from '../provider-dialect.ts';
import { strictFor } from '../strict-schema.ts';
import { withinRange } from '../within-range.ts';
import { unknown, warnCache } from './encode-content.ts';
import { encodeItems } from './encode-items.ts';
import { encodeTool, encodeToolChoice } from './encode-tools.ts';
import { DIALECT, ownMembers } from './keep-rest.ts';

/** Below it the vendor refuses the request. */
const LEAST_TOKENS = 16;
const MOST_LOGPROBS = 20;

/** @throws GatewayError 'invalid-request' for what must not be lost */
export function encodeRequest(asked: ConversationRequest, target: EncodingTarget): EncodedRequest {
  const warnings: Warning[] = foreignMembers(asked.vendor, DIALECT).map(unknown);
  const own = ownMembers(asked.vendor);
  warnUnsaid(asked, warnings);
  const { stop, frequencyPenalty, presencePenalty, ...sayable } = asked;
  const request = withoutRefused(sayable, target.modelId, warnings);
  const { messages, logprobs, toolChoice, serviceTier } = request;
  const instructions = instructionsOf(messages, own, warnings);
  const body: JsonObject = {
    model: target.modelId,
    ...present({ instructions }),
    input: encodeItems(messages, instructions === undefined ? 0 : 1, warnings),
    ...present({
      tools: request.tools?.map((tool, index) => encodeTool(tool, index, warnings)),
      tool_choice:
        toolChoice === undefined ? undefined : encodeToolChoice(toolChoice, customNames(request.tools)),
      parallel_tool_calls: request.parallelToolCalls,
      max_output_tokens: withinRange(
        'max_tokens',
        request.maxTokens,
        LEAST_TOKENS,
        Number.MAX_SAFE_INTEGER,
        warnings,
      ),
      temperature: withinRange('temperature', request.temperature, 0, 2, warnings),
      top_p: withinRange('top_p', request.topP, 0, 1, warnings),
      top_logprobs: withinRange('top_logprobs', logprobs?.top, 0, MOST_LOGPROBS, warnings),
      user: request.user,
      metadata: request.metadata === undefined ? undefined : { ...request.metadata },
      service_tier: serviceTier === 'standard-only' ? 'default' : serviceTier,
      prompt_cache_key: request.cacheKey,
      // Background work needs its answer stored.
      store: own['background'] === true ? undefined : false,
    }),
    ...own,
    ...present({
      text: merged(own['text'], request.format && { format: encodeFormat(request.format, warnings) }),
      reasoning: merged(own['reasoning'], encodeReasoning(request, target.modelId, warnings)),
      include: encodeInclude(request, target.modelId, own['include']),
    }),
    ...(target.stream ? { stream: true } : {}),
  };
  return { body, warnings: withoutNeedless(warnings, target.modelId) };
}

function warnUnsaid(request: ConversationRequest, warnings: Warning[]): void {
  const unsaid: readonly (readonly [param: string, isSet: boolean])[] = [
    ['stop', (request.stop?.length ?? 0) > 0],
    ['seed', request.seed !== undefined],
    ['n', (request.answers ?? 1) !== 1],
    ['top_k', request.topK !== undefined],
    ['frequency_penalty', (request.frequencyPenalty ?? 0) !== 0],
    ['presence_penalty', (request.presencePenalty ?? 0) !== 0],
  ];
  for (const [param, isSet] of unsaid) if (isSet) warnings.push(unknown(param));
}

/** A first system message of one plain text, where something else is left for `input`. */
function instructionsOf(
  messages: readonly Message[],
  own: JsonObject,
  warnings: Warning[],
): string | undefined {
  const [first, second] = messages;
  if (first?.role !== 'system' || first.name !== undefined || first.vendor !== undefined) return undefined;
  const [part, more] = first.parts;
  if (part?.type !== 'text' || more !== undefined || part.vendor !== undefined) return undefined;
  const elsewhere = ['previous_response_id', 'conversation', 'prompt'].some(
    (name) => own[name] !== undefined,
  );
  if (second === undefined && !elsewhere) return undefined;
  warnCache(part.cache, warnings);
  return part.text;
}

function encodeFormat(format: AnswerFormat, warnings: Warning[]): JsonObject {
  if (format.type !== 'json-schema') return { type: format.type === 'json' ? 'json_object' : 'text' };
  const { name, description, schema } = format;
  const strict = strictFor(schema, format.strict, DIALECT, 'response_format', warnings);
  return {
    type: 'json_schema',
    name: name === '' ? 'answer' : name,
    schema,
    ...present({ description, strict }),
  };
}

function encodeReasoning(
  { reasoning }: ConversationRequest,
  modelId: string,
  warnings: Warning[],
): JsonObject | undefined {
  if (reasoning === undefined) return undefined;
  const { budgetTokens, summary, visible } = reasoning;
  const effort = effortFor(reasoning, modelId, warnings);
  if (!canReason(modelId)) return undefined;
  if (budgetTokens !== undefined) {
    warnings.push({ param: 'thinking.budget_tokens', message: `sent as effort ${effort}` });
  }
  const members = present({ effort, summary: summary ?? (visible === true ? 'auto' : undefined) });
  return Object.keys(members).length === 0 ? undefined : members;
}

/** Models that do not reason refuse to encrypt it: asked for only where reasoning is wanted. */
function encodeInclude(
  request: ConversationRequest,
  modelId: string,
  own: JsonValue | undefined,
): JsonValue[] | undefined {
  const include = Array.isArray(own) ? [...own] : [];
  if (request.reasoning !== undefined && canReason(modelId)) include.push('reasoning.encrypted_content');
  if (request.logprobs !== undefined) include.push('message.output_text.logprobs');
  return include.length === 0 ? undefined : include;
}

function merged(own: JsonValue | undefined, members: JsonObject | undefined): JsonObject | undefined {
  return isObject(own) ? { ...own, ...members } : members;
}
