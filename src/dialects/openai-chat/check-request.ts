// Reads OpenAI Chat Completions requests: https://platform.openai.com/docs/api-reference/chat/create

import type { Turn } from '../../conversation/turn.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { checkMessages, checkModelAndStream } from '../check-fields.ts';
import { collectTurns, joinText } from '../collect-turns.ts';

/** @throws GatewayError that names the field */
export function checkRequest(body: JsonObject): void {
  checkModelAndStream(body);
  checkMessages(body);
}

export function readTurns(body: JsonObject, maxCharacters: number): Turn[] {
  const messages = body['messages'];
  return collectTurns(Array.isArray(messages) ? messages : [], maxCharacters, (content) =>
    joinText(content, ['text']),
  );
}
