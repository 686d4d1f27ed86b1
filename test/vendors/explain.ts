// Says why a body does not fit a schema. A validator reports every branch of every union; this follows the branch that the
// body means, by its `type` or `role` or its only member, so that a test names one fault and not forty.

export interface JsonSchema {
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly [keyword: string]: unknown;
}

type Definitions = Readonly<Record<string, JsonSchema>>;

/** One line per fault, with its place; empty where only a keyword that is unknown here is broken. */
export function explain(schema: JsonSchema, value: unknown): string[] {
  return faults(schema, value, '', schema.definitions ?? {});
}

function faults(written: JsonSchema, value: unknown, at: string, known: Definitions): string[] {
  const schema = resolve(written, known);
  if (schema.anyOf !== undefined) return faultsOfUnion(schema.anyOf, value, at, known);
  if (schema.allOf !== undefined) return schema.allOf.flatMap((each) => faults(each, value, at, known));
  const types = schema.type === undefined ? [] : [schema.type].flat();
  const place = at === '' ? 'the body' : at;
  if (types.length > 0 && !types.some((type) => isA(type, value)))
    return [`${place}: not ${types.join(' or ')}`];
  const values = schema.enum ?? ('const' in schema ? [schema.const] : undefined);
  if (values !== undefined && !values.includes(value))
    return [`${place}: ${JSON.stringify(value)} is not known`];
  if (schema.pattern !== undefined && typeof value === 'string' && !new RegExp(schema.pattern).test(value))
    return [`${place}: does not match its pattern`];
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined
      ? []
      : value.flatMap((each, index) => faults(items, each, `${at}[${index}]`, known));
  }
  return typeof value === 'object' && value !== null ? faultsOfObject(schema, value, at, known) : [];
}

function faultsOfObject(schema: JsonSchema, value: object, at: string, known: Definitions): string[] {
  const { properties = {}, required = [], additionalProperties: others } = schema;
  const dot = at === '' ? '' : `${at}.`;
  const missing = required.filter((name) => !(name in value)).map((name) => `${dot}${name} is missing`);
  const found = Object.entries(value).flatMap(([name, inner]) => {
    const property = properties[name];
    if (property !== undefined) return faults(property, inner, dot + name, known);
    if (typeof others === 'object') return faults(others, inner, dot + name, known);
    return others === false ? [`${dot}${name} is not known`] : [];
  });
  return [...missing, ...found];
}

function faultsOfUnion(
  branches: readonly JsonSchema[],
  value: unknown,
  at: string,
  known: Definitions,
): string[] {
  const flat = branches.flatMap((branch) => flatten(branch, known));
  const meant = flat.filter((branch) => isMeant(branch, value, known));
  const tried = (meant.length > 0 ? meant : flat).map((branch) => faults(branch, value, at, known));
  return tried.sort((one, other) => one.length - other.length)[0] ?? [];
}

function flatten(branch: JsonSchema, known: Definitions): JsonSchema[] {
  const schema = resolve(branch, known);
  return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap((each) => flatten(each, known));
}

/** Of the right type, and where it tells itself apart by `type` or `role`, by that. */
function isMeant(schema: JsonSchema, value: unknown, known: Definitions): boolean {
  if (schema.type !== undefined && ![schema.type].flat().some((type) => isA(type, value))) return false;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true;
  const members = value as Readonly<Record<string, unknown>>;
  const { properties = {}, required = [] } = schema;
  if (required.length === 1 && !required.some((name) => name in members)) return false;
  return ['type', 'role'].every((name) => {
    const property = properties[name] === undefined ? undefined : resolve(properties[name], known);
    if (members[name] === undefined) return required.includes(name) === false;
    if (property === undefined) return name === 'role';
    const values = property.enum ?? ('const' in property ? [property.const] : undefined);
    return values === undefined || values.includes(members[name]);
  });
}

function resolve(schema: JsonSchema, known: Definitions): JsonSchema {
  const name = schema.$ref?.replace(/^#\/definitions\//, '');
  const found = name === undefined ? undefined : known[decodeURIComponent(name)];
  return found === undefined ? schema : resolve(found, known);
}

function isA(type: string, value: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}
