// A Messages request → neutral terms: https://docs.anthropic.com/en/api/messages

import { GatewayError } from '../../contract/gateway-error.ts';
import type {
  AnswerFormat,
  ConversationRequest,
  Message,
  ReasoningEffort,
  ReasoningSettings,
  Tool,
  ToolChoice,
} from '../../conversation/conversation-request.ts';
import type { Part } from '../../conversation/part.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { numberOf, objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import type { DecodedRequest } from '../client-dialect.ts';
import { decodeBlocks, decodeCache } from './decode-blocks.ts';

const DIALECT = 'anthropic-messages';

/** Members that are read here, or that belong to the gateway or to streaming; all others are the vendor's own. */
const KNOWN = new Set(
  (
    'model messages system stream max_tokens tools tool_choice thinking output_config output_format temperature top_p ' +
    'top_k stop_sequences metadata service_tier cache_control routing_policy routing_preferences'
  ).split(' '),
);

/** @throws GatewayError 'invalid-request' for what no other dialect can be told */
export function decodeRequest(body: JsonObject): DecodedRequest {
  const own = Object.entries(body).filter(([name, value]) => !KNOWN.has(name) && value != null);
  const tools = objectsOf(body['tools']).map(decodeTool);
  const choice = objectOf(body['tool_choice']);
  const config = objectOf(body['output_config']);
  const stop = body['stop_sequences'];
  const system = decodeBlocks(body['system']);
  const messages = objectsOf(body['messages']).flatMap(decodeMessage);
  const request: ConversationRequest = {
    messages: system.length === 0 ? messages : [{ role: 'system', parts: system }, ...messages],
    ...present({
      tools: tools.length > 0 ? tools : undefined,
      toolChoice: decodeToolChoice(choice),
      parallelToolCalls: choice['disable_parallel_tool_use'] === true ? false : undefined,
      format: decodeFormat(config['format'] ?? body['output_format']),
      reasoning: decodeReasoning(objectOf(body['thinking']), stringOf(config['effort'])),
      maxTokens: numberOf(body['max_tokens']),
      temperature: numberOf(body['temperature']),
      topP: numberOf(body['top_p']),
      topK: numberOf(body['top_k']),
      stop: Array.isArray(stop) ? stop.filter((one) => typeof one === 'string') : undefined,
      user: stringOf(objectOf(body['metadata'])['user_id']),
      serviceTier: body['service_tier'] === 'standard_only' ? ('standard-only' as const) : undefined,
      cache: decodeCache(body['cache_control']),
      vendor: own.length > 0 ? ({ dialect: DIALECT, members: Object.fromEntries(own) } as const) : undefined,
    }),
  };
  return { request, memo: {} };
}

/** A turn of the user may begin with what tools gave: a message of its own in neutral terms. */
function decodeMessage(message: JsonObject, index: number): Message[] {
  const role = message['role'];
  const param = `messages[${index}]`;
  if (role !== 'user' && role !== 'assistant' && role !== 'system') {
    throw new GatewayError('invalid-request', `'${param}.role' must be user or assistant`, `${param}.role`);
  }
  const parts = decodeBlocks(message['content']);
  if (role !== 'user') return [{ role, parts }];
  const isResult = (part: Part): boolean => part.type === 'tool-result';
  const results = parts.filter(isResult);
  const others = parts.filter((part) => !isResult(part));
  const messages: Message[] = results.length === 0 ? [] : [{ role: 'tool', parts: results }];
  if (others.length > 0) messages.push({ role, parts: others });
  return messages;
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
      strict: tool['strict'] === true ? true : undefined,
      cache: decodeCache(tool['cache_control']),
    }),
  };
}

function decodeToolChoice(choice: JsonObject): ToolChoice | undefined {
  switch (choice['type']) {
    case 'auto':
    case 'none':
      return { type: choice['type'] };
    case 'any':
      return { type: 'required' };
    case 'tool':
      return { type: 'tools', names: [stringOf(choice['name']) ?? ''] };
    default:
      return undefined;
  }
}

function decodeFormat(value: JsonValue | undefined): AnswerFormat | undefined {
  const format = objectOf(value);
  if (format['type'] !== 'json_schema') return undefined;
  return { type: 'json-schema', name: '', schema: objectOf(format['schema']), strict: true };
}

function decodeReasoning(thinking: JsonObject, effort: string | undefined): ReasoningSettings | undefined {
  const said = effort === undefined ? {} : { effort: effort as ReasoningEffort };
  switch (thinking['type']) {
    case 'enabled':
      return { ...said, ...present({ budgetTokens: numberOf(thinking['budget_tokens']) }) };
    case 'adaptive':
      return { ...said, adaptive: true };
    case 'disabled':
      return { effort: 'none' };
    default:
      return effort === undefined ? undefined : said;
  }
}
