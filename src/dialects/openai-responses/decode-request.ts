// A Responses request → neutral terms: https://platform.openai.com/docs/api-reference/responses/create
// What refers to answers that are stored elsewhere (`previous_response_id`, `conversation`, `prompt`, `background`) is kept
// as the vendor's own: resolving it is not a matter of wording.

import { GatewayError } from '../../contract/gateway-error.ts';
import type {
  AnswerFormat,
  ConversationRequest,
  Message,
  ReasoningEffort,
  ReasoningSettings,
  ServiceTier,
} from '../../conversation/conversation-request.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { booleanOf, objectOf, present, stringOf } from '../../json/read-value.ts';
import { invalid } from '../check-fields.ts';
import type { DecodedRequest, Place } from '../client-dialect.ts';
import { decodeItems } from './decode-items.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { ECHOED } from './encode-response.ts';
import { DIALECT } from './keep-rest.ts';

/** Read below, or about the transport or the gateway alone. `store: false` is what a translated request gets anyway. */
const KNOWN = new Set(
  (
    'model stream stream_options input instructions tools tool_choice parallel_tool_calls text reasoning ' +
    'max_output_tokens temperature top_p top_logprobs include user metadata service_tier prompt_cache_key ' +
    'safety_identifier routing_policy routing_preferences'
  ).split(' '),
);
const EFFORTS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
const TIERS: readonly ServiceTier[] = ['auto', 'default', 'flex', 'priority'];
const ENCRYPTED = 'reasoning.encrypted_content';
const LOGPROBS = 'message.output_text.logprobs';

/** @throws GatewayError 'invalid-request' that names the field */
export function decodeRequest(body: JsonObject): DecodedRequest {
  const own: JsonObject = {};
  for (const name in body) if (!KNOWN.has(name) && body[name] != null) own[name] = body[name];
  if (own['store'] === false) delete own['store'];
  const include = decodeInclude(body['include'], own);
  const top = numberAt(body, 'top_logprobs');
  const identifier = stringOf(body['safety_identifier']);
  const user = stringOf(body['user']);
  if (identifier !== undefined && user !== undefined) own['safety_identifier'] = identifier;
  const { messages, places } = decodeMessages(body);
  const request: ConversationRequest = {
    messages,
    ...present({
      tools: decodeTools(body['tools']),
      toolChoice: decodeToolChoice(body['tool_choice']),
      parallelToolCalls: booleanOf(body['parallel_tool_calls']),
      format: decodeFormat(body['text'], own),
      reasoning: decodeReasoning(body['reasoning'], include.has(ENCRYPTED), own),
      maxTokens: numberAt(body, 'max_output_tokens'),
      temperature: numberAt(body, 'temperature'),
      topP: numberAt(body, 'top_p'),
      logprobs: include.has(LOGPROBS) || (top !== undefined && top > 0) ? { top: top ?? 0 } : undefined,
      user: user ?? identifier,
      metadata: decodeMetadata(body['metadata']),
      serviceTier: decodeTier(body['service_tier'], own),
      cacheKey: stringOf(body['prompt_cache_key']),
      vendor: Object.keys(own).length > 0 ? ({ dialect: DIALECT, members: own } as const) : undefined,
    }),
  };
  const memo: JsonObject = {};
  for (const name of ECHOED) if (body[name] != null) memo[name] = body[name];
  return { request, memo, places };
}

function decodeMessages(body: JsonObject): { readonly messages: Message[]; readonly places: Place[] } {
  const { instructions, input } = body;
  const messages: Message[] = [];
  const places: Place[] = [];
  if (typeof instructions === 'string') {
    messages.push({ role: 'system', parts: [{ type: 'text', text: instructions }] });
    places.push({ path: 'instructions' });
  } else if (instructions != null) {
    throw invalid('instructions', 'a string', instructions);
  }
  if (typeof input === 'string') {
    messages.push({ role: 'user', parts: [{ type: 'text', text: input }] });
    places.push({ path: 'input' });
  } else if (Array.isArray(input)) {
    const items = decodeItems(input);
    messages.push(...items.messages);
    places.push(...items.places);
  }
  return { messages, places };
}

/** Values that nobody else knows stay the vendor's. */
function decodeInclude(value: JsonValue | undefined, own: JsonObject): ReadonlySet<JsonValue> {
  const values = Array.isArray(value) ? value : [];
  const rest = values.filter((one) => one !== ENCRYPTED && one !== LOGPROBS);
  if (rest.length > 0) own['include'] = rest;
  return new Set(values);
}

function decodeFormat(value: JsonValue | undefined, own: JsonObject): AnswerFormat | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw invalid('text', 'an object', value);
  const { format: wire, ...rest } = value;
  if (Object.values(rest).some((member) => member != null)) own['text'] = rest;
  const format = objectOf(wire);
  switch (format['type']) {
    case undefined:
      return undefined;
    case 'text':
      return { type: 'text' };
    case 'json_object':
      return { type: 'json' };
    case 'json_schema': {
      const schema = format['schema'];
      if (!isObject(schema)) throw invalid('text.format.schema', 'an object', schema);
      return {
        type: 'json-schema',
        name: stringOf(format['name']) ?? '',
        schema,
        ...present({ description: stringOf(format['description']), strict: booleanOf(format['strict']) }),
      };
    }
    default:
      throw new GatewayError(
        'invalid-request',
        "'text.format.type' must be 'text', 'json_object' or 'json_schema'",
        'text.format.type',
      );
  }
}

/** Signatures were asked for, so reasoning is wanted, even where nothing is said about how much. */
function decodeReasoning(
  value: JsonValue | undefined,
  encrypted: boolean,
  own: JsonObject,
): ReasoningSettings | undefined {
  if (value === undefined || value === null) return encrypted ? {} : undefined;
  if (!isObject(value)) throw invalid('reasoning', 'an object', value);
  const { effort, summary, generate_summary: older, ...rest } = value;
  const known = EFFORTS.find((one) => one === effort);
  if (known === undefined && effort != null) rest['effort'] = effort;
  if (Object.values(rest).some((member) => member != null)) own['reasoning'] = rest;
  const shown = stringOf(summary) ?? stringOf(older);
  return {
    ...present({ effort: known }),
    ...(shown === undefined ? {} : { visible: true, summary: shown }),
  };
}

function decodeTier(value: JsonValue | undefined, own: JsonObject): ServiceTier | undefined {
  const known = TIERS.find((tier) => tier === value);
  if (known === undefined && value != null) own['service_tier'] = value;
  return known;
}

function decodeMetadata(value: JsonValue | undefined): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw invalid('metadata', 'an object', value);
  for (const name in value) {
    if (typeof value[name] !== 'string') throw invalid(`metadata.${name}`, 'a string', value[name]);
  }
  return value as Record<string, string>;
}

function numberAt(body: JsonObject, name: string): number | undefined {
  const value = body[name] ?? undefined;
  if (value !== undefined && typeof value !== 'number') throw invalid(name, 'a number', value);
  return value;
}
