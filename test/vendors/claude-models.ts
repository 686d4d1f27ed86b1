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
  if (isBetween(model)) return;
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

/** Whether thoughts show, by what the request says of it. */
export function showsThoughts(model: string, thinking: object | undefined): boolean {
  const { display } = (thinking ?? {}) as { readonly display?: string | null };
  return display == null ? !isLater(model) : display !== 'omitted';
}
