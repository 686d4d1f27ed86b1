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
    else if (/^[\w-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${printable(step)}]`;
  }
  return text;
}

/** Text from the file, quoted, safe to print on a terminal and not longer than a line. */
export function printable(text: string): string {
  return JSON.stringify((text.length > 60 ? `${text.slice(0, 57)}…` : text).replace(/\p{C}/gu, '?'));
}
