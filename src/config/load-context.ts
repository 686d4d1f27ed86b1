// What every part of loading shares: where problems and warnings go, and which variables were missing. Made by
// load-config.ts for one file.

import type { ConfigPath } from './config-error.ts';
import type { ProblemList } from './problem-list.ts';

export interface LoadContext {
  readonly problems: ProblemList;
  warn(message: string): void;
  /** Names of the unset variables in the text at this path. */
  unsetVariables(path: ConfigPath): readonly string[];
  /** True where nothing can be known about files. */
  fileExists(path: string): boolean;
  /** Unix socket of the built-in demo provider; entries whose key is unset go there. */
  readonly demoSocket: string | undefined;
}
