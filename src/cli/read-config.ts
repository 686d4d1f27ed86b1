// Reads the configuration file that a command was given, or says what is wrong with it.

import { accessSync, constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ConfigError } from '../config/config-error.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { type LoadOptions, loadConfig } from '../config/load-config.ts';
import { type CommandIo, EXIT } from './command-io.ts';

export type ReadConfig =
  | { readonly type: 'config'; readonly config: GatewayConfig }
  /** Already explained on standard error. */
  | { readonly type: 'exit'; readonly code: number };

export async function readConfig(
  command: string,
  file: string,
  io: CommandIo,
  options: Pick<LoadOptions, 'demoSocket' | 'keysOptional' | 'fileExists'> = {},
): Promise<ReadConfig> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    io.stderr(`pointsman ${command}: cannot read the configuration: ${reason}\n`);
    return { type: 'exit', code: EXIT.usage };
  }
  try {
    // Commands that ask no provider may be for an Envoy elsewhere, which has files of its own.
    const fileExists = options.keysOptional === true ? undefined : isReadable;
    const config = loadConfig(text, { file, env: io.env, cores: io.cores, fileExists, ...options });
    return { type: 'config', config };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const count = error.problems.length;
    io.stderr(`${error.message}\n\n${file} has ${count === 1 ? 'one problem' : `${count} problems`}\n`);
    return { type: 'exit', code: EXIT.failed };
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
