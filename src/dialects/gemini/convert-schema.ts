// Google's Schema (a subset of OpenAPI 3.0, with types in capitals) → JSON Schema, which every vendor takes:
// https://ai.google.dev/api/caching#Schema. There is no way back: `parametersJsonSchema` and `responseJsonSchema` take it as it is.

import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { objectOf } from '../../json/read-value.ts';
import { camelMembers } from './camel-members.ts';

/** 64-bit numbers, which Google's JSON writes as text. */
const COUNTS = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties']);

export function toJsonSchema(schema: JsonValue | undefined): JsonObject {
  const given = camelMembers(schema);
  const made: JsonObject = {};
  for (const [name, value] of Object.entries(given)) {
    if (name === 'nullable' || name === 'propertyOrdering' || value === undefined) continue;
    if (name === 'type') {
      if (value !== 'TYPE_UNSPECIFIED')
        made['type'] = typeof value === 'string' ? value.toLowerCase() : value;
    } else if (name === 'example') made['examples'] = [value];
    else if (COUNTS.has(name)) made[name] = Number(value);
    else if (name === 'items') made['items'] = toJsonSchema(value);
    else if (name === 'anyOf') made['anyOf'] = Array.isArray(value) ? value.map(toJsonSchema) : value;
    else if (name === 'properties')
      made['properties'] = properties(objectOf(value), given['propertyOrdering']);
    else made[name] = value;
  }
  return given['nullable'] === true ? orNull(made) : made;
}

/** JSON Schema has no order of its own: the members' order says it. */
function properties(given: JsonObject, ordering: JsonValue | undefined): JsonObject {
  const first = Array.isArray(ordering) ? ordering.filter((name) => typeof name === 'string') : [];
  const names = new Set([...first.filter((name) => Object.hasOwn(given, name)), ...Object.keys(given)]);
  return Object.fromEntries([...names].map((name) => [name, toJsonSchema(given[name])]));
}

function orNull(schema: JsonObject): JsonObject {
  const { type, enum: values, anyOf } = schema;
  if (Array.isArray(anyOf)) return { ...schema, anyOf: [...anyOf, { type: 'null' }] };
  return {
    ...schema,
    ...(typeof type === 'string' ? { type: [type, 'null'] } : {}),
    ...(Array.isArray(values) ? { enum: [...values, null] } : {}),
  };
}
