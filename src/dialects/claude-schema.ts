// A JSON schema → the subset that the vendor holds answers and strict tools to; the rest is a 400 there.
// https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations. Bedrock's is the same, for all
// of its models: https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html

import type { Dialect } from '../contract/dialect.ts';
import type { Warning } from '../conversation/warning.ts';
import { isObject, type JsonObject, type JsonValue } from '../json/json-value.ts';

/** Limits of numbers, texts, lists and objects. */
const UNKNOWN = new Set(
  (
    'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength maxItems uniqueItems contains ' +
    'minContains maxContains minProperties maxProperties patternProperties propertyNames'
  ).split(' '),
);
const FORMATS: readonly JsonValue[] = 'date-time time date duration email hostname uri ipv4 ipv6 uuid'.split(
  ' ',
);
/** Keywords whose members are schemas by name. */
const BY_NAME = new Set(['properties', '$defs', 'definitions']);
/** Keywords that hold a schema or a list of them. */
const NESTED = new Set(['items', 'prefixItems', 'anyOf', 'oneOf', 'allOf', 'not']);

/** What was dropped is one warning. */
export function adaptSchema(
  schema: JsonObject,
  dialect: Dialect,
  param: string,
  warnings: Warning[],
): JsonObject {
  const dropped = new Set<string>();
  const adapted = adapt(schema, dropped);
  if (dropped.size > 0) {
    const names = [...dropped].join(', ');
    warnings.push({ param, message: `the schema is not held to ${names}, which ${dialect} does not know` });
  }
  return adapted;
}

function adapt(schema: JsonObject, dropped: Set<string>): JsonObject {
  const adapted: JsonObject = {};
  for (const [name, value] of Object.entries(schema)) {
    if (isDropped(name, value)) dropped.add(name);
    else if (name === 'oneOf') adapted['anyOf'] = adaptNested(value, dropped);
    else if (NESTED.has(name)) adapted[name] = adaptNested(value, dropped);
    else if (BY_NAME.has(name) && isObject(value)) adapted[name] = adaptMembers(value, dropped);
    else if (name !== 'additionalProperties' || value === false) adapted[name] = value;
  }
  if (schema['type'] === 'object' || isObject(schema['properties'])) {
    // Of an object that says nothing it is the vendor's rule; one that allows more loses that.
    if ((schema['additionalProperties'] ?? false) !== false) dropped.add('additionalProperties');
    adapted['additionalProperties'] = false;
  }
  return adapted;
}

function isDropped(name: string, value: JsonValue | undefined): boolean {
  if (name === 'minItems') return value !== 0 && value !== 1;
  if (name === 'format') return typeof value === 'string' && !FORMATS.includes(value);
  return UNKNOWN.has(name);
}

function adaptNested(value: JsonValue | undefined, dropped: Set<string>): JsonValue | undefined {
  if (Array.isArray(value)) return value.map((one) => (isObject(one) ? adapt(one, dropped) : one));
  return isObject(value) ? adapt(value, dropped) : value;
}

function adaptMembers(members: JsonObject, dropped: Set<string>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).map(([name, one]) => [name, isObject(one) ? adapt(one, dropped) : one]),
  );
}
