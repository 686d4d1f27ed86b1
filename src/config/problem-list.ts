// Collects the problems of one file. Everything that checks something adds here; load-config.ts throws them together.

import { ConfigError, type ConfigPath, type ConfigProblem, formatPath, isName } from './config-error.ts';
import type { YamlSource } from './yaml-source.ts';

export class ProblemList {
  readonly #file: string;
  readonly #source: YamlSource;
  readonly #isSecret: (path: ConfigPath) => boolean;
  readonly #problems = new Map<string, ConfigProblem>();

  constructor(file: string, source: YamlSource, isSecret: (path: ConfigPath) => boolean) {
    this.#file = file;
    this.#source = source;
    this.#isSecret = isSecret;
  }

  /**
   * Only the first problem at a path is kept, since what follows is mostly its consequence; but a problem with the key
   * itself replaces one with its value.
   */
  add(path: ConfigPath, message: string, hint?: string, part: 'key' | 'value' = 'value'): void {
    const id = JSON.stringify(path);
    if (this.#problems.has(id) && part === 'value') return;
    this.#problems.set(id, {
      file: this.#file,
      ...this.#source.locate(path, part),
      path: formatPath(path),
      message,
      ...(hint === undefined ? {} : { hint }),
    });
  }

  has(path: ConfigPath): boolean {
    return this.#problems.has(JSON.stringify(path));
  }

  /** A value for a message: quoted, or "the value" where it may be a secret. */
  quote(path: ConfigPath, text: string): string {
    return this.#isSecret(path) || !isName(text) ? 'the value' : `"${text}"`;
  }

  throwIfAny(): void {
    if (this.#problems.size === 0) return;
    throw new ConfigError(
      [...this.#problems.values()].sort((a, b) => a.line - b.line || a.column - b.column),
    );
  }
}
