// What Claude's models refuse, by the models that the tests ask, whoever serves them.
// https://platform.claude.com/docs/en/build-with-claude/thinking, …/effort and …/about-claude/models/migration-guide

export interface ClaudeSettings {
  readonly thinking?: { readonly type?: string } | undefined;
  readonly effort?: string | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
}

/** From Opus 4.7 on, and all of the fifth generation. */
const isLater = (model: string): boolean => /claude-(opus-4-7|[a-z]+-5|mythos)/.test(model);
/** Takes thinking in either form. */
const isBetween = (model: string): boolean => /claude-(opus|sonnet)-4-6/.test(model);

export function* findClaudeBreaches(
  model: string,
  { thinking, effort, temperature, topP, topK }: ClaudeSettings,
): Generator<string> {
  if (model === '' || isBetween(model)) return;
  if (!isLater(model)) {
    if (thinking?.type === 'adaptive') yield 'adaptive thinking is not supported on this model';
    if (effort !== undefined && !['low', 'medium', 'high'].includes(effort))
      yield `This model does not support the effort ${effort}`;
    return;
  }
  if (thinking?.type === 'enabled')
    yield '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort"';
  for (const [name, value] of Object.entries({ temperature, top_p: topP, top_k: topK }))
    if (value !== undefined) yield `\`${name}\` is not supported for this model`;
}

/**
 * What a schema for the answer may not say.
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
 */
export function* findClaudeSchemaBreaches(schema: unknown, at: string): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  const members = schema as Readonly<Record<string, unknown>>;
  if (members['type'] === 'object' && members['additionalProperties'] !== false)
    yield `${at}: For 'object' type, 'additionalProperties' must be explicitly set to false`;
  for (const name of UNSUPPORTED)
    if (name in members)
      yield `${at}: For '${String(members['type'])}' type, property '${name}' is not supported`;
  if (Number(members['minItems'] ?? 0) > 1)
    yield `${at}: 'minItems' values other than 0 or 1 are not supported`;
  for (const name of ['properties', '$defs', 'definitions'])
    for (const [key, inner] of Object.entries(members[name] ?? {}))
      yield* findClaudeSchemaBreaches(inner, `${at}.${key}`);
  yield* findClaudeSchemaBreaches(members['items'], `${at}[]`);
  for (const name of ['anyOf', 'allOf'])
    for (const inner of (members[name] ?? []) as readonly unknown[])
      yield* findClaudeSchemaBreaches(inner, at);
}

const UNSUPPORTED = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'maxItems',
];

/** Whether thoughts show, by what the request says of it. */
export function showsThoughts(model: string, thinking: object | undefined): boolean {
  const { display } = (thinking ?? {}) as { readonly display?: string | null };
  return display == null ? !isLater(model) : display !== 'omitted';
}
