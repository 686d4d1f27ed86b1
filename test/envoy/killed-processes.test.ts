// Processes that are killed: only what they were doing is lost, they are started again, and nothing is left behind.

import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { gatedStream } from './support/fake-provider.ts';
import { freePort } from './support/free-port.ts';
import { CONNECTIONS, startLoad } from './support/load.ts';
import { configFile, isGone, type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { type RawResponse, send } from './support/raw-request.ts';
import {
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

describe('load on 16 connections', () => {
  test('a killed worker loses at most what it was deciding, and is started again', async () => {
    const metricsPort = await freePort();
    const gateway = await startPointsman({ config: config({ metrics: { port: metricsPort } }) });
    const before = gateway.children('worker-process');
    expect(before).toHaveLength(2);
    const [victim = 0, other = 0] = before;
    const running = startLoad(`${gateway.url}/v1/chat/completions`, JSON.stringify(HELLO));
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

  test('a worker that is slow to start again is not asked before it is there', async () => {
    const gateway = await startPointsman({ config: config() });
    const before = gateway.children('worker-process');
    const [victim = 0] = before;
    const running = startLoad(`${gateway.url}/v1/chat/completions`, JSON.stringify(HELLO));
    await waitUntil(() => running.count() > 300, 'the load to run');
    process.kill(victim, 'SIGKILL');
    const successor = (): number | undefined =>
      gateway.children('worker-process').find((pid) => !before.includes(pid));
    await waitUntil(() => successor() !== undefined, 'the worker to be started again');
    const slow = successor() ?? 0;
    process.kill(slow, 'SIGSTOP');
    // Longer than Envoy leaves a failed worker alone by time.
    const end = performance.now() + 3500;
    await waitUntil(() => performance.now() > end, 'the time');
    process.kill(slow, 'SIGCONT');
    const resumedAt = running.count();
    await waitUntil(() => running.count() > resumedAt + 1000, 'the load to go on', 20_000);
    const failures = await running.stop();
    expect(failures.length).toBeLessThanOrEqual(CONNECTIONS);
    await gateway.stop(/worker-0 ended and is started again/);
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
  // Each worker ends its exchanges a moment after their last word; whoever answers this is past that.
  for (let turn = 0; turn < 8; turn += 1) expect((await send(`${gateway.url}/healthz`)).status).toBe(200);
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

test('a killed supervisor takes its processes with it', async () => {
  // It cannot tidy up after itself.
  const { file, remove } = configFile('');
  onTestFinished(remove);
  const gateway = await startPointsman({ config: config(), env: { TMPDIR: path.dirname(file) } });
  const pids = gateway.children('');
  expect(pids.length).toBeGreaterThanOrEqual(3);
  gateway.signal('SIGKILL');
  await waitUntil(() => pids.every(isGone), 'the processes to end');
  await gateway.exited;
});
