// Which Envoy a binary is, and whether it is new enough. Called by the Envoy set-up.

import { runCommand } from './run-command.ts';

/** The oldest Envoy whose features the rendered configuration uses. */
export const OLDEST_ENVOY = '1.39';

/**
 * Asks the binary itself.
 * @returns `1.40.0`, or undefined where this is no Envoy that runs on this machine.
 */
export async function readEnvoyVersion(path: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { code, output } = await runCommand(path, ['--version'], { env });
  if (code !== 0) return undefined;
  // "envoy  version: <commit>/1.40.0/Clean/RELEASE/BoringSSL"; distributions append to the number: 1.40.0-dev
  return /version: [0-9a-f]+\/(\d+\.\d+\.\d+)/.exec(output)?.[1];
}

export function isRecentEnvoy(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_ENVOY.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
