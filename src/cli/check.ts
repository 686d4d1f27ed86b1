// `pointsman check`: validates a configuration and prints what it would run. Starts nothing. Everything but the file
// comes from its caller.

import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ConfigError } from '../config/config-error.ts';
import { describeConfig } from '../config/describe-config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Environment } from '../config/variables.ts';

export interface CheckIo {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Environment;
  readonly cores: number;
}

const HELP = `Usage: pointsman check [-f FILE]

Validates a configuration and prints the models, routes, router, clusters and warnings it stands for.
Nothing is started and no provider is called. Keys are never printed.

  -f, --file FILE   the configuration (default: config.yaml)
  -h, --help        this text

Exit codes: 0 valid, 1 invalid configuration, 2 wrong usage or unreadable file.
`;

/** `argv` without the command's name. Resolves with the exit code; rejects only on defects of our own. */
export async function check(argv: readonly string[], io: CheckIo): Promise<number> {
  const options = readOptions(argv);
  if (typeof options === 'string') {
    io.stderr(`pointsman check: ${options}\n\n${HELP}`);
    return 2;
  }
  if (options.help) {
    io.stdout(HELP);
    return 0;
  }
  let text: string;
  try {
    text = await readFile(options.file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    io.stderr(`pointsman check: cannot read the configuration: ${reason}\n`);
    return 2;
  }
  try {
    const config = loadConfig(text, { file: options.file, env: io.env, cores: io.cores });
    io.stdout(`${describeConfig(config)}\n${options.file} is valid\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const count = error.problems.length;
    io.stderr(
      `${error.message}\n\n${options.file} has ${count === 1 ? 'one problem' : `${count} problems`}\n`,
    );
    return 1;
  }
}

/** The options, or what is wrong with them. */
function readOptions(argv: readonly string[]): { readonly file: string; readonly help: boolean } | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        file: { type: 'string', short: 'f', default: 'config.yaml' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
