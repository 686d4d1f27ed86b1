// What a provider's error says in words, by whatever shape its server gives it. Called by the dialects' errors.ts.

import type { JsonValue } from '../json/json-value.ts';
import { objectOf, objectsOf, stringOf } from '../json/read-value.ts';

/** Of a message that is no JSON; a proxy's page may be long. */
const MOST_CHARACTERS = 1000;

/** A body that is text; undefined for none and for a proxy's page. */
export function plainWords(body: string): string | undefined {
  const text = body.trim();
  return text === '' || text.startsWith('<') ? undefined : text.slice(0, MOST_CHARACTERS);
}

/** @param found what stands for the error: an object with a `message`, FastAPI's `detail`, or the text itself */
export function wordsOf(found: JsonValue | undefined): string | undefined {
  if (typeof found === 'string') return plainWords(found);
  const error = objectOf(found);
  const [complaint] = objectsOf(error['detail']);
  return stringOf(error['message']) ?? stringOf(error['detail']) ?? stringOf(complaint?.['msg']);
}
