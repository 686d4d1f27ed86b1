// Clients that leave: nothing is logged, nothing goes on for them, and the next one is served.

import http from 'node:http';
import { afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { sendJson, startFakeModelServer } from '../unit/decide/fake-model-server.ts';
import { startFakeCollector } from '../unit/telemetry/fake-collector.ts';
import { gatedStream, type ReceivedRequest } from './support/fake-provider.ts';
import { freePort } from './support/free-port.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { send } from './support/raw-request.ts';
import { CLAUDE, CODE_ROUTE, listener, providersAt, startVendors, type Vendors } from './support/vendors.ts';
import { waitUntil } from './support/wait.ts';

const CLIENTS = 30;

let vendors: Vendors;
beforeAll(async () => {
  vendors = await startVendors();
  return () => vendors.close();
});
beforeEach(() => vendors.reset());
afterEach(() => vendors.verify());

/** A request whose connection the test breaks. */
function begin(gateway: RunningPointsman, body: object): http.ClientRequest {
  const request = http.request(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json' },
  });
  request.on('error', () => undefined);
  request.end(JSON.stringify(body));
  return request;
}

async function expectServing(gateway: RunningPointsman): Promise<void> {
  const body = { model: 'gpt-4o', messages: [{ role: 'user', content: [] }] };
  const responses = await Promise.all(
    Array.from({ length: CLIENTS }, () => send(`${gateway.url}/v1/chat/completions`, { body })),
  );
  expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
}

test('during a decision: the model server is let go, and no provider is asked', async () => {
  let open = 0;
  const server = await startFakeModelServer((response, call) => {
    if (call.method === 'GET') return sendJson(response, { data: [] });
    open += 1;
    response.on('close', () => {
      open -= 1;
    });
  });
  onTestFinished(() => server.close());
  const gateway = await startPointsman({
    config: {
      listeners: listener(),
      model_providers: providersAt(vendors),
      routing_preferences: [{ ...CODE_ROUTE, models: ['openai/gpt-4o'] }],
      routing: { engine: 'arch-router', base_url: `${server.url}/v1`, timeout: '60s' },
      workers: 1,
    },
  });
  const clients = Array.from({ length: CLIENTS }, (_, index) =>
    begin(gateway, { messages: [{ role: 'user', content: `question ${index}` }] }),
  );
  await waitUntil(() => open === CLIENTS, 'the questions to reach the model server');
  for (const client of clients) client.destroy();
  await waitUntil(() => open === 0, 'the model server to be let go');
  expect(vendors.openai.requests).toEqual([]);
  await expectServing(gateway);
  await gateway.stop();
});

test('during a stream: the provider is let go', async () => {
  const gateway = await startPointsman({
    config: {
      listeners: listener(),
      model_providers: providersAt(vendors),
      routing: { engine: 'none' },
      workers: 1,
    },
  });
  let open = 0;
  vendors.openai.script(
    ...Array.from({ length: CLIENTS }, () => (response: http.ServerResponse, received: ReceivedRequest) => {
      open += 1;
      response.on('close', () => {
        open -= 1;
      });
      return gatedStream(new Promise(() => undefined))(response, received);
    }),
  );
  const clients = Array.from({ length: CLIENTS }, () =>
    begin(gateway, { model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'hello' }] }),
  );
  const firstEvents = clients.map(
    (client) =>
      new Promise<void>((resolve) => {
        client.on('response', (response) => {
          response.on('error', () => undefined);
          response.once('data', () => resolve());
        });
      }),
  );
  await Promise.all(firstEvents);
  expect(open).toBe(CLIENTS);
  for (const client of clients) client.destroy();
  await waitUntil(() => open === 0, 'the provider to be let go');
  await expectServing(gateway);
  await gateway.stop();
});

test('during a translated stream: the provider is let go, and trace and metrics tell of each', async () => {
  const collector = await startFakeCollector();
  onTestFinished(() => collector.close());
  const metricsPort = await freePort();
  const gateway = await startPointsman({
    config: {
      listeners: listener(),
      model_providers: providersAt(vendors),
      routing_preferences: [{ ...CODE_ROUTE, models: [`anthropic/${CLAUDE}`] }],
      tracing: { opentracing_grpc_endpoint: collector.url, random_sampling: 100 },
      metrics: { address: '127.0.0.1', port: metricsPort },
      workers: 1,
    },
  });
  let open = 0;
  vendors.anthropic.script(
    ...Array.from({ length: CLIENTS }, () => (response: http.ServerResponse, received: ReceivedRequest) => {
      open += 1;
      response.on('close', () => {
        open -= 1;
      });
      return gatedStream(new Promise(() => undefined))(response, received);
    }),
  );
  const content = 'Write a function that reverses a linked list in Go.';
  const clients = Array.from({ length: CLIENTS }, () =>
    begin(gateway, { stream: true, messages: [{ role: 'user', content }] }),
  );
  await Promise.all(
    clients.map(
      (client) =>
        new Promise<void>((resolve) => {
          client.on('response', (response) => {
            response.on('error', () => undefined);
            response.once('data', () => resolve());
          });
        }),
    ),
  );
  for (const client of clients) client.destroy();
  await waitUntil(() => open === 0, 'the provider to be let go');
  await waitUntil(async () => (await decisions(metricsPort)) === CLIENTS, 'the metrics to tell of each');
  await expectServing(gateway);
  await gateway.stop();
  const exported = Buffer.concat(collector.received.map(({ body }) => body)).toString('latin1');
  expect(exported.split(`anthropic/${CLAUDE}`).length - 1).toBeGreaterThanOrEqual(CLIENTS);
});

async function decisions(port: number): Promise<number> {
  const { text } = await send(`http://127.0.0.1:${port}/metrics`);
  const series = [...text.matchAll(/^pointsman_router_decisions_total\{.*\} (\d+)$/gm)];
  return series.reduce((sum, [, count]) => sum + Number(count), 0);
}

test('in the middle of its own body: the service is not left waiting', async () => {
  const gateway = await startPointsman({
    config: {
      listeners: listener(),
      model_providers: providersAt(vendors),
      routing: { engine: 'none' },
      workers: 1,
    },
  });
  const clients = Array.from({ length: CLIENTS }, () => {
    const request = http.request(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', 'content-length': '100000' },
    });
    request.on('error', () => undefined);
    return new Promise<http.ClientRequest>((resolve) => {
      request.write(`{"model":"gpt-4o","messages":[${' '.repeat(5000)}`, () => resolve(request));
    });
  });
  for (const client of await Promise.all(clients)) client.destroy();
  await expectServing(gateway);
  expect(vendors.openai.requests).toHaveLength(CLIENTS);
  await gateway.stop();
});
