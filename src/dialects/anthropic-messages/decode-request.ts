// A Messages request → neutral terms: https://platform.claude.com/docs/en/api/messages

import { GatewayError } from '../../contract/gateway-error.ts';
import type {
  AnswerFormat,
  ConversationRequest,
  Message,
  ServiceTier,
  Tool,
  ToolChoice,
} from '../../conversation/conversation-request.ts';
import type { Part } from '../../conversation/part.ts';
import { restOf } from '../../conversation/vendor-members.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { booleanOf, numberOf, objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import type { DecodedRequest, Place } from '../client-dialect.ts';
import { decodeBlocks, decodeCache } from './decode-blocks.ts';
import { decodeReasoning, restOfReasoning } from './decode-reasoning.ts';
import { DIALECT, keep, keepRest } from './keep-rest.ts';

/** Members that are read here, or that belong to the gateway or to streaming; all others are the vendor's own. */
const KNOWN = new Set(
  (
    'model messages system stream max_tokens tools tool_choice thinking output_config output_format temperature top_p ' +
    'top_k stop_sequences metadata service_tier cache_control routing_policy routing_preferences'
  ).split(' '),
);
const MESSAGE = new Set(['role', 'content']);
const METADATA = new Set(['user_id']);
const TOOL = new Set('type name description input_schema strict cache_control'.split(' '));
const TIERS: ReadonlyMap<string, ServiceTier> = new Map([
  ['auto', 'auto'],
  ['standard_only', 'standard-only'],
]);

/** @throws GatewayError 'invalid-request' for what no other dialect can be told */
export function decodeRequest(body: JsonObject): DecodedRequest {
  const tools = objectsOf(body['tools']).map(decodeTool);
  const choice = objectOf(body['tool_choice']);
  const stop = body['stop_sequences'];
  const system = decodeBlocks(body['system']);
  const turns = objectsOf(body['messages']).map(decodeMessage);
  const messages = turns.flat();
  const request: ConversationRequest = {
    messages: system.length === 0 ? messages : [{ role: 'system', parts: system }, ...messages],
    ...present({
      tools: tools.length > 0 ? tools : undefined,
      toolChoice: decodeToolChoice(choice),
      parallelToolCalls: choice['disable_parallel_tool_use'] === true ? false : undefined,
      format: decodeFormat(objectOf(body['output_config'])['format'] ?? body['output_format']),
      reasoning: decodeReasoning(body),
      maxTokens: numberOf(body['max_tokens']),
      temperature: numberOf(body['temperature']),
      topP: numberOf(body['top_p']),
      topK: numberOf(body['top_k']),
      stop: Array.isArray(stop) ? stop.filter((one) => typeof one === 'string') : undefined,
      user: stringOf(objectOf(body['metadata'])['user_id']),
      serviceTier: TIERS.get(stringOf(body['service_tier']) ?? ''),
      cache: decodeCache(body['cache_control']),
    }),
    ...keep(restOfBody(body)),
  };
  const places = turns.flatMap((made, index): Place[] => {
    const path = `messages[${index}]`;
    // One that is parted counts its blocks anew.
    return made.map(() => (made.length > 1 ? { path } : { path, parts: '.content' }));
  });
  return {
    request,
    memo: {},
    places: system.length === 0 ? places : [{ path: 'system', parts: '' }, ...places],
  };
}

/** Of members that are known in part, the part that is not. */
function restOfBody(body: JsonObject): JsonObject | undefined {
  const rest = {
    ...restOf(body, KNOWN),
    ...restOfReasoning(body),
    ...present({ metadata: restOf(objectOf(body['metadata']), METADATA) }),
  };
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/** A turn of the user may begin with what tools gave: a message of its own in neutral terms. */
function decodeMessage(message: JsonObject, index: number): Message[] {
  const role = message['role'];
  const param = `messages[${index}]`;
  if (role !== 'user' && role !== 'assistant' && role !== 'system') {
    throw new GatewayError('invalid-request', `'${param}.role' must be user or assistant`, `${param}.role`);
  }
  const parts = decodeBlocks(message['content']);
  const own = keepRest(message, MESSAGE);
  if (role !== 'user') return [{ role, parts, ...own }];
  const isResult = (part: Part): boolean => part.type === 'tool-result';
  const results = parts.filter(isResult);
  const others = parts.filter((part) => !isResult(part));
  if (results.length === 0) return [{ role, parts: others, ...own }];
  if (others.length === 0) return [{ role: 'tool', parts: results, ...own }];
  return [
    { role: 'tool', parts: results },
    { role, parts: others, ...own },
  ];
}

function decodeTool(tool: JsonObject): Tool {
  const type = stringOf(tool['type']) ?? 'custom';
  const name = stringOf(tool['name']) ?? type;
  if (type !== 'custom') return { type: 'vendor', dialect: DIALECT, name, value: tool };
  return {
    type: 'function',
    name,
    ...present({
      description: stringOf(tool['description']),
      parameters: isObject(tool['input_schema']) ? tool['input_schema'] : undefined,
      strict: booleanOf(tool['strict']),
      cache: decodeCache(tool['cache_control']),
    }),
    ...keepRest(tool, TOOL),
  };
}

function decodeToolChoice(choice: JsonObject): ToolChoice | undefined {
  switch (choice['type']) {
    case undefined:
      return undefined;
    case 'auto':
    case 'none':
      return { type: choice['type'] };
    case 'any':
      return { type: 'required' };
    case 'tool':
      return { type: 'tools', names: [stringOf(choice['name']) ?? ''] };
    default:
      return { type: 'vendor', dialect: DIALECT, value: choice };
  }
}

function decodeFormat(value: JsonValue | undefined): AnswerFormat | undefined {
  const format = objectOf(value);
  if (format['type'] !== 'json_schema') return undefined;
  return { type: 'json-schema', name: '', schema: objectOf(format['schema']), strict: true };
}
