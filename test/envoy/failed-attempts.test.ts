// Why attempts failed: counted once each, whether or not another model was tried after them.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFakeCollector } from '../unit/telemetry/fake-collector.ts';
import { type Behaviour, cut, failWith, hang } from './support/fake-provider.ts';
import { freePort } from './support/free-port.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { send } from './support/raw-request.ts';
import { CLAUDE, listener, startVendors, type Vendors } from './support/vendors.ts';
import { waitUntil } from './support/wait.ts';

let vendors: Vendors;
let pointsman: RunningPointsman;
let metricsUrl: string;

beforeAll(async () => {
  vendors = await startVendors();
  const { openai, anthropic } = vendors;
  const [dead, metricsPort] = [await freePort(), await freePort()];
  metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
  const fallback = [`anthropic/${CLAUDE}`];
  const acme = { provider_interface: 'openai', fallback };
  pointsman = await startPointsman({
    config: {
      listeners: listener({ max_retries: 1 }),
      metrics: { address: '127.0.0.1', port: metricsPort },
      failover: {
        first_byte_timeout: '500ms',
        back_off: { base: '10ms', max: '20ms' },
        outlier_detection: { consecutive_failures: 2 },
      },
      model_providers: [
        { model: 'openai/gpt-4o', base_url: openai.url, access_key: '$OPENAI_API_KEY', fallback },
        { model: 'openai/gpt-4o-mini', base_url: openai.url, access_key: '$OPENAI_API_KEY' },
        { model: `anthropic/${CLAUDE}`, base_url: anthropic.url, access_key: '$ANTHROPIC_API_KEY' },
        { model: 'dead/m', base_url: `http://127.0.0.1:${dead}`, ...acme },
        { model: 'no-tls/m', base_url: `https://127.0.0.1:${openai.port}`, ...acme },
      ],
    },
  });
}, 60_000);

afterAll(async () => {
  await pointsman.stop();
  await vendors.close();
});

async function ask(model: string): Promise<void> {
  const body = { model, stream: true, messages: [{ role: 'user', content: 'hello' }] };
  await send(`${pointsman.url}/v1/chat/completions`, { body }).catch(() => undefined);
}

/** A client that has no patience; the provider is not to blame. */
async function hangUp(model: string): Promise<void> {
  vendors.openai.script(hang);
  const before = vendors.openai.requests.length;
  const leaving = new AbortController();
  const asked = fetch(`${pointsman.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }] }),
    signal: leaving.signal,
  }).catch(() => undefined);
  await waitUntil(() => vendors.openai.requests.length > before, 'the request');
  leaving.abort();
  await asked;
}

/** An answer that begins and breaks off. */
const breakOff: Behaviour = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('data: {"choices":[]}\n\n', () => response.destroy());
};

async function counted(): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(metricsUrl)).text();
  const lines = text.matchAll(/^pointsman_failed_attempts_total\{provider="(.*)",reason="(.*)"\} (\d+)$/gm);
  return Object.fromEntries(
    [...lines].map(([, provider, reason, count]) => [`${provider} ${reason}`, Number(count)]),
  );
}

test('each is counted once, by provider and reason', async () => {
  const script = async (...behaviours: Behaviour[]): Promise<void> => {
    vendors.openai.script(...behaviours);
    await ask('openai/gpt-4o');
    // Failures in a row would open the circuit.
    await ask('openai/gpt-4o');
  };
  await script(failWith(503));
  await script(failWith(429));
  await script(cut);
  await script(hang);
  await script(breakOff);
  await script(failWith(400));
  vendors.openai.script(failWith(529), failWith(529));
  await ask('openai/gpt-4o-mini');
  await ask('no-tls/m');
  await hangUp('openai/gpt-4o-mini');
  for (let time = 0; time < 5; time += 1) await ask('dead/m');
  const expected = {
    'openai 503': 1,
    'openai 429': 1,
    'openai reset': 1,
    'openai timeout': 1,
    'openai cut': 1,
    // Alone, it is tried again itself.
    'openai 529': 2,
    'no-tls connect-failure': 1,
    'dead connect-failure': 2,
    'dead open-circuit': 3,
  };
  const sum = (counts: object): number => Object.values(counts).reduce((total, count) => total + count, 0);
  await waitUntil(async () => sum(await counted()) >= sum(expected), 'all reports').catch(() => undefined);
  expect(await counted()).toEqual(expected);
}, 30_000);

test('each is a span below the request’s, with provider and reason, and so is the attempt after it', async () => {
  const collector = await startFakeCollector();
  const { openai, anthropic } = vendors;
  const traced = await startPointsman({
    config: {
      listeners: listener(),
      tracing: { opentracing_grpc_endpoint: collector.url, random_sampling: 100 },
      model_providers: [
        {
          model: 'openai/gpt-4o',
          base_url: openai.url,
          access_key: '$OPENAI_API_KEY',
          fallback: [`anthropic/${CLAUDE}`],
        },
        { model: `anthropic/${CLAUDE}`, base_url: anthropic.url, access_key: '$ANTHROPIC_API_KEY' },
      ],
    },
  });
  vendors.reset();
  vendors.openai.script(failWith(503));
  const body = { model: 'openai/gpt-4o', seed: 7, messages: [{ role: 'user', content: 'hello' }] };
  await send(`${traced.url}/v1/chat/completions`, { body });
  const [, , requestSpan = ''] = String(openai.requests[0]?.headers['traceparent']).split('-');
  // opentelemetry.proto.trace.v1.Span: 4 parent_span_id, 5 name
  const spanOf = async (name: string): Promise<string | undefined> => {
    const wanted = Buffer.concat([
      Buffer.from([0x22, 8]),
      Buffer.from(requestSpan, 'hex'),
      Buffer.from([0x2a, name.length]),
      Buffer.from(name),
    ]);
    const find = () => collector.received.find((sent) => sent.body.includes(wanted));
    await waitUntil(() => find() !== undefined, name, 20_000);
    return find()?.body.toString('latin1');
  };
  const failed = await spanOf('pointsman.failed_attempt');
  expect(failed).toMatch(/pointsman\.cluster.{1,8}openai/s);
  expect(failed).toMatch(/pointsman\.cause.{1,8}503/s);
  const later = await spanOf('pointsman.later_attempt');
  expect(later).toMatch(/pointsman\.warning.{1,8}not known to anthropic-messages/s);
  await traced.stop();
  collector.close();
}, 60_000);
