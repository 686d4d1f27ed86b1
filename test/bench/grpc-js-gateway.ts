// A gateway whose worker is grpc-js-server.ts: the same Envoy configuration, worker flags and Unix socket as `up` has.

import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { renderBootstrap } from '../../src/envoy/bootstrap.ts';
import { claimPort } from '../../src/supervisor/listen-port.ts';
import type { BenchConfig } from './bench-config.ts';
import { startEnvoy } from './envoy-process.ts';
import type { GrpcJsStart } from './grpc-js-server.ts';
import { forkHere } from './load.ts';
import { loadBenchConfig, type Subject, type SubjectOptions, stop } from './subjects.ts';

export async function startGrpcJsGateway(config: BenchConfig, options: SubjectOptions): Promise<Subject> {
  mkdirSync(options.directory, { recursive: true });
  const loaded = loadBenchConfig(config);
  const port = await claimPort('127.0.0.1', 0);
  const socket = path.join(options.directory, 'worker.sock');
  const worker = forkHere('./grpc-js-server.ts', ['--max-semi-space-size=1']);
  const start: GrpcJsStart = { config: loaded, socket };
  worker.send(start);
  await once(worker, 'message');
  const bootstrap = renderBootstrap(
    { ...loaded, listener: { ...loaded.listener, port } },
    { service: [{ path: socket }], caFile: '' },
  );
  const { envoyPath, directory, concurrency } = options;
  const envoy = await startEnvoy(envoyPath, directory, bootstrap, { port, concurrency });
  if (envoy.pid === undefined || worker.pid === undefined) throw new Error('a process did not start');
  return {
    port,
    processes: { envoy: envoy.pid, worker: worker.pid },
    async stop() {
      await stop(envoy);
      if (worker.connected) worker.disconnect();
    },
  };
}
