// Arguments of a command by node:util's parser, with `--help` and usage errors the same everywhere.

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { type CommandIo, EXIT } from './command-io.ts';

export interface CommandArguments {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

/** The arguments, or the exit code where there is nothing left to do. */
export function readArguments(
  command: string,
  help: string,
  argv: readonly string[],
  options: ParseArgsOptionsConfig,
  io: CommandIo,
  maxPositionals = 0,
): CommandArguments | number {
  try {
    const parsed = parseArgs({
      args: [...argv],
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: maxPositionals > 0,
    });
    const { help: wantsHelp, ...values } = parsed.values as Record<string, string | boolean | undefined>;
    if (wantsHelp === true) {
      io.stdout(help);
      return EXIT.ok;
    }
    if (parsed.positionals.length > maxPositionals)
      throw new Error(`unexpected argument '${parsed.positionals.at(-1)}'`);
    return { values, positionals: parsed.positionals };
  } catch (error) {
    io.stderr(`pointsman ${command}: ${error instanceof Error ? error.message : String(error)}\n\n${help}`);
    return EXIT.usage;
  }
}

export const FILE_OPTION: ParseArgsOptionsConfig = {
  file: { type: 'string', short: 'f', default: 'config.yaml' },
};
