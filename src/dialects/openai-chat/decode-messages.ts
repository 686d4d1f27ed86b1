// The messages of a Chat request → neutral ones: https://platform.openai.com/docs/api-reference/chat/create

import { GatewayError } from '../../contract/gateway-error.ts';
import type { Message } from '../../conversation/conversation-request.ts';
import type { FilePart, ImagePart, Part, TextPart, ToolResultPart } from '../../conversation/part.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { objectsOf, stringOf } from '../../json/read-value.ts';
import { decodeCache, decodeParts } from './decode-parts.ts';
import { decodeReasoning } from './decode-reasoning.ts';
import { decodeCall } from './decode-tools.ts';
import { keepOthers } from './keep-others.ts';

const KNOWN = new Set('role name content cache_control'.split(' '));
const KNOWN_OF_ASSISTANT = new Set([
  ...KNOWN,
  ...'refusal tool_calls function_call audio annotations reasoning reasoning_content reasoning_details'.split(
    ' ',
  ),
]);
const KNOWN_OF_TOOL = new Set([...KNOWN, 'tool_call_id']);

/** @throws GatewayError 'invalid-request' for what no other dialect can be told */
export function decodeMessage(message: JsonObject, index: number): Message {
  const param = `messages[${index}]`;
  const role = message['role'];
  const name = stringOf(message['name']);
  const named = name === undefined ? {} : { name };
  switch (role) {
    case 'system':
    case 'developer':
    case 'user': {
      const parts = decodeParts(message['content'], `${param}.content`);
      return { role, ...named, parts: cacheAfter(parts, message), ...keepOthers(message, KNOWN) };
    }
    case 'assistant': {
      const parts = decodeAssistant(message, param);
      return {
        role,
        ...named,
        parts: cacheAfter(parts, message),
        ...keepOthers(message, KNOWN_OF_ASSISTANT),
      };
    }
    case 'tool': {
      const parts = cacheAfter([decodeResult(message, param)], message);
      return { role, ...named, parts, ...keepOthers(message, KNOWN_OF_TOOL) };
    }
    default:
      throw new GatewayError(
        'invalid-request',
        `'${param}.role' must be system, developer, user, assistant or tool where a request is translated`,
        `${param}.role`,
      );
  }
}

/** Some clients set a cache breakpoint on the message: it stands after its last part. */
function cacheAfter(parts: Part[], message: JsonObject): Part[] {
  const cache = decodeCache(message);
  const last = parts.at(-1);
  if (cache === undefined || last === undefined || last.type === 'vendor') return parts;
  return [...parts.slice(0, -1), { ...last, cache }];
}

function decodeAssistant(message: JsonObject, param: string): Part[] {
  refuse(message, 'function_call', param, "use 'tool_calls'");
  refuse(message, 'audio', param, 'the audio of an earlier answer is known to its own provider only');
  const parts: Part[] = [...decodeReasoning(message), ...decodeParts(message['content'], `${param}.content`)];
  const refusal = stringOf(message['refusal']);
  if (refusal !== undefined && refusal !== '') parts.push({ type: 'refusal', text: refusal });
  for (const call of objectsOf(message['tool_calls'])) parts.push(decodeCall(call, ''));
  return parts;
}

function refuse(message: JsonObject, name: string, param: string, why: string): void {
  if (message[name] === undefined || message[name] === null) return;
  const at = `${param}.${name}`;
  throw new GatewayError('invalid-request', `'${at}' cannot be translated: ${why}`, at);
}

function decodeResult(message: JsonObject, param: string): ToolResultPart {
  const content = decodeParts(message['content'], `${param}.content`);
  const stranger = content.findIndex((part) => !isResultContent(part));
  if (stranger >= 0) {
    const at = `${param}.content[${stranger}]`;
    throw new GatewayError('invalid-request', `'${at}' is neither text nor an image nor a file`, at);
  }
  return {
    type: 'tool-result',
    toolCallId: stringOf(message['tool_call_id']) ?? '',
    content: content.filter(isResultContent),
    isError: false,
  };
}

function isResultContent(part: Part): part is TextPart | ImagePart | FilePart {
  return part.type === 'text' || part.type === 'image' || part.type === 'file';
}
