// Neutral terms → a Chat Completions request. Nothing that only OpenAI itself knows is sent, since many others speak this dialect.

import { GatewayError } from '../../contract/gateway-error.ts';
import type {
  AnswerFormat,
  ConversationRequest,
  Message,
  Tool,
  ToolChoice,
} from '../../conversation/conversation-request.ts';
import type { MediaSource, Part, ToolResultPart } from '../../conversation/part.ts';
import { foreignMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { present } from '../../json/read-value.ts';
import { writeDataUrl } from '../data-url.ts';
import type { EncodedRequest, EncodingTarget } from '../provider-dialect.ts';
import { effortOf } from '../reasoning-budget.ts';
import { encodeReasoning } from './encode-answer.ts';

const DIALECT = 'openai-chat';
/** https://platform.openai.com/docs/guides/reasoning: these refuse `max_tokens`; others may not know the newer name. */
const REASONING_MODEL = /^(o\d|gpt-5)/;

/** @throws GatewayError 'invalid-request' for what must not be lost */
export function encodeRequest(request: ConversationRequest, target: EncodingTarget): EncodedRequest {
  const warnings: Warning[] = foreignMembers(request.vendor, DIALECT).map(unknown);
  const { maxTokens, format, toolChoice, reasoning } = request;
  if (request.topK !== undefined) warnings.push(unknown('top_k'));
  if (request.cache !== undefined) warnings.push(unknown('cache_control'));
  const body: JsonObject = {
    model: target.modelId,
    messages: request.messages.flatMap((message, index) => encodeMessage(message, index, warnings)),
    ...present({
      tools: request.tools?.map(encodeTool),
      tool_choice: toolChoice && encodeToolChoice(toolChoice, warnings),
      parallel_tool_calls: request.tools === undefined ? undefined : request.parallelToolCalls,
      response_format: format && encodeFormat(format),
      reasoning_effort: reasoning && effortOf(reasoning),
      [REASONING_MODEL.test(target.modelId) ? 'max_completion_tokens' : 'max_tokens']: maxTokens,
      temperature: request.temperature,
      top_p: request.topP,
      frequency_penalty: request.frequencyPenalty,
      presence_penalty: request.presencePenalty,
      seed: request.seed,
      stop: request.stop === undefined ? undefined : [...request.stop],
      n: request.answers,
      logprobs: request.logprobs && true,
      top_logprobs: request.logprobs?.top,
      user: request.user,
      service_tier: request.serviceTier === 'standard-only' ? 'default' : request.serviceTier,
    }),
    ...(target.stream ? { stream: true } : {}),
    ...(target.stream && target.asksForUsage ? { stream_options: { include_usage: true } } : {}),
  };
  return { body, warnings };
}

const unknown = (param: string): Warning => ({ param, message: `not known to ${DIALECT}` });

function encodeMessage(message: Message, index: number, warnings: Warning[]): JsonObject[] {
  const param = `messages[${index}]`;
  const named = message.name === undefined ? {} : { name: message.name };
  switch (message.role) {
    case 'tool':
      return message.parts.flatMap((part) => (part.type === 'tool-result' ? encodeResult(part, param) : []));
    case 'assistant':
      return [{ role: 'assistant', ...named, ...encodeAssistant(message.parts, param) }];
    case 'developer':
    case 'system':
      return [{ role: 'system', ...named, content: encodeContent(message.parts, param, warnings) }];
    case 'user':
      return message.parts.length === 0
        ? []
        : [{ role: 'user', ...named, content: encodeContent(message.parts, param, warnings) }];
  }
}

/** A tool's message holds text only: what else it gave follows as the user's. */
function encodeResult(result: ToolResultPart, param: string): JsonObject[] {
  const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const media = result.content.filter((part) => part.type !== 'text');
  const messages: JsonObject[] = [
    { role: 'tool', tool_call_id: result.toolCallId, content: result.isError ? `Error: ${text}` : text },
  ];
  if (media.length > 0)
    messages.push({ role: 'user', content: media.map((part) => encodePart(part, param)) });
  return messages;
}

function encodeAssistant(parts: readonly Part[], param: string): JsonObject {
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const refusal = parts.map((part) => (part.type === 'refusal' ? part.text : '')).join('');
  const calls = parts.flatMap((part) =>
    part.type === 'tool-call'
      ? [{ id: part.id, type: 'function', function: { name: part.name, arguments: part.arguments } }]
      : [],
  );
  for (const part of parts) if (part.type === 'vendor') throw cannotSay(`${part.name} block`, param);
  return {
    content: text === '' ? null : text,
    ...encodeReasoning(parts.filter((part) => part.type === 'reasoning')),
    ...(refusal === '' ? {} : { refusal }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

/** One plain text is a string, which every server takes. */
function encodeContent(parts: readonly Part[], param: string, warnings: Warning[]): JsonValue {
  if (parts.some((part) => part.type !== 'vendor' && part.cache !== undefined))
    warnings.push(unknown('cache_control'));
  const [only, ...more] = parts;
  if (only?.type === 'text' && more.length === 0) return only.text;
  return parts.map((part, index) => encodePart(part, `${param}.content[${index}]`));
}

function encodePart(part: Part, param: string): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image': {
      const detail = part.detail === undefined ? {} : { detail: part.detail };
      return { type: 'image_url', image_url: { url: urlOf(part.source, 'image', param), ...detail } };
    }
    case 'file': {
      if (part.source.type === 'text') return { type: 'text', text: part.source.text };
      if (part.source.type === 'url') throw cannotSay('document by URL', param);
      const file_data = urlOf(part.source, 'document', param);
      return { type: 'file', file: { filename: part.name ?? 'document.pdf', file_data } };
    }
    case 'audio':
      return {
        type: 'input_audio',
        input_audio: { data: part.data, format: part.mediaType.replace('audio/', '') },
      };
    case 'vendor':
      throw cannotSay(`${part.name} block`, param);
    default:
      throw cannotSay(part.type, param);
  }
}

function urlOf(source: MediaSource, kind: string, param: string): string {
  if (source.type === 'url') return source.url;
  if (source.type === 'base64') return writeDataUrl(source);
  throw cannotSay(`${kind} that was uploaded elsewhere`, param);
}

function encodeTool(tool: Tool, index: number): JsonObject {
  if (tool.type === 'vendor') throw cannotSay(`tool ${tool.name}`, `tools[${index}]`);
  const { name, description, parameters, strict } = tool;
  return { type: 'function', function: { name, ...present({ description, parameters, strict }) } };
}

function encodeToolChoice(choice: ToolChoice, warnings: Warning[]): JsonValue {
  switch (choice.type) {
    case 'tools': {
      const [name = ''] = choice.names;
      if (choice.names.length > 1)
        warnings.push({ param: 'tool_choice', message: 'only the first name is sent' });
      return { type: 'function', function: { name } };
    }
    case 'vendor':
      throw cannotSay('choice of a tool', 'tool_choice');
    default:
      return choice.type;
  }
}

function encodeFormat(format: AnswerFormat): JsonObject {
  if (format.type !== 'json-schema') return { type: format.type === 'json' ? 'json_object' : 'text' };
  const { name, description, schema, strict } = format;
  return {
    type: 'json_schema',
    json_schema: { name: name === '' ? 'answer' : name, schema, ...present({ description, strict }) },
  };
}

function cannotSay(what: string, param: string): GatewayError {
  return new GatewayError(
    'invalid-request',
    `'${param}' is a ${what}, which ${DIALECT} cannot be told`,
    param,
  );
}
