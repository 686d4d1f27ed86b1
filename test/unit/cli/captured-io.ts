// What a command under test gets instead of a process, and what it wrote.

import type { Command } from '../../../src/cli/command-io.ts';

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function runCommand(command: Command, argv: readonly string[]): Promise<Run> {
  const written = { out: '', err: '' };
  const code = await command(argv, {
    stdout: (text) => {
      written.out += text;
    },
    stderr: (text) => {
      written.err += text;
    },
    env: {},
    cores: 1,
  });
  return { code, ...written };
}
