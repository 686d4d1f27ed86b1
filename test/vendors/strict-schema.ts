// OpenAI's strict mode: every object closed, every property required.
// https://platform.openai.com/docs/guides/structured-outputs#supported-schemas

export function* findStrictSchemaBreaches(schema: unknown, at: string): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  const { type, properties, required, additionalProperties, items, anyOf } = schema as {
    readonly type?: unknown;
    readonly properties?: Readonly<Record<string, unknown>>;
    readonly required?: readonly string[];
    readonly additionalProperties?: unknown;
    readonly items?: unknown;
    readonly anyOf?: readonly unknown[];
  };
  if (type === 'object') {
    if (additionalProperties !== false) yield `${at}: 'additionalProperties' must be false in strict mode`;
    const missing = Object.keys(properties ?? {}).filter((name) => required?.includes(name) !== true);
    if (missing.length > 0) yield `${at}: 'required' must name ${missing.join(', ')} in strict mode`;
  }
  for (const [name, inner] of Object.entries(properties ?? {}))
    yield* findStrictSchemaBreaches(inner, `${at}.${name}`);
  yield* findStrictSchemaBreaches(items, `${at}[]`);
  for (const branch of anyOf ?? []) yield* findStrictSchemaBreaches(branch, at);
}
