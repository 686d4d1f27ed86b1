// Which JSON schemas OpenAI takes with `strict`: https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
// Others are refused with a 400, so that the encoders of its two dialects send them without.

import type { Dialect } from '../contract/dialect.ts';
import type { Warning } from '../conversation/warning.ts';
import { isObject, type JsonObject, type JsonValue } from '../json/json-value.ts';

const REFUSED = 'allOf oneOf not if then else dependentRequired dependentSchemas patternProperties'.split(
  ' ',
);

/** Without `strict`, and a warning, where the schema would be refused with it. */
export function strictFor(
  schema: JsonObject | undefined,
  strict: boolean | undefined,
  dialect: Dialect,
  param: string,
  warnings: Warning[],
): boolean | undefined {
  if (strict !== true || (schema !== undefined && isStrictSchema(schema))) return strict;
  warnings.push({
    param,
    message: `the schema is not held strictly: ${dialect} cannot with its optional parts`,
  });
  return undefined;
}

/** The root is an object; every object names all its members as required and allows no others. */
function isStrictSchema(schema: JsonObject): boolean {
  return schema['type'] === 'object' && schema['anyOf'] === undefined && isStrict(schema);
}

function isStrict(schema: JsonValue | undefined): boolean {
  if (!isObject(schema)) return schema !== false;
  if (REFUSED.some((keyword) => schema[keyword] !== undefined)) return false;
  const { type, properties, required, items, anyOf } = schema;
  const members = isObject(properties) ? properties : {};
  const isObjectType = type === 'object' || (Array.isArray(type) && type.includes('object'));
  if (isObjectType || properties !== undefined) {
    if (schema['additionalProperties'] !== false) return false;
    const names: readonly JsonValue[] = Array.isArray(required) ? required : [];
    if (!Object.keys(members).every((name) => names.includes(name))) return false;
  }
  return (
    isStrict(items) &&
    (Array.isArray(anyOf) ? anyOf : []).every(isStrict) &&
    [members, schema['$defs'], schema['definitions']].every(
      (map) => !isObject(map) || Object.values(map).every(isStrict),
    )
  );
}
