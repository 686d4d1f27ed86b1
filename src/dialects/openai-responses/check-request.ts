// Reads OpenAI Responses requests: https://platform.openai.com/docs/api-reference/responses/create

import { GatewayError } from '../../contract/gateway-error.ts';
import type { Turn } from '../../conversation/turn.ts';
import { isObject, type JsonObject } from '../../json/json-value.ts';
import { checkContent, checkModelAndStream, invalid } from '../check-fields.ts';
import { collectTurns, joinText } from '../collect-turns.ts';

/** Input may be left out where the provider has the rest of it stored. */
const INPUT_ELSEWHERE = ['previous_response_id', 'conversation', 'prompt'];

/** @throws GatewayError that names the field */
export function checkRequest(body: JsonObject): void {
  checkModelAndStream(body);
  const input = body['input'] ?? undefined;
  if (input === undefined && INPUT_ELSEWHERE.some((name) => body[name] != null)) return;
  if (typeof input === 'string') {
    if (input === '') throw new GatewayError('invalid-request', "'input' is empty", 'input');
    return;
  }
  if (!Array.isArray(input)) throw invalid('input', 'a string or an array of items', input);
  if (input.length === 0) throw new GatewayError('invalid-request', "'input' is empty", 'input');
  for (let index = 0; index < input.length; index += 1) {
    const item = input[index];
    if (!isObject(item)) throw invalid(`input[${index}]`, 'an object', item);
    if (item['role'] !== undefined && typeof item['role'] !== 'string') {
      throw invalid(`input[${index}].role`, 'a string', item['role']);
    }
    if (item['role'] !== undefined) checkContent(item['content'], `input[${index}].content`);
  }
}

export function readTurns(body: JsonObject, maxCharacters: number): Turn[] {
  const input = body['input'];
  if (typeof input === 'string') return input.trim() === '' ? [] : [{ role: 'user', text: input }];
  return collectTurns(Array.isArray(input) ? input : [], maxCharacters, (content) =>
    joinText(content, ['input_text', 'output_text', 'text']),
  );
}
