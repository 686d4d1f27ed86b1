// The schema of a function's arguments as OpenAI's two dialects take it.

import type { JsonObject } from '../json/json-value.ts';

/** An object that names no members is refused ("object schema missing properties"), unless it says that there are none. */
export function parametersSchema(schema: JsonObject): JsonObject {
  const isBare = schema['type'] === 'object' && schema['properties'] === undefined;
  return isBare ? { ...schema, properties: {} } : schema;
}
