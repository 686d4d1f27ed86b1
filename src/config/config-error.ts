// The one error of loading a configuration: every problem of the file at once, each with its place. Thrown by
// load-config.ts, printed by the commands. Holds no values that came from variables.

/** Keys and indexes from the top of the file. */
export type ConfigPath = readonly (string | number)[];

export interface ConfigProblem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
  /** `model_providers[1].access_key`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string;
}

/** `message` is ready to print: one line per problem, in the order of the file. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

function formatProblem(problem: ConfigProblem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const subject = problem.path === '' ? '' : `${problem.path}: `;
  const hint = problem.hint === undefined ? '' : `; ${problem.hint}`;
  return `${place} ${subject}${problem.message}${hint}`;
}

export function formatPath(path: ConfigPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w-]{1,60}$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `["${isName(step) ? step : '(not shown)'}"]`;
  }
  return text;
}

/**
 * True for what can be a model, a route or a key. A missing quote, colon or space can make a secret part of any text or
 * key, so nothing else is repeated in a message.
 */
export function isName(text: string): boolean {
  return text.length <= 60 && /^[\w./@-]+(?:[: ][\w./@-]+){0,3}$/.test(text) && !/(?:^|\W)sk-/.test(text);
}
