// Processes that are killed, stopped and started: only what they were doing is lost, and nothing is left behind.

import http from 'node:http';
import net from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { sendJson, sendOpenAiText, startFakeModelServer } from '../unit/decide/fake-model-server.ts';
import { gatedStream, hang } from './support/fake-provider.ts';
import { freePort } from './support/free-port.ts';
import {
  configFile,
  environment,
  type RunningPointsman,
  runCommand,
  startPointsman,
} from './support/pointsman.ts';
import { type RawResponse, send } from './support/raw-request.ts';
import {
  CLAUDE,
  CODE_ROUTE,
  listener,
  providersAt,
  REASONING_ROUTE,
  startVendors,
  type Vendors,
} from './support/vendors.ts';
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
const CODE = 'Write a Python function that implements binary search on a sorted array';
const HELLO = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] };
const chat = (gateway: RunningPointsman, body: object = HELLO, headers = {}): Promise<RawResponse> =>
  send(`${gateway.url}/v1/chat/completions`, { body, headers });
const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

describe('load on 16 connections', () => {
  const CONNECTIONS = 16;

  /** Requests without a pause until `stop`; what was not a 200 in `failures`. */
  function load(gateway: RunningPointsman): { readonly count: () => number; stop(): Promise<string[]> } {
    const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    const body = JSON.stringify(HELLO);
    const failures: string[] = [];
    let isOver = false;
    let count = 0;
    const one = (): Promise<void> =>
      new Promise((resolve) => {
        const headers = { 'content-type': 'application/json', 'content-length': body.length };
        const request = http.request(`${gateway.url}/v1/chat/completions`, {
          method: 'POST',
          agent,
          headers,
        });
        const settle = (failure?: string): void => {
          count += 1;
          if (failure !== undefined) failures.push(failure);
          resolve();
        };
        request.on('error', (error) => settle(error.message));
        request.on('response', (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => {
            text += chunk;
          });
          response.on('end', () =>
            settle(response.statusCode === 200 ? undefined : `${response.statusCode} ${text}`),
          );
        });
        request.end(body);
      });
    const loops = Array.from({ length: CONNECTIONS }, async () => {
      while (!isOver) await one();
    });
    return {
      count: () => count,
      async stop() {
        isOver = true;
        await Promise.all(loops);
        agent.destroy();
        return failures;
      },
    };
  }

  test('a killed worker loses at most what it was deciding, and is started again', async () => {
    const metricsPort = await freePort();
    const gateway = await startPointsman({ config: config({ metrics: { port: metricsPort } }) });
    const before = gateway.children('worker-process');
    expect(before).toHaveLength(2);
    const [victim = 0, other = 0] = before;
    const running = load(gateway);
    await waitUntil(() => running.count() > 300, 'the load to run');
    process.kill(victim, 'SIGKILL');
    await waitUntil(() => {
      const now = gateway.children('worker-process');
      return now.length === 2 && !now.includes(victim);
    }, 'the worker to be started again');
    const restartedAt = running.count();
    await waitUntil(() => running.count() > restartedAt + 1500, 'the load to go on', 20_000);
    const failures = await running.stop();
    process.stderr.write(`${failures.length} of ${running.count()} requests failed with the killed worker\n`);
    expect(failures.length).toBeLessThanOrEqual(CONNECTIONS);
    for (const failure of failures) expect(failure).toMatch(/^503 .*gateway_unavailable/);
    expect(gateway.children('worker-process')).toContain(other);
    const metrics = await send(`http://127.0.0.1:${metricsPort}/metrics`);
    expect(metrics.text).toContain('pointsman_process_restarts_total{process="worker-0"} 1');
    await gateway.stop(/worker-0 ended and is started again reason="signal SIGKILL"/);
  });

  test('a stop answers every request that it has taken', async () => {
    const gateway = await startPointsman({ config: config() });
    const running = load(gateway);
    await waitUntil(() => running.count() > 300, 'the load to run');
    const stopped = gateway.stop();
    const failures = await Promise.all([running.stop(), stopped]).then(([found]) => found);
    // A connection that is refused or closed between two requests had none under way.
    expect(failures.filter((failure) => !/ECONNREFUSED|ECONNRESET|socket hang up/.test(failure))).toEqual([]);
  });
});

test('a killed worker cuts no answer that is under way, since answers do not pass through it', async () => {
  const gateway = await startPointsman({ config: config() });
  const gate = Promise.withResolvers<void>();
  vendors.openai.script(...Array.from({ length: 12 }, () => gatedStream(gate.promise)));
  const texts = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...HELLO, stream: true }),
      });
      return { whole: response.text().catch(String) };
    }),
  );
  const victims = gateway.children('worker-process');
  for (const victim of victims) process.kill(victim, 'SIGKILL');
  const areBack = (): boolean => {
    const now = gateway.children('worker-process');
    return now.length === victims.length && !now.some((pid) => victims.includes(pid));
  };
  await waitUntil(areBack, 'the workers to be started again');
  gate.resolve();
  for (const { whole } of texts) expect(await whole).toContain('[DONE]');
  await gateway.stop(/worker-\d ended and is started again/);
});

test('a session is the same on every worker', async () => {
  const gateway = await startPointsman({
    config: config({
      routing: { engine: 'embedded' },
      routing_preferences: [
        { ...CODE_ROUTE, models: ['openai/gpt-4o'] },
        { ...REASONING_ROUTE, models: ['openai/gpt-4o-mini'] },
      ],
    }),
  });
  onTestFinished(() => gateway.stop());
  const ask = (session: string, content: string): Promise<RawResponse> =>
    chat(gateway, { messages: [{ role: 'user', content }] }, { 'x-model-affinity': session });
  for (let session = 0; session < 5; session += 1) {
    expect((await ask(`s${session}`, CODE)).headers['x-pointsman-model']).toBe('openai/gpt-4o');
    const later = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        ask(`s${session}`, `Explain in detail why ${index} is prime or not`),
      ),
    );
    for (const response of later) {
      expect(response.headers['x-pointsman-model']).toBe('openai/gpt-4o');
      expect(response.headers['x-pointsman-reason']).toBe('pinned');
    }
  }
});

test('a session that begins with many requests at once gets one model', async () => {
  const gateway = await startPointsman({
    config: config({
      routing: { engine: 'embedded' },
      routing_preferences: [
        { ...CODE_ROUTE, models: ['openai/gpt-4o'] },
        { ...REASONING_ROUTE, models: ['openai/gpt-4o-mini'] },
      ],
    }),
  });
  onTestFinished(() => gateway.stop());
  const prompts = [
    CODE,
    'Explain in detail, step by step, why monoliths are simpler to run than microservices',
  ];
  const responses = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      chat(
        gateway,
        { messages: [{ role: 'user', content: prompts[index % 2] }] },
        { 'x-model-affinity': 'at-once' },
      ),
    ),
  );
  expect(new Set(responses.map(({ headers }) => headers['x-pointsman-model'])).size).toBe(1);
});

test('the embedded router is started again, and meanwhile the default answers', async () => {
  const gateway = await startPointsman({
    config: config({
      routing: { engine: 'embedded', timeout: '500ms' },
      routing_preferences: [{ ...CODE_ROUTE, models: ['openai/gpt-4o'] }],
    }),
  });
  const ask = async (index: number): Promise<string | undefined> => {
    const response = await chat(gateway, { messages: [{ role: 'user', content: `${CODE} ${index}` }] });
    expect(response.status).toBe(200);
    return response.headers['x-pointsman-route'];
  };
  expect(await ask(0)).toBe('code_generation');
  const [victim = 0] = gateway.children('embedded-process');
  process.kill(victim, 'SIGKILL');
  let index = 0;
  await waitUntil(() => isGone(victim), 'the embedded router to die');
  await waitUntil(async () => {
    index += 1;
    return (await ask(index)) === 'code_generation';
  }, 'the embedded router to decide again');
  await gateway.stop(/embedded-router ended and is started again/);
});

test('a killed Envoy is started again on the same port', async () => {
  const gateway = await startPointsman({ config: config() });
  const [victim = 0] = gateway.children('--config-path');
  process.kill(victim, 'SIGKILL');
  await waitUntil(() => isGone(victim), 'Envoy to die');
  const healthy = (): Promise<boolean> =>
    send(`${gateway.url}/healthz`).then(
      ({ status }) => status === 200,
      () => false,
    );
  await waitUntil(healthy, 'Envoy to serve again');
  expect((await chat(gateway)).status).toBe(200);
  expect(gateway.children('--config-path')).toHaveLength(1);
  await gateway.stop(/envoy ended and is started again/);
});

describe('SIGTERM', () => {
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

test('a killed supervisor takes its processes with it', async () => {
  const gateway = await startPointsman({ config: config() });
  const pids = gateway.children('');
  expect(pids.length).toBeGreaterThanOrEqual(3);
  gateway.signal('SIGKILL');
  await waitUntil(() => pids.every(isGone), 'the processes to end');
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
