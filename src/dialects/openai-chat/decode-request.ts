// A Chat Completions request → neutral terms: https://platform.openai.com/docs/api-reference/chat/create

import { GatewayError } from '../../contract/gateway-error.ts';
import type {
  AnswerFormat,
  ConversationRequest,
  ReasoningEffort,
  ServiceTier,
} from '../../conversation/conversation-request.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { booleanOf, objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import { invalid } from '../check-fields.ts';
import type { DecodedRequest } from '../client-dialect.ts';
import { customNames } from '../custom-tools.ts';
import { decodeMessage } from './decode-messages.ts';
import { decodeCache } from './decode-parts.ts';
import { decodeTool, decodeToolChoice } from './decode-tools.ts';
import { keepOthers } from './keep-others.ts';
import { readBoolean, readNumber, readString, readStrings } from './read-member.ts';

const EFFORTS: readonly string[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
const TIERS: Readonly<Partial<Record<string, ServiceTier>>> = {
  auto: 'auto',
  default: 'default',
  flex: 'flex',
  priority: 'priority',
  // Another name of the same: https://platform.openai.com/docs/guides/fast-mode
  fast: 'priority',
};

/** Members that are read here, or that belong to the gateway or to streaming; all others are the vendor's own. */
const KNOWN = new Set(
  (
    'model messages stream stream_options tools tool_choice parallel_tool_calls response_format reasoning_effort ' +
    'max_completion_tokens max_tokens temperature top_p top_k frequency_penalty presence_penalty seed stop n logprobs ' +
    'top_logprobs user safety_identifier metadata service_tier prompt_cache_key cache_control prompt_cache_breakpoint ' +
    'modalities functions function_call routing_policy routing_preferences'
  ).split(' '),
);

/** @throws GatewayError 'invalid-request' for what no other dialect can be told, and for members of another kind */
export function decodeRequest(body: JsonObject): DecodedRequest {
  refuseUntranslatable(body);
  const tools = objectsOf(body['tools']).map(decodeTool);
  const effort = readString(body, 'reasoning_effort');
  const tier = readString(body, 'service_tier');
  const request: ConversationRequest = {
    messages: objectsOf(body['messages']).map(decodeMessage),
    ...present({
      tools: tools.length > 0 ? tools : undefined,
      toolChoice: decodeToolChoice(body['tool_choice']),
      parallelToolCalls: readBoolean(body, 'parallel_tool_calls'),
      format: decodeFormat(body['response_format']),
      reasoning: isEffort(effort) ? { effort } : undefined,
      maxTokens: readNumber(body, 'max_completion_tokens') ?? readNumber(body, 'max_tokens'),
      temperature: readNumber(body, 'temperature'),
      topP: readNumber(body, 'top_p'),
      topK: readNumber(body, 'top_k'),
      frequencyPenalty: readNumber(body, 'frequency_penalty'),
      presencePenalty: readNumber(body, 'presence_penalty'),
      seed: readNumber(body, 'seed'),
      stop: readStrings(body, 'stop'),
      answers: readNumber(body, 'n'),
      logprobs: readBoolean(body, 'logprobs') ? { top: readNumber(body, 'top_logprobs') ?? 0 } : undefined,
      user: readString(body, 'safety_identifier') ?? readString(body, 'user'),
      metadata: decodeMetadata(body['metadata']),
      serviceTier: tier === undefined ? undefined : TIERS[tier],
      cacheKey: readString(body, 'prompt_cache_key'),
      cache: decodeCache(body),
    }),
    ...keepOthers(body, knownMembers(body, effort, tier)),
  };
  const includeUsage = objectOf(body['stream_options'])['include_usage'] === true;
  const places = request.messages.map(({ role }, index) => ({
    path: `messages[${index}]`,
    // What the assistant said, thought and called are members of their own.
    ...(role === 'assistant' ? {} : { parts: '.content' }),
  }));
  const custom = customNames(tools);
  const memo = {
    ...(includeUsage ? { includeUsage } : {}),
    ...(custom.size > 0 ? { custom: [...custom] } : {}),
  };
  return { request, memo, places };
}

/** Values that only some server knows stay its own; `store: false` is what every other vendor does anyway. */
function knownMembers(body: JsonObject, effort: string | undefined, tier: string | undefined): Set<string> {
  const known = new Set(KNOWN);
  if (effort !== undefined && !isEffort(effort)) known.delete('reasoning_effort');
  if (tier !== undefined && TIERS[tier] === undefined) known.delete('service_tier');
  if (body['store'] === false) known.add('store');
  return known;
}

function isEffort(text: string | undefined): text is ReasoningEffort {
  return text !== undefined && EFFORTS.includes(text);
}

/** What would change the answer beyond recognition if it were left out. */
function refuseUntranslatable(body: JsonObject): void {
  const { functions, modalities } = body;
  if (Array.isArray(functions) && functions.length > 0) {
    throw untranslatable('functions', "use 'tools', which replaced it");
  }
  if (isObject(body['web_search_options'])) {
    throw untranslatable('web_search_options', "the web search is OpenAI's own");
  }
  if (Array.isArray(modalities) && modalities.some((one) => one !== 'text')) {
    throw untranslatable('modalities', 'answers are text only');
  }
}

function untranslatable(param: string, why: string): GatewayError {
  return new GatewayError('invalid-request', `'${param}' cannot be translated: ${why}`, param);
}

function decodeFormat(value: JsonValue | undefined): AnswerFormat | undefined {
  if (value === undefined || value === null) return undefined;
  const format = objectOf(value);
  switch (format['type']) {
    case 'text':
      return undefined;
    case 'json_object':
      return { type: 'json' };
    case 'json_schema': {
      const declared = objectOf(format['json_schema']);
      const schema = declared['schema'];
      if (!isObject(schema)) throw invalid('response_format.json_schema.schema', 'an object', schema);
      return {
        type: 'json-schema',
        name: stringOf(declared['name']) ?? '',
        schema,
        ...present({ description: stringOf(declared['description']), strict: booleanOf(declared['strict']) }),
      };
    }
    default:
      throw untranslatable('response_format', 'only text, json_object and json_schema are known');
  }
}

function decodeMetadata(value: JsonValue | undefined): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw invalid('metadata', 'an object', value);
  const metadata: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw invalid(`metadata.${name}`, 'a string', text);
    metadata[name] = text;
  }
  return Object.keys(metadata).length === 0 ? undefined : metadata;
}
