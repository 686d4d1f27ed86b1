// A request that goes to a model of this dialect as it came, but whose history another vendor's model has spoken in: its
// reasoning items are left out, since OpenAI can neither decrypt them nor find them by their ids.

import { isWrapped, WRAPPED } from '../../conversation/signature.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { stringOf } from '../../json/read-value.ts';
import { isMadeId } from './encode-output.ts';

export const historyMarks: readonly string[] = [`"${WRAPPED}`, '"rs_'];

export function fitHistory(body: JsonObject): JsonObject {
  const input = body['input'];
  if (!Array.isArray(input)) return {};
  const own = input.filter((item) => !isForeign(item));
  return own.length === input.length ? {} : { input: own };
}

function isForeign(item: JsonValue): boolean {
  if (!isObject(item) || item['type'] !== 'reasoning') return false;
  const encrypted = stringOf(item['encrypted_content']);
  return encrypted === undefined ? isMadeId(stringOf(item['id']) ?? '') : isWrapped(encrypted);
}
