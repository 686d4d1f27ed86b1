// Neutral terms → a Converse request: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
// Model and streaming are in the path.

import type { ConversationRequest } from '../../conversation/conversation-request.ts';
import { foreignMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { numberOf, present } from '../../json/read-value.ts';
import { encodeSampling as encodeClaudeSampling } from '../claude-sampling.ts';
import { adaptSchema } from '../claude-schema.ts';
import type { EncodedRequest, EncodingTarget } from '../provider-dialect.ts';
import { unknown } from './cannot-say.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeThinking } from './encode-thinking.ts';
import { encodeTools } from './encode-tools.ts';
import { familyOf, type ModelFamily } from './model-families.ts';

/** @throws GatewayError 'invalid-request' for what must not be lost */
export function encodeRequest(request: ConversationRequest, { modelId }: EncodingTarget): EncodedRequest {
  const warnings: Warning[] = foreignMembers(request.vendor, 'bedrock-converse').map(unknown);
  warnOfUnknown(request, warnings);
  const family = familyOf(modelId);
  const { system, messages } = encodeMessages(request.messages, modelId, request.cache, warnings);
  const thinking = encodeThinking(request, family, messages, warnings);
  const { temperature, topP, topK } = encodeSampling(request, family, thinking.isThinking, warnings);
  const stopSequences = stopOf(request, warnings);
  const tools = encodeTools(request, family, warnings);
  const fields = { ...thinking.fields, ...topKFields(topK, family), ...tools.fields };
  const isNamed = family.namesStop && stopSequences !== undefined;
  const body: JsonObject = {
    messages,
    ...present({
      system: ownOrNone(system),
      inferenceConfig: ownOrNone(
        present({ maxTokens: thinking.maxTokens, temperature, topP, stopSequences }),
      ),
      toolConfig: tools.toolConfig,
      additionalModelRequestFields: ownOrNone(fields),
      // A stream gives Claude's own `message_delta`, an answer its message.
      additionalModelResponseFieldPaths: isNamed ? ['/stop_sequence', '/delta/stop_sequence'] : undefined,
      outputConfig: ownOrNone(
        present({ textFormat: textFormatOf(request, warnings), effort: thinking.effort }),
      ),
      requestMetadata: ownOrNone(metadataOf(request, warnings)),
      serviceTier: tierOf(request),
    }),
  };
  return { body, warnings };
}

function ownOrNone<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}

function warnOfUnknown(request: ConversationRequest, warnings: Warning[]): void {
  const { answers, format } = request;
  const ignored: readonly (readonly [param: string, value: unknown])[] = [
    ['seed', request.seed],
    ['frequency_penalty', request.frequencyPenalty || undefined],
    ['presence_penalty', request.presencePenalty || undefined],
    ['logprobs', request.logprobs],
    ['prompt_cache_key', request.cacheKey],
    ['n', answers === 1 ? undefined : answers],
  ];
  for (const [param, value] of ignored) if (value !== undefined) warnings.push(unknown(param));
  if (format?.type !== 'json') return;
  warnings.push({ param: 'response_format', message: 'bedrock-converse has no JSON mode without a schema' });
}

type Sampling = Pick<ConversationRequest, 'temperature' | 'topP' | 'topK'>;

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InferenceConfiguration.html: 0 to 1, both. */
function encodeSampling(
  request: ConversationRequest,
  { claude, topK: place }: ModelFamily,
  isThinking: boolean,
  warnings: Warning[],
): Sampling {
  if (claude !== undefined) {
    const taken = encodeClaudeSampling(request, claude, isThinking, warnings);
    return present({
      temperature: numberOf(taken['temperature']),
      topP: numberOf(taken['top_p']),
      topK: numberOf(taken['top_k']),
    });
  }
  const { temperature, topP, topK } = request;
  if (topK !== undefined && place === 'none')
    warnings.push({ param: 'top_k', message: 'not sent to this model' });
  if (temperature !== undefined && temperature > 1)
    warnings.push({ param: 'temperature', message: 'lowered to 1' });
  const lowered = temperature === undefined ? undefined : Math.min(1, temperature);
  return present({ temperature: lowered, topP, topK });
}

function topKFields(topK: number | undefined, family: ModelFamily): JsonObject {
  if (topK === undefined || family.topK === 'none') return {};
  return family.topK === 'nova' ? { inferenceConfig: { topK } } : { top_k: topK };
}

/** Sequences of white space alone are refused by Claude. */
function stopOf({ stop }: ConversationRequest, warnings: Warning[]): string[] | undefined {
  if (stop === undefined) return undefined;
  const kept = stop.filter((sequence) => sequence.trim() !== '');
  if (kept.length < stop.length)
    warnings.push({ param: 'stop', message: 'a sequence of white space is not sent' });
  return kept.length === 0 ? undefined : kept;
}

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_OutputFormat.html: the schema is text. */
function textFormatOf({ format }: ConversationRequest, warnings: Warning[]): JsonObject | undefined {
  if (format?.type !== 'json-schema') return undefined;
  const schema = JSON.stringify(adaptSchema(format.schema, 'bedrock-converse', 'response_format', warnings));
  const jsonSchema = {
    schema,
    ...present({ name: format.name === '' ? undefined : format.name, description: format.description }),
  };
  return { type: 'json_schema', structure: { jsonSchema } };
}

const MOST_METADATA = 16;

/** Shown in invocation logs; what does not fit their form would be refused. */
function metadataOf({ metadata, user }: ConversationRequest, warnings: Warning[]): JsonObject {
  const fitting: JsonObject = {};
  const all = Object.entries({ ...(user === undefined ? {} : { user }), ...metadata });
  for (const [index, [name, value]] of all.entries()) {
    if (index < MOST_METADATA && isMetadata(name) && isMetadata(value)) fitting[name] = value;
    else {
      const param = name === 'user' && metadata?.['user'] === undefined ? name : `metadata.${name}`;
      warnings.push({ param, message: 'no request metadata of bedrock-converse' });
    }
  }
  return fitting;
}

function isMetadata(text: string): boolean {
  return /^[A-Za-z0-9\s:_@$#=/+,.-]{1,256}$/.test(text);
}

function tierOf({ serviceTier }: ConversationRequest): JsonObject | undefined {
  if (serviceTier === undefined || serviceTier === 'auto') return undefined;
  return { type: serviceTier === 'standard-only' ? 'default' : serviceTier };
}
