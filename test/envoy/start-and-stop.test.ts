// `up` being started and stopped: what is under way is finished, and what cannot work is said at once.

import net from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { sendJson, sendOpenAiText, startFakeModelServer } from '../unit/decide/fake-model-server.ts';
import { gatedStream, hang } from './support/fake-provider.ts';
import { freePort } from './support/free-port.ts';
import { startLoad } from './support/load.ts';
import {
  configFile,
  environment,
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
  ): Promise<{ code: number | null; stderr: string }> => {
    const { file, remove } = configFile(text);
    onTestFinished(remove);
    return runCommand(['up', '-f', file], env);
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
});
