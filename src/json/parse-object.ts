// JSON text that is to be an object, for vendors that take objects where others write text. What it gives is only good for
// JSON.stringify: numbers that JavaScript would round stand in it as they were written.

import type { JsonObject, JsonValue } from './json-value.ts';

/** https://tc39.es/proposal-json-parse-with-source: in V8, and not yet in TypeScript's library. */
const { parse, rawJSON } = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: JsonValue, context: { readonly source?: string }) => JsonValue,
  ): JsonValue;
  rawJSON(text: string): JsonValue;
};
/** So many digits may be more than a number holds. */
const LONG_NUMBER = /\d{16}/;

/** `''` and blanks are `{}`; undefined for what is no JSON object. */
export function parseObject(text: string): JsonObject | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return {};
  if (!trimmed.startsWith('{')) return undefined;
  try {
    return (LONG_NUMBER.test(text) ? parse(text, keepDigits) : JSON.parse(text)) as JsonObject;
  } catch {
    return undefined;
  }
}

function keepDigits(_key: string, value: JsonValue, { source }: { readonly source?: string }): JsonValue {
  const isRounded = typeof value === 'number' && source !== undefined && `${value}` !== source;
  return isRounded ? rawJSON(source) : value;
}
