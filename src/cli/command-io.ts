// What a command gets from the process it runs in, so that tests can stand in for it.

import type { Environment } from '../config/variables.ts';

export interface CommandIo {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Environment;
  readonly cores: number;
}

/** `argv` without the command's name. Resolves with the exit code; rejects only on defects of our own. */
export type Command = (argv: readonly string[], io: CommandIo) => Promise<number>;

/** Exit codes that all commands share. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
