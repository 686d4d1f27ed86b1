// A Chat Completions request → neutral terms: https://platform.openai.com/docs/api-reference/chat/create

import { GatewayError } from '../../contract/gateway-error.ts';
import type {
  AnswerFormat,
  ConversationRequest,
  Message,
  ReasoningEffort,
  ServiceTier,
  Tool,
  ToolChoice,
} from '../../conversation/conversation-request.ts';
import type { Part, ReasoningPart, TextPart } from '../../conversation/part.ts';
import { readSignature } from '../../conversation/signature.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { isObject } from '../../json/json-value.ts';
import { booleanOf, numberOf, objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import type { DecodedRequest } from '../client-dialect.ts';
import { decodeParts } from './decode-parts.ts';

const DIALECT = 'openai-chat';

/** Members that are read here, or that belong to the gateway or to streaming; all others are the vendor's own. */
const KNOWN = new Set(
  (
    'model messages stream stream_options tools tool_choice parallel_tool_calls response_format reasoning_effort ' +
    'max_completion_tokens max_tokens temperature top_p top_k frequency_penalty presence_penalty seed stop n logprobs ' +
    'top_logprobs user safety_identifier metadata service_tier prompt_cache_key routing_policy routing_preferences'
  ).split(' '),
);

/** @throws GatewayError 'invalid-request' for what no other dialect can be told */
export function decodeRequest(body: JsonObject): DecodedRequest {
  const own = Object.entries(body).filter(
    ([name, value]) => !KNOWN.has(name) && value != null && value !== false,
  );
  const tools = objectsOf(body['tools']).map(decodeTool);
  const stop = body['stop'];
  const request: ConversationRequest = {
    messages: objectsOf(body['messages']).map(decodeMessage),
    ...present({
      tools: tools.length > 0 ? tools : undefined,
      toolChoice: decodeToolChoice(body['tool_choice']),
      parallelToolCalls: booleanOf(body['parallel_tool_calls']),
      format: decodeFormat(body['response_format']),
      reasoning: decodeEffort(body['reasoning_effort']),
      maxTokens: numberOf(body['max_completion_tokens']) ?? numberOf(body['max_tokens']),
      temperature: numberOf(body['temperature']),
      topP: numberOf(body['top_p']),
      topK: numberOf(body['top_k']),
      frequencyPenalty: numberOf(body['frequency_penalty']),
      presencePenalty: numberOf(body['presence_penalty']),
      seed: numberOf(body['seed']),
      stop:
        typeof stop === 'string'
          ? [stop]
          : Array.isArray(stop)
            ? stop.filter((one) => typeof one === 'string')
            : undefined,
      answers: numberOf(body['n']),
      logprobs: body['logprobs'] === true ? { top: numberOf(body['top_logprobs']) ?? 0 } : undefined,
      user: stringOf(body['safety_identifier']) ?? stringOf(body['user']),
      metadata: decodeMetadata(body['metadata']),
      serviceTier: stringOf(body['service_tier']) as ServiceTier | undefined,
      cacheKey: stringOf(body['prompt_cache_key']),
      vendor: own.length > 0 ? ({ dialect: DIALECT, members: Object.fromEntries(own) } as const) : undefined,
    }),
  };
  const includeUsage = objectOf(body['stream_options'])['include_usage'] === true;
  return { request, memo: includeUsage ? { includeUsage } : {} };
}

function decodeMessage(message: JsonObject, index: number): Message {
  const role = stringOf(message['role']);
  const param = `messages[${index}]`;
  const name = stringOf(message['name']);
  const named = name === undefined ? {} : { name };
  switch (role) {
    case 'system':
    case 'developer':
    case 'user':
      return { role, ...named, parts: decodeParts(message['content'], `${param}.content`) };
    case 'assistant':
      return { role, ...named, parts: decodeAssistant(message, param) };
    case 'tool':
      return {
        role,
        parts: [
          {
            type: 'tool-result',
            toolCallId: stringOf(message['tool_call_id']) ?? '',
            content: decodeParts(message['content'], `${param}.content`).filter(
              (part): part is TextPart => part.type === 'text',
            ),
            isError: false,
          },
        ],
      };
    default: {
      const known = 'system, developer, user, assistant or tool';
      throw new GatewayError(
        'invalid-request',
        `'${param}.role' must be ${known} where a request is translated`,
        `${param}.role`,
      );
    }
  }
}

function decodeAssistant(message: JsonObject, param: string): Part[] {
  const parts: Part[] = [...decodeReasoning(message), ...decodeParts(message['content'], `${param}.content`)];
  const refusal = stringOf(message['refusal']);
  if (refusal !== undefined && refusal !== '') parts.push({ type: 'refusal', text: refusal });
  for (const [index, call] of objectsOf(message['tool_calls']).entries()) {
    const called = objectOf(call['function']);
    const name = stringOf(called['name']);
    if (name === undefined) {
      const at = `${param}.tool_calls[${index}]`;
      throw new GatewayError(
        'invalid-request',
        `'${at}' is no function call, and no other can be translated`,
        at,
      );
    }
    const text = stringOf(called['arguments']) ?? '';
    parts.push({
      type: 'tool-call',
      id: stringOf(call['id']) ?? '',
      name,
      arguments: text.trim() === '' ? '{}' : text,
    });
  }
  return parts;
}

/** `reasoning_details` brings signatures back that encode-answer.ts sent; `reasoning_content` is the text alone. */
export function decodeReasoning(message: JsonObject): ReasoningPart[] {
  const details = objectsOf(message['reasoning_details']);
  if (details.length > 0) {
    return details.map((detail): ReasoningPart => {
      const encrypted = detail['type'] === 'reasoning.encrypted';
      const proof = stringOf(detail[encrypted ? 'data' : 'signature']);
      return {
        type: 'reasoning',
        text: stringOf(detail['text']) ?? '',
        ...(proof === undefined ? {} : { signature: readSignature(proof, DIALECT) }),
        ...(encrypted ? { redacted: true } : {}),
      };
    });
  }
  const text = stringOf(message['reasoning_content']) ?? stringOf(message['reasoning']);
  return text === undefined || text === '' ? [] : [{ type: 'reasoning', text }];
}

function decodeTool(tool: JsonObject): Tool {
  const declared = objectOf(tool['function']);
  const name = stringOf(declared['name']);
  if (tool['type'] !== 'function' || name === undefined) {
    return { type: 'vendor', dialect: DIALECT, name: stringOf(tool['type']) ?? 'tool', value: tool };
  }
  return {
    type: 'function',
    name,
    ...present({
      description: stringOf(declared['description']),
      parameters: isObject(declared['parameters']) ? declared['parameters'] : undefined,
      strict: booleanOf(declared['strict']),
    }),
  };
}

function decodeToolChoice(choice: JsonValue | undefined): ToolChoice | undefined {
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { type: choice };
  if (!isObject(choice)) return undefined;
  const name = stringOf(objectOf(choice['function'])['name']);
  return name === undefined
    ? { type: 'vendor', dialect: DIALECT, value: choice }
    : { type: 'tools', names: [name] };
}

function decodeFormat(value: JsonValue | undefined): AnswerFormat | undefined {
  const format = objectOf(value);
  if (format['type'] === 'json_object') return { type: 'json' };
  if (format['type'] !== 'json_schema') return undefined;
  const declared = objectOf(format['json_schema']);
  return {
    type: 'json-schema',
    name: stringOf(declared['name']) ?? '',
    schema: objectOf(declared['schema']),
    ...present({ description: stringOf(declared['description']), strict: booleanOf(declared['strict']) }),
  };
}

function decodeEffort(value: JsonValue | undefined): { readonly effort: ReasoningEffort } | undefined {
  const effort = stringOf(value);
  return effort === undefined ? undefined : { effort: effort as ReasoningEffort };
}

function decodeMetadata(value: JsonValue | undefined): Record<string, string> | undefined {
  if (!isObject(value)) return undefined;
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return texts.length === 0 ? undefined : Object.fromEntries(texts);
}
