// Checks of request fields that all dialects share. Each throws a GatewayError that names the field.

import { GatewayError } from '../contract/gateway-error.ts';
import { isObject, type JsonObject, type JsonValue } from '../json/json-value.ts';

function typeName(value: JsonValue | undefined): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a${typeof value === 'object' ? 'n' : ''} ${typeof value}`;
}

export function invalid(param: string, expected: string, found: JsonValue | undefined): GatewayError {
  const reason = found === undefined ? 'is missing' : `is ${typeName(found)}`;
  return new GatewayError('invalid-request', `'${param}' ${reason}; it must be ${expected}`, param);
}

/** `model` a string or absent, `stream` a boolean or absent; null counts as absent. */
export function checkModelAndStream(body: JsonObject): void {
  const model = body['model'] ?? undefined;
  if (model !== undefined && typeof model !== 'string') throw invalid('model', 'a string', model);
  const stream = body['stream'] ?? undefined;
  if (stream !== undefined && typeof stream !== 'boolean') throw invalid('stream', 'a boolean', stream);
}

/** A non-empty array of objects with a string `role`, content a string, a list of objects or null. */
export function checkMessages(body: JsonObject): void {
  const messages = body['messages'];
  if (!Array.isArray(messages)) throw invalid('messages', 'an array', messages);
  if (messages.length === 0) throw new GatewayError('invalid-request', "'messages' is empty", 'messages');
  for (let index = 0; index < messages.length; index += 1) {
    const message = messages[index];
    if (!isObject(message)) throw invalid(`messages[${index}]`, 'an object', message);
    if (typeof message['role'] !== 'string')
      throw invalid(`messages[${index}].role`, 'a string', message['role']);
    checkContent(message['content'], `messages[${index}].content`);
  }
}

export function checkContent(content: JsonValue | undefined, param: string): void {
  if (content === undefined || content === null || typeof content === 'string') return;
  if (!Array.isArray(content)) throw invalid(param, 'a string or an array of content parts', content);
  for (let index = 0; index < content.length; index += 1) {
    if (!isObject(content[index])) throw invalid(`${param}[${index}]`, 'an object', content[index]);
  }
}
