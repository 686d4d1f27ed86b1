// `pointsman up`: runs the gateway in the foreground until it is told to stop.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { type DemoProvider, startDemoProvider } from '../demo/demo-provider.ts';
import { obtainEnvoy } from '../setup/envoy-binary.ts';
import { claimPort } from '../supervisor/listen-port.ts';
import { hostAndPort, listenerUrl } from '../supervisor/listener-url.ts';
import { Supervisor } from '../supervisor/supervisor.ts';
import { warmUpArchRouter } from '../supervisor/warm-up.ts';
import { createLog, type Log } from '../telemetry/log.ts';
import { type CommandIo, EXIT } from './command-io.ts';
import { type HostAndPort, parseHostAndPort, parsePort } from './host-and-port.ts';
import { FILE_OPTION, readArguments } from './read-arguments.ts';
import { readConfig } from './read-config.ts';

const DEFAULT_SERVICE_ADDRESS = '127.0.0.1:50051';

const HELP = `Usage: pointsman up [-f FILE] [--port N] [--demo]
       pointsman up [-f FILE] --no-envoy [--listen HOST:PORT]

Runs the gateway in the foreground. Prints "ready http://HOST:PORT" once /healthz answers 200.
SIGTERM, SIGHUP or Ctrl-C lets requests in flight finish, then exits; a second one ends at once.

  -f, --file FILE      the configuration (default: config.yaml)
      --port N         listen on this port instead of the configured one; 0 picks a free one
      --demo           models whose key is not set are answered by the built-in demo provider
      --no-envoy       run the service only, for an Envoy of your own (see "pointsman envoy")
      --listen H:P     with --no-envoy: where it listens for gRPC (default: ${DEFAULT_SERVICE_ADDRESS})
  -h, --help           this text

Exit codes: 0 stopped as asked, 1 invalid configuration or a part that cannot be run, 2 wrong usage.
`;

/** A Unix socket's path has room for 107 bytes on Linux and 103 on macOS; ours add up to 20 to the directory's. */
const LONGEST_DIRECTORY = 80;

const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface UpOptions {
  readonly file: string;
  readonly port: number | undefined;
  readonly demo: boolean;
  readonly usesEnvoy: boolean;
  readonly serviceAddress: HostAndPort;
}

export async function up(argv: readonly string[], io: CommandIo): Promise<number> {
  const options = readOptions(argv, io);
  if (typeof options === 'number') return options;
  const directory = mkdtempSync(path.join(tmpdir(), 'pointsman-'));
  try {
    if (Buffer.byteLength(directory) > LONGEST_DIRECTORY)
      throw new Error(
        `the temporary directory ${tmpdir()} is too long for Unix sockets; set TMPDIR to a shorter one`,
      );
    return await run(options, io, directory);
  } catch (error) {
    io.stderr(`pointsman up: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.failed;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function run(options: UpOptions, io: CommandIo, directory: string): Promise<number> {
  const demoSocket = path.join(directory, 'demo.sock');
  const read = await readConfig('up', options.file, io, {
    ...(options.demo ? { demoSocket } : {}),
    // An Envoy of the operator's own may run elsewhere, with files of its own.
    ...(options.usesEnvoy ? {} : { fileExists: undefined }),
  });
  if (read.type === 'exit') return read.code;
  const log = createLog(io.stderr, () => new Date());
  for (const warning of read.config.warnings) log('warn', warning);

  const config = options.usesEnvoy ? await withPort(read.config, options.port) : read.config;
  const serviceAddress = options.usesEnvoy ? options.serviceAddress : await claimed(options.serviceAddress);
  const envoyPath = options.usesEnvoy ? await findEnvoy(io) : undefined;
  const stopped = Promise.withResolvers<number>();
  const supervisor = new Supervisor({
    config,
    envoyPath,
    serviceAddress,
    modelDirectory: path.join(PROJECT_ROOT, 'model'),
    runtimeDirectory: directory,
    log,
    onFailure: (reason) => {
      log('error', reason);
      void supervisor.kill().then(() => stopped.resolve(EXIT.failed));
    },
  });
  stopOnSignal(supervisor, log, stopped.resolve);
  const demo = await startDemo(config, demoSocket);
  const warmUp = new AbortController();
  try {
    const started = supervisor.start().then(() => 'ready' as const);
    const outcome = await Promise.race([started, stopped.promise]);
    if (outcome !== 'ready') return outcome;
    io.stdout(`ready ${options.usesEnvoy ? gatewayUrl(config) : serviceUrl(serviceAddress)}\n`);
    void warmUpArchRouter(config, log, warmUp.signal);
    return await stopped.promise;
  } catch (error) {
    await supervisor.kill();
    throw error;
  } finally {
    warmUp.abort();
    await demo?.close();
  }
}

function readOptions(argv: readonly string[], io: CommandIo): UpOptions | number {
  const read = readArguments(
    'up',
    HELP,
    argv,
    {
      ...FILE_OPTION,
      port: { type: 'string' },
      demo: { type: 'boolean' },
      'no-envoy': { type: 'boolean' },
      listen: { type: 'string' },
    },
    io,
  );
  if (typeof read === 'number') return read;
  const { file, port, demo, listen, 'no-envoy': noEnvoy } = read.values;
  try {
    if (noEnvoy === true && port !== undefined)
      throw new Error('--port belongs to Envoy; with --no-envoy use --listen');
    if (noEnvoy === true && demo === true)
      throw new Error('--demo needs the Envoy that `up` runs; leave out --no-envoy');
    if (noEnvoy !== true && listen !== undefined) throw new Error('--listen goes with --no-envoy');
    return {
      file: String(file),
      port: port === undefined ? undefined : checkedPort(String(port)),
      demo: demo === true,
      usesEnvoy: noEnvoy !== true,
      serviceAddress: parseHostAndPort(String(listen ?? DEFAULT_SERVICE_ADDRESS)),
    };
  } catch (error) {
    io.stderr(`pointsman up: ${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return EXIT.usage;
  }
}

function checkedPort(text: string): number {
  const port = parsePort(text);
  if (port === undefined)
    throw new Error(`--port ${text} is not a port; it must be a number from 0 to 65535`);
  return port;
}

async function withPort(config: GatewayConfig, port: number | undefined): Promise<GatewayConfig> {
  const claimed = await claimPort(config.listener.address, port ?? config.listener.port);
  return { ...config, listener: { ...config.listener, port: claimed } };
}

async function claimed({ host, port }: HostAndPort): Promise<HostAndPort> {
  return { host, port: await claimPort(host, port, '--listen') };
}

async function findEnvoy(io: CommandIo): Promise<string> {
  const cacheDirectory = path.join(PROJECT_ROOT, '.cache');
  const envoy = await obtainEnvoy({ env: io.env, cacheDirectory, report: (line) => io.stderr(`${line}\n`) });
  return envoy.path;
}

async function startDemo(config: GatewayConfig, socketPath: string): Promise<DemoProvider | undefined> {
  const isUsed = config.clusters.some(
    ({ endpoint }) => endpoint.type === 'pipe' && endpoint.path === socketPath,
  );
  return isUsed ? startDemoProvider(socketPath) : undefined;
}

function stopOnSignal(supervisor: Supervisor, log: Log, stopped: (code: number) => void): void {
  let signals = 0;
  const stop = (signal: NodeJS.Signals): void => {
    signals += 1;
    log('info', signals === 1 ? 'stopping' : 'stopping at once', { signal });
    const ended = signals === 1 ? supervisor.stop() : supervisor.kill();
    void ended.then(() => stopped(EXIT.ok));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', stop);
}

function gatewayUrl({ listener }: GatewayConfig): string {
  return listenerUrl(listener.address, listener.port);
}

function serviceUrl({ host, port }: HostAndPort): string {
  return `grpc://${hostAndPort(host, port)}`;
}
