// Reads Gemini generateContent requests: https://ai.google.dev/api/generate-content. Model and streaming are in the path.

import { GatewayError } from '../../contract/gateway-error.ts';
import type { Turn } from '../../conversation/turn.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { invalid } from '../check-fields.ts';
import { collectTurns } from '../collect-turns.ts';
import { listOf } from './camel-members.ts';

/** @throws GatewayError that names the field */
export function checkRequest(body: JsonObject): void {
  const contents = checkObjects(body['contents'], 'contents');
  if (contents.length === 0) throw new GatewayError('invalid-request', "'contents' is empty", 'contents');
  for (const [index, content] of contents.entries()) checkContent(content, `contents[${index}]`);
  const name = body['system_instruction'] === undefined ? 'systemInstruction' : 'system_instruction';
  const instruction = body[name] ?? undefined;
  if (instruction === undefined) return;
  if (!isObject(instruction)) throw invalid(name, 'an object', instruction);
  checkContent(instruction, name);
}

function checkContent(content: JsonObject, param: string): void {
  const role = content['role'] ?? undefined;
  if (role !== undefined && typeof role !== 'string') throw invalid(`${param}.role`, 'a string', role);
  const parts = content['parts'] ?? undefined;
  if (parts !== undefined) checkObjects(parts, `${param}.parts`);
}

/** A list of one may stand without its brackets. */
function checkObjects(value: JsonValue | undefined, param: string): JsonObject[] {
  if (isObject(value)) return [value];
  if (!Array.isArray(value)) throw invalid(param, 'an array of objects', value);
  return value.map((item, index) => {
    if (!isObject(item)) throw invalid(`${param}[${index}]`, 'an object', item);
    return item;
  });
}

/** Contents without a role are the user's. */
export function readTurns(body: JsonObject, maxCharacters: number): Turn[] {
  const messages = listOf(body['contents']).map(({ role, parts }): JsonObject => {
    const isUser = role === undefined || role === null || role === '' || role === 'user';
    return { role: isUser ? 'user' : role === 'model' ? 'assistant' : role, content: parts };
  });
  return collectTurns(messages, maxCharacters, joinTexts);
}

function joinTexts(parts: JsonValue | undefined): string {
  const texts: string[] = [];
  for (const { text, thought } of listOf(parts)) {
    if (typeof text === 'string' && thought !== true) texts.push(text);
  }
  return texts.join('\n');
}
