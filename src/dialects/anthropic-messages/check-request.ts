// Reads Anthropic Messages requests: https://docs.anthropic.com/en/api/messages

import type { Turn } from '../../conversation/turn.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { checkMessages, checkModelAndStream } from '../check-fields.ts';
import { collectTurns, joinText } from '../collect-turns.ts';

/** @throws GatewayError that names the field */
export function checkRequest(body: JsonObject): void {
  checkModelAndStream(body);
  checkMessages(body);
}

/** A user message that only carries `tool_result` blocks has no text of its own and is passed over. */
export function readTurns(body: JsonObject, maxCharacters: number): Turn[] {
  const messages = body['messages'];
  return collectTurns(Array.isArray(messages) ? messages : [], maxCharacters, (content) =>
    joinText(content, ['text']),
  );
}
