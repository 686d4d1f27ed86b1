// `up` being started and stopped: what is under way is finished, and what cannot work is said at once.

import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { sendJson, sendOpenAiText, startFakeModelServer } from '../unit/decide/fake-model-server.ts';
import { gatedStream, hang } from './support/fake-provider.ts';
import { freePort } from './support/free-port.ts';
import { startLoad } from './support/load.ts';
import {
  childrenOf,
  commandLine,
  configFile,
  environment,
  type FinishedCommand,
  isGone,
  type RunningPointsman,
  runCommand,
  startPointsman,
} from './support/pointsman.ts';
import { type RawResponse, send } from './support/raw-request.ts';
import { CLAUDE, CODE_ROUTE, listener, providersAt, startVendors, type Vendors } from './support/vendors.ts';
import { waitUntil } from './support/wait.ts';

let vendors: Vendors;
beforeAll(async () => {
  vendors = await startVendors();
  return () => vendors.close();
});
beforeEach(() => vendors.reset());
afterEach(() => vendors.verify());

const config = (more: object = {}): object => ({
  listeners: listener({ max_retries: 0 }),
  model_providers: providersAt(vendors),
  routing: { engine: 'none' },
  workers: 2,
  ...more,
});
const HELLO = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] };
const chat = (gateway: RunningPointsman, body: object = HELLO, headers = {}): Promise<RawResponse> =>
  send(`${gateway.url}/v1/chat/completions`, { body, headers });

describe('SIGTERM', () => {
  test('turns no request into an error, under load', async () => {
    const gateway = await startPointsman({ config: config() });
    const running = startLoad(`${gateway.url}/v1/chat/completions`, JSON.stringify(HELLO));
    await waitUntil(() => running.count() > 300, 'the load to run');
    const stopped = gateway.stop();
    const failures = await Promise.all([running.stop(), stopped]).then(([found]) => found);
    // A connection that is refused or closed between two requests had none under way.
    expect(failures.filter((failure) => !/ECONNREFUSED|ECONNRESET|socket hang up/.test(failure))).toEqual([]);
  });

  test('lets a stream finish, then ends with 0', async () => {
    const gateway = await startPointsman({ config: config() });
    const gate = Promise.withResolvers<void>();
    vendors.openai.script(gatedStream(gate.promise));
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...HELLO, stream: true }),
    });
    const text = response.text();
    const stopped = gateway.stop();
    await waitUntil(() => gateway.stderr().includes('waiting for requests in flight'), 'the drain');
    gate.resolve();
    expect(await text).toContain('[DONE]');
    await stopped;
  });

  test('lets a request be decided and answered', async () => {
    const held = Promise.withResolvers<void>();
    const server = await startFakeModelServer((response, call) => {
      if (call.method === 'GET') sendJson(response, { data: [] });
      else void held.promise.then(() => sendOpenAiText(response, '{"route":"code_generation"}'));
    });
    onTestFinished(() => server.close());
    const gateway = await startPointsman({
      config: config({
        routing: { engine: 'arch-router', base_url: `${server.url}/v1`, timeout: '20s' },
        routing_preferences: [{ ...CODE_ROUTE, models: ['openai/gpt-4o'] }],
      }),
    });
    const answer = chat(gateway, { messages: [{ role: 'user', content: 'hello' }] });
    await waitUntil(() => server.calls.some(({ method }) => method === 'POST'), 'the question');
    const stopped = gateway.stop();
    await waitUntil(() => gateway.stderr().includes('waiting for requests in flight'), 'the drain');
    held.resolve();
    expect((await answer).headers['x-pointsman-reason']).toBe('matched engine=arch-router');
    await stopped;
  });

  test.each([
    ['asked for its models', '/api/tags'],
    ['loading the model', '/api/chat'],
  ])('does not wait for a model server that is %s', async (_what, hanging) => {
    const server = await startFakeModelServer((response, { path }) => {
      if (path === hanging) return;
      if (path === '/api/tags') sendJson(response, { models: [{ name: 'router:latest' }] });
      else sendJson(response, { template: '{{ .Messages }}' });
    });
    onTestFinished(() => server.close());
    const gateway = await startPointsman({
      config: config({
        routing: { base_url: server.url, model: 'router' },
        routing_preferences: [{ ...CODE_ROUTE, models: ['openai/gpt-4o'] }],
      }),
    });
    await waitUntil(() => server.calls.some(({ path }) => path === hanging), 'the warm-up');
    const begun = performance.now();
    await gateway.stop();
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  test('waits no longer than the drain timeout', async () => {
    const gateway = await startPointsman({ config: config({ drain_timeout: '300ms' }) });
    vendors.openai.script(hang);
    const answer = chat(gateway).then(
      ({ status }) => status,
      () => 'cut',
    );
    await waitUntil(() => vendors.openai.requests.length === 1, 'the request');
    const begun = performance.now();
    await gateway.stop();
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(gateway.stderr()).toContain('requests were cut at the drain timeout');
    expect(['cut', 503]).toContain(await answer);
  });

  test('leaves no process behind, and the next start has the port', async () => {
    const gateway = await startPointsman({ config: config() });
    const pids = gateway.children('');
    await gateway.stop();
    expect(pids.filter((pid) => !isGone(pid))).toEqual([]);
    const next = await startPointsman({ config: config(), port: gateway.port });
    expect(next.port).toBe(gateway.port);
    expect((await chat(next)).status).toBe(200);
    await next.stop();
  });
});

describe('up refuses to start, and says why', () => {
  const up = async (
    text: object | string,
    env = environment(),
    more: readonly string[] = [],
  ): Promise<FinishedCommand> => {
    const { file, remove } = configFile(text);
    onTestFinished(remove);
    return runCommand(['up', '-f', file, ...more], env);
  };

  test('on a port that is in use', async () => {
    const holder = net.createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void holder.close());
    const { port } = holder.address() as net.AddressInfo;
    const { code, stderr } = await up(config({ listeners: listener({ port }) }));
    expect(code).toBe(1);
    expect(stderr).toContain(`127.0.0.1:${port} is in use`);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('on a metrics port that is in use', async () => {
    const holder = net.createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void holder.close());
    const { port } = holder.address() as net.AddressInfo;
    const { code, stderr } = await up(
      config({ metrics: { port }, listeners: listener({ port: await freePort() }) }),
    );
    expect(code).toBe(1);
    expect(stderr).toContain(`${port}`);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('without the key of a provider, and without showing another', async () => {
    const { OPENAI_API_KEY: _missing, ...env } = environment();
    const { code, stderr } = await up(config(), env);
    expect(code).toBe(1);
    expect(stderr).toContain('OPENAI_API_KEY');
    expect(stderr).toMatch(/config\.yaml:\d+:\d+/);
    expect(stderr).not.toContain(env['ANTHROPIC_API_KEY'] ?? CLAUDE);
  });

  test('with an Envoy that does not run', async () => {
    const { code, stderr } = await up(config({ listeners: listener({ port: await freePort() }) }), {
      ...environment(),
      ENVOY_PATH: '/no/such/envoy',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('/no/such/envoy');
  });

  test('with an Envoy that ends as soon as it starts, and never says ready', async () => {
    const { file, remove } = configFile('');
    onTestFinished(remove);
    const envoyPath = path.join(path.dirname(file), 'envoy');
    writeFileSync(
      envoyPath,
      '#!/bin/sh\n[ "$1" = --version ] && echo "version: abc/1.40.0/Clean" || exit 3\n',
      { mode: 0o755 },
    );
    const { code, stdout, stderr } = await up(config({ listeners: listener({ port: await freePort() }) }), {
      ...environment(),
      ENVOY_PATH: envoyPath,
    });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('envoy cannot be kept running (code 3)');
  });

  test('for its own Envoy, on a port that another instance has', async () => {
    const service = config({ workers: 2 });
    const first = await startPointsman({
      config: service,
      arguments: ['--no-envoy', '--listen', '127.0.0.1:0'],
    });
    const listen = ['--no-envoy', '--listen', `127.0.0.1:${first.port}`];
    const { code, stdout, stderr } = await up(service, environment(), listen);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('give another with --listen');
    await first.stop();
  });

  test('where two start on one port at the same time: one serves, the other ends', async () => {
    const both = config({ listeners: listener({ port: await freePort() }), workers: 1 });
    const starts = await Promise.allSettled(
      [0, 1].map(() => startPointsman({ config: both, arguments: [] })),
    );
    const running = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    const refused = starts.flatMap((start) => (start.status === 'rejected' ? [String(start.reason)] : []));
    expect(running).toHaveLength(1);
    expect(refused[0]).toMatch(/is in use|envoy cannot be kept running|another gateway answers/);
    await running[0]?.stop();
  });
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '%s during the start ends it with 0, and nothing is ready',
  async (signal) => {
    const { file, remove } = configFile(config({ listeners: listener({ port: await freePort() }) }));
    onTestFinished(remove);
    const argv = ['src/main.ts', 'up', '-f', file];
    const child = spawn(process.execPath, argv, { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    // A worker is there, and Envoy is not: the middle of the start.
    const hasWorker = (): boolean =>
      childrenOf(child.pid ?? 0).some((pid) => commandLine(pid).includes('worker-process'));
    await waitUntil(hasWorker, 'a worker');
    child.kill(signal);
    expect(await exited).toBe(0);
    expect(stdout).toBe('');
  },
);

test('only those processes that need the keys have them in their environment', async () => {
  const gateway = await startPointsman({ config: config({ routing: { engine: 'embedded' } }) });
  const holdsKey = (part: string): boolean[] =>
    gateway.children(part).map((pid) => /_API_KEY=/.test(readFileSync(`/proc/${pid}/environ`, 'latin1')));
  expect(holdsKey('envoy.json')).toEqual([false]);
  expect(holdsKey('embedded-process')).toEqual([false]);
  await gateway.stop();
});
