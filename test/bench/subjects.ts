// What is measured: processes that listen on a port, and what their CPU time is. Started when first needed.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../src/config/load-config.ts';
import { claimPort } from '../../src/supervisor/listen-port.ts';
import { type BenchConfig, benchConfig } from './bench-config.ts';
import { bareBootstrap, startEnvoy } from './envoy-process.ts';
import { childrenOf } from './process-usage.ts';

export const PROCESS_NAMES = ['envoy', 'worker', 'supervisor', 'embedded'] as const;
export type ProcessName = (typeof PROCESS_NAMES)[number];

export interface Subject {
  readonly port: number;
  readonly processes: Readonly<Partial<Record<ProcessName, number>>>;
  stop(): Promise<void>;
}

export interface SubjectOptions {
  /** For files; one subject each. */
  readonly directory: string;
  /** Envoy itself, and a wrapper that gives it the benchmark's settings. */
  readonly envoyPath: string;
  readonly envoyWrapper: string;
  readonly concurrency: number;
}

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
export const BENCH_ENVIRONMENT: NodeJS.ProcessEnv = { ...process.env, BENCH_KEY: 'bench-key' };

export function loadBenchConfig(config: BenchConfig): ReturnType<typeof loadConfig> {
  return loadConfig(benchConfig(config), { file: 'bench.yaml', env: BENCH_ENVIRONMENT, cores: 2 });
}

/** `pointsman up`, as an operator runs it, of this checkout or another. */
export async function startGateway(
  config: BenchConfig,
  options: SubjectOptions,
  checkout: string = CHECKOUT,
): Promise<Subject> {
  mkdirSync(options.directory, { recursive: true });
  const file = path.join(options.directory, 'config.yaml');
  writeFileSync(file, benchConfig(config));
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      path.join(checkout, 'src/main.ts'),
      'up',
      '-f',
      file,
      '--port',
      '0',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...BENCH_ENVIRONMENT, ENVOY_PATH: options.envoyWrapper } },
  );
  child.stderr?.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n'))
      if (line !== '' && !line.includes(' info ')) process.stderr.write(`${line}\n`);
  });
  const port = await readyPort(child);
  const children = childrenOf(child.pid ?? 0);
  const find = (word: string): number | undefined =>
    children.find(({ command }) => command.includes(word))?.pid;
  const envoy = find('--config-path');
  const worker = find('worker-process');
  if (envoy === undefined || worker === undefined)
    throw new Error('the gateway runs without Envoy or worker');
  const embedded = find('embedded-process');
  const supervisor = child.pid === undefined ? {} : { supervisor: child.pid };
  const model = embedded === undefined ? {} : { embedded };
  return { port, processes: { envoy, worker, ...supervisor, ...model }, stop: () => stop(child) };
}

export async function startBareEnvoy(providerPort: number, options: SubjectOptions): Promise<Subject> {
  mkdirSync(options.directory, { recursive: true });
  const config = loadBenchConfig({ providerPort, engine: 'none' });
  const port = await claimPort('127.0.0.1', 0);
  const bootstrap = bareBootstrap({ ...config, listener: { ...config.listener, port } });
  const child = await startEnvoy(options.envoyPath, options.directory, bootstrap, {
    port,
    concurrency: options.concurrency,
  });
  return {
    port,
    processes: child.pid === undefined ? {} : { envoy: child.pid },
    stop: () => stop(child),
  };
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** `ready http://127.0.0.1:PORT` */
function readyPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const port = /^ready http:\/\/[^ ]*:(\d+)$/m.exec(text)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('exit', () => reject(new Error('the gateway did not start; its own message is above')));
  });
}
