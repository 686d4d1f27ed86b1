// Runs the gateway: worker processes, the embedded router's process, Envoy; restarts what dies, and ends it all in
// order. Started by `pointsman up`.

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { AffinityStore } from '../decide/affinity.ts';
import { renderBootstrap } from '../envoy/bootstrap.ts';
import { MemoryConversations } from '../store/memory-conversations.ts';
import { Counters } from '../telemetry/counters.ts';
import type { Log } from '../telemetry/log.ts';
import { CallDesk } from './call-desk.ts';
import { EnvoyAdmin } from './envoy-admin.ts';
import { listenerUrl } from './listener-url.ts';
import { type ChildExit, ManagedChild } from './managed-child.ts';
import type { EmbeddedStart, FromEmbedded, FromWorker, WorkerStart } from './messages.ts';
import { type MetricsServer, serveMetrics } from './metrics-server.ts';
import { findTrustStore } from './trust-store.ts';
import { withoutKeys, withoutKeysButAws } from './without-keys.ts';

const STOP_GRACE_MS = 3000;
const POLL_MS = 50;
/** A model that takes longer than this to load does not hold the gateway up. */
const EMBEDDED_WAIT_MS = 10_000;

export interface SupervisorOptions {
  readonly config: GatewayConfig;
  /** Path of the Envoy binary; undefined = the operator brings their own. */
  readonly envoyPath: string | undefined;
  /** Where workers listen without an Envoy of ours. */
  readonly serviceAddress: { readonly host: string; readonly port: number };
  readonly modelDirectory: string;
  /** For sockets and Envoy's configuration; only this user may be able to read it. */
  readonly runtimeDirectory: string;
  readonly log: Log;
  /** A part that cannot be kept running; the gateway is of no use without it. */
  readonly onFailure: (reason: string) => void;
}

export class Supervisor {
  private readonly options: SupervisorOptions;
  private readonly counters = new Counters();
  private readonly workers: ManagedChild[] = [];
  private readonly embedded: ManagedChild | undefined;
  private readonly desk: CallDesk;
  private envoy: ManagedChild | undefined;
  private metrics: MetricsServer | undefined;
  private stopping = false;
  private killed = false;

  constructor(options: SupervisorOptions) {
    this.options = options;
    const { config } = options;
    this.embedded = config.routing.engine === 'none' ? undefined : this.embeddedChild();
    const pins = new AffinityStore({ ...config.affinity, now: () => performance.now() });
    this.desk = new CallDesk(pins, memoryConversations(config), this.embedded);
    for (let index = 0; index < config.service.workers; index += 1)
      this.workers.push(this.workerChild(index));
  }

  /** Resolves when every part is up; what a client sees is `/healthz`. */
  async start(): Promise<void> {
    const { config, envoyPath } = this.options;
    if (config.service.metrics !== undefined)
      this.metrics = await serveMetrics(config.service.metrics, this.counters);
    this.embedded?.start();
    for (const worker of this.workers) worker.start();
    await Promise.all(this.workers.map((worker) => worker.whenReady()));
    if (this.embedded !== undefined)
      await Promise.race([this.embedded.whenReady(), sleep(EMBEDDED_WAIT_MS, undefined, { ref: false })]);
    if (envoyPath !== undefined && !this.stopping) await this.startEnvoy(envoyPath);
  }

  /** Lets requests in flight finish, at most for the drain timeout, then ends every process. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (this.envoy?.ready === true) await this.drainEnvoy();
    await this.envoy?.stop((child) => child.kill('SIGTERM'), STOP_GRACE_MS);
    const ask = (child: ChildProcess): void => void child.send({ type: 'stop' }, () => {});
    const grace =
      this.options.envoyPath === undefined ? this.options.config.service.drainTimeout : STOP_GRACE_MS;
    await Promise.all(this.workers.map((worker) => worker.stop(ask, grace)));
    await this.embedded?.stop(ask, STOP_GRACE_MS);
    this.dispose();
  }

  /** Ends everything at once. */
  async kill(): Promise<void> {
    this.stopping = true;
    this.killed = true;
    const children = [this.envoy, ...this.workers, this.embedded].filter((child) => child !== undefined);
    await Promise.all(children.map((child) => child.stop((process) => process.kill('SIGKILL'), 0)));
    this.dispose();
  }

  private dispose(): void {
    this.metrics?.close();
  }

  private async startEnvoy(envoyPath: string): Promise<void> {
    const bootstrap = renderBootstrap(this.options.config, {
      service: this.workers.map((_, index) => ({ path: this.socketOf(index) })),
      adminSocket: this.adminSocket,
      caFile: findTrustStore(this.options.runtimeDirectory),
    });
    const file = path.join(this.options.runtimeDirectory, 'envoy.json');
    writeFileSync(file, JSON.stringify(bootstrap), { mode: 0o600 });
    const signs = this.options.config.clusters.some(({ signing }) => signing !== undefined);
    // main's warnings are about limits that a gateway behind a load balancer has no use for.
    const levels = ['--log-level', 'warning', '--component-log-level', 'main:error'];
    this.envoy = new ManagedChild({
      name: 'envoy',
      // A process group of its own: Ctrl-C in a terminal must not end it before the requests in flight are done.
      spawn: () =>
        spawn(envoyPath, ['--config-path', file, '--disable-hot-restart', ...levels], {
          detached: true,
          env: signs ? withoutKeysButAws(process.env) : withoutKeys(process.env),
          stdio: ['ignore', 'ignore', 'inherit'],
        }),
      onSpawn: (child) => {
        for (const worker of this.workers) this.tellEnvoyPid(worker, child.pid);
        void this.watchEnvoy();
      },
      onExit: (exit) => this.reportExit(exit),
      onGiveUp: (exit) => this.options.onFailure(giveUpText(exit)),
    });
    this.envoy.start();
    await this.envoy.whenReady();
  }

  /** Envoy says nothing when it serves; its health check does. */
  private async watchEnvoy(): Promise<void> {
    const { address, port } = this.options.config.listener;
    const url = `${listenerUrl(address, port)}/healthz`;
    const admin = new EnvoyAdmin(this.adminSocket);
    const pid = this.envoy?.pid;
    while (this.envoy?.pid === pid && pid !== undefined && this.envoy?.ready === false) {
      const answer = await probeEnvoy(admin, url).catch(() => 'nobody' as const);
      if (this.envoy.pid !== pid) return;
      if (answer === 'ours') this.envoy.markReady();
      else if (answer === 'another') this.options.onFailure(`another gateway answers on ${address}:${port}`);
      if (answer === 'nobody') await sleep(POLL_MS);
      else return;
    }
  }

  private async drainEnvoy(): Promise<void> {
    const admin = new EnvoyAdmin(this.adminSocket);
    const deadline = performance.now() + this.options.config.service.drainTimeout;
    try {
      await admin.drain();
      let active = await admin.activeRequests();
      if (active > 0) this.options.log('info', 'waiting for requests in flight', { requests: active });
      while (active > 0 && performance.now() < deadline) {
        await sleep(POLL_MS);
        active = await admin.activeRequests();
      }
      if (active > 0)
        this.options.log('warn', 'requests were cut at the drain timeout', { requests: active });
    } catch (error) {
      if (!this.killed) this.options.log('warn', 'Envoy could not be drained', { cause: String(error) });
    }
  }

  private workerChild(index: number): ManagedChild {
    const worker: ManagedChild = new ManagedChild({
      name: `worker-${index}`,
      spawn: () => forkChild('./worker-process.ts', process.env),
      onSpawn: (child) => {
        child.on('message', (message: FromWorker) => this.receiveFromWorker(worker, message));
        const start: WorkerStart = {
          type: 'start',
          config: this.options.config,
          address: this.addressOf(index),
        };
        worker.send(start);
        this.tellEnvoyPid(worker, this.envoy?.pid);
      },
      onExit: (exit) => {
        this.desk.workerDied(worker);
        this.reportExit(exit);
      },
      onGiveUp: (exit) => this.options.onFailure(giveUpText(exit)),
    });
    return worker;
  }

  private embeddedChild(): ManagedChild {
    const { config, modelDirectory, log } = this.options;
    const embedded: ManagedChild = new ManagedChild({
      name: 'embedded-router',
      spawn: () => forkChild('./embedded-process.ts', withoutKeys(process.env)),
      onSpawn: (child) => {
        child.on('message', (message: FromEmbedded) => {
          if (message.type === 'ready') embedded.markReady();
          else if (message.type === 'call-answer') this.desk.settle(message);
          else log(message.level, message.message, message.fields);
        });
        const routes = (config.policy?.routes ?? []).map(({ name, description, examples }) => ({
          name,
          description,
          examples,
        }));
        const start: EmbeddedStart = {
          type: 'start',
          modelDirectory,
          threshold: config.routing.threshold,
          routes,
        };
        embedded.send(start);
      },
      onExit: (exit) => {
        this.desk.embeddedDied();
        this.reportExit(exit);
      },
      onGiveUp: (exit) => {
        this.desk.embeddedDied();
        log('error', 'the embedded router cannot be started; requests go to the default model', { ...exit });
      },
    });
    return embedded;
  }

  private receiveFromWorker(worker: ManagedChild, message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        worker.markReady();
        return;
      case 'log':
        this.options.log(message.level, message.message, { ...message.fields, process: worker.name });
        return;
      case 'count':
        this.counters.merge(message.increments);
        return;
      case 'cancel':
        this.desk.cancel(worker, message.id);
        return;
      default:
        this.desk.receive(worker, message);
    }
  }

  private reportExit({ name, reason, restartInMs }: ChildExit): void {
    this.counters.add('pointsman_process_restarts_total', { process: name });
    this.options.log('error', `${name} ended and is started again`, { reason, restart_in_ms: restartInMs });
  }

  private tellEnvoyPid(worker: ManagedChild, pid: number | undefined): void {
    if (pid !== undefined) worker.send({ type: 'envoy-pid', pid });
  }

  private addressOf(index: number): WorkerStart['address'] {
    if (this.options.envoyPath !== undefined) return { path: this.socketOf(index) };
    return { ...this.options.serviceAddress, reusePort: this.workers.length > 1 };
  }

  private socketOf(index: number): string {
    return path.join(this.options.runtimeDirectory, `worker-${index}.sock`);
  }

  private get adminSocket(): string {
    return path.join(this.options.runtimeDirectory, 'envoy-admin.sock');
  }
}

/** Of no size where conversations are kept elsewhere, or not at all. */
function memoryConversations({ conversations }: GatewayConfig): MemoryConversations {
  const bounds = conversations.type === 'memory' ? conversations : { ttl: 0, maxBytes: 0, maxEntries: 0 };
  return new MemoryConversations({ ...bounds, now: () => performance.now() });
}

function forkChild(entry: string, env: NodeJS.ProcessEnv): ChildProcess {
  return fork(fileURLToPath(new URL(entry, import.meta.url)), [], {
    serialization: 'advanced',
    env,
    // A small young generation: a worker serves the same load at half the memory, and no slower.
    execArgv: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=1'],
  });
}

/** Who answers the health check on our port. Two Envoys that start in the same moment may both believe to have it. */
async function probeEnvoy(admin: EnvoyAdmin, url: string): Promise<'ours' | 'another' | 'nobody'> {
  if (!(await admin.isLive())) return 'nobody';
  const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
  if (!response.ok) return 'nobody';
  return (await admin.totalRequests()) > 0 ? 'ours' : 'another';
}

function giveUpText({ name, reason }: ChildExit): string {
  return `${name} cannot be kept running (${reason})`;
}
