// The JSON text of a call's arguments → the object that Gemini wants. Numbers beyond 2^53 lose digits: it takes no text.

import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';

/** `''` is no arguments; undefined for what is no JSON object. */
export function parseArguments(text: string): JsonObject | undefined {
  if (text === '') return {};
  try {
    const value = JSON.parse(text) as JsonValue;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
