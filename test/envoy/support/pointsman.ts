// Runs the real gateway for a test: `pointsman up` as a child process with a configuration and an environment of the
// test's choosing, its own Envoy included. Ends it by SIGTERM and insists on exit code 0, a quiet log and kept secrets.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { inject } from 'vitest';
import { KEYS } from './keys.ts';
import { waitUntil } from './wait.ts';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
const START_LIMIT_MS = 30_000;

export interface PointsmanOptions {
  /** An object is written as JSON, which is YAML too. */
  readonly config: object | string;
  /** Added to the keys of keys.ts. */
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
  /** Instead of `--port`. */
  readonly arguments?: readonly string[];
}

export interface RunningPointsman {
  readonly url: string;
  readonly port: number;
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
  readonly pid: number;
  stderr(): string;
  /** Process ids of the children whose command line contains `part`: `worker-process`, `envoy`. */
  children(part: string): number[];
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
  /** @throws where it does not stop with 0, or logged an error that `expected` does not match */
  stop(expected?: RegExp): Promise<void>;
}

export function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'NODE_COMPILE_CACHE'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    ENVOY_PATH: inject('envoyPath'),
    OPENAI_API_KEY: KEYS.openai,
    ANTHROPIC_API_KEY: KEYS.anthropic,
    GROQ_API_KEY: KEYS.groq,
    AZURE_OPENAI_API_KEY: KEYS.azure,
    GEMINI_API_KEY: KEYS.gemini,
    ...more,
  };
}

/** Writes a configuration into a directory of its own. */
export function configFile(config: object | string): { file: string; remove: () => void } {
  const directory = mkdtempSync(path.join(tmpdir(), 'pointsman-test-'));
  const file = path.join(directory, 'config.yaml');
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config, undefined, 2));
  return { file, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

export interface FinishedCommand {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of ours to its end. */
export async function runCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = environment(),
): Promise<FinishedCommand> {
  const child = spawnMain(argv, env);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const code = await exitOf(child);
  return { code, stdout: stdout(), stderr: stderr() };
}

export async function startPointsman(options: PointsmanOptions): Promise<RunningPointsman> {
  const { file, remove } = configFile(options.config);
  const argv = ['up', '-f', file, ...(options.arguments ?? ['--port', `${options.port ?? 0}`])];
  const child = spawnMain(argv, environment(options.env));
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const exited = exitOf(child);
  void exited.then(remove);
  const url = (): string | undefined => /^ready ((?:http|grpc):\S+)$/m.exec(stdout())?.[1];
  await waitUntil(
    () => url() !== undefined || child.exitCode !== null,
    'the gateway to be ready',
    START_LIMIT_MS,
  ).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw new Error(`${String(error)}\n${stderr()}`);
  });
  const found = url();
  if (found === undefined) throw new Error(`the gateway ended with ${child.exitCode}:\n${stderr()}`);
  const pid = child.pid ?? 0;
  return {
    url: found,
    port: Number(new URL(found).port),
    pid,
    openai: new OpenAI({ baseURL: `${found}/v1`, apiKey: KEYS.caller, maxRetries: 0, timeout: 30_000 }),
    anthropic: new Anthropic({ baseURL: found, apiKey: KEYS.caller, maxRetries: 0, timeout: 30_000 }),
    stderr,
    children: (part) => childrenOf(pid).filter((each) => commandLine(each).includes(part)),
    signal: (signal) => void child.kill(signal),
    exited,
    async stop(expected) {
      child.kill('SIGTERM');
      const code = await exited;
      if (code !== 0) throw new Error(`the gateway ended with ${code}:\n${stderr()}`);
      checkLog(stderr(), expected);
    },
  };
}

export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

function spawnMain(argv: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...argv], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function collect(stream: ChildProcess['stdout']): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

function checkLog(stderr: string, expected: RegExp | undefined): void {
  const faults = stderr
    .split('\n')
    .filter((line) => /^\S+ error |\[(error|critical)\]|^\s+at .*:\d+:\d+/.test(line))
    .filter((line) => expected === undefined || !expected.test(line));
  if (faults.length > 0) throw new Error(`the gateway logged errors:\n${faults.join('\n')}\nof\n${stderr}`);
  for (const [name, key] of Object.entries(KEYS))
    if (stderr.includes(key)) throw new Error(`the key of ${name} is in the log`);
}

export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
