// A JSON Schema → the part of it that Bedrock compiles; it refuses the rest.
// https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html

import type { Warning } from '../../conversation/warning.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';

const REFUSED = new Set(
  'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength maxItems uniqueItems'.split(
    ' ',
  ),
);
/** Their members are schemas by name. */
const NAMED = new Set(['properties', '$defs', 'definitions']);
/** They hold a schema or a list of them. */
const NESTED = new Set(['items', 'prefixItems', 'anyOf', 'allOf', 'oneOf']);

/** @param param what the client calls the schema, for its warnings */
export function fitSchema(schema: JsonObject, param: string, warnings: Warning[]): JsonObject {
  const dropped = new Set<string>();
  const fitting = restrict(schema, dropped);
  for (const keyword of dropped)
    warnings.push({ param, message: `${keyword} is not known to bedrock-converse` });
  return fitting;
}

function restrict(schema: JsonObject, dropped: Set<string>): JsonObject {
  const kept: JsonObject = {};
  for (const [keyword, value] of Object.entries(schema)) {
    const isRefused = REFUSED.has(keyword) || (keyword === 'minItems' && value !== 0 && value !== 1);
    if (isRefused) dropped.add(keyword);
    else if (keyword === 'additionalProperties') {
      if (value !== false) dropped.add(keyword);
    } else if (NAMED.has(keyword) && isObject(value)) kept[keyword] = fitEach(value, dropped);
    else
      kept[keyword === 'oneOf' ? 'anyOf' : keyword] = NESTED.has(keyword) ? fitNested(value, dropped) : value;
  }
  if (schema['type'] === 'object' || schema['properties'] !== undefined) kept['additionalProperties'] = false;
  return kept;
}

function fitEach(schemas: JsonObject, dropped: Set<string>): JsonObject {
  const kept: JsonObject = {};
  for (const [name, schema] of Object.entries(schemas)) kept[name] = fitNested(schema, dropped);
  return kept;
}

function fitNested(value: JsonValue | undefined, dropped: Set<string>): JsonValue | undefined {
  if (Array.isArray(value)) return value.map((each) => (isObject(each) ? restrict(each, dropped) : each));
  return isObject(value) ? restrict(value, dropped) : value;
}
