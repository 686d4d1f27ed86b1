// Runs one helper command (pip, python, envoy --version) to its end and hands back what it said.
// Called by the Envoy set-up only; knows nothing of what it runs.

import { spawn } from 'node:child_process';

export interface CommandResult {
  /** Exit code; undefined where the command does not exist or was killed. */
  readonly code: number | undefined;
  /** Standard output and standard error, in the order they came. */
  readonly output: string;
}

export interface CommandOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Called with each whole line of output as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Never rejects: a command that cannot be started is a result without a code. */
export function runCommand(
  command: string,
  commandArguments: readonly string[],
  { env, onLine }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, commandArguments, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let unfinished = '';
    const take = (text: string): void => {
      output += text;
      const lines = (unfinished + text).split(/\r?\n|\r/);
      unfinished = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') onLine?.(line.trimEnd());
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', (error) => resolve({ code: undefined, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? undefined, output }));
  });
}
