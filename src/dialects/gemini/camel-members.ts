// Google's JSON: a member may be named in camel case or in snake case, and a list of one may stand without its brackets:
// https://protobuf.dev/programming-guides/json/. Read by every decoder of this folder.

import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { objectOf, objectsOf } from '../../json/read-value.ts';

/** The object with its own members' names in camel case; the same object where they are already. */
export function camelMembers(value: JsonValue | undefined): JsonObject {
  const object = objectOf(value);
  for (const name in object) {
    if (name.includes('_')) return renamed(object);
  }
  return object;
}

function renamed(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [camelName(name), value]));
}

function camelName(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export function listOf(value: JsonValue | undefined): JsonObject[] {
  return isObject(value) ? [value] : objectsOf(value);
}
