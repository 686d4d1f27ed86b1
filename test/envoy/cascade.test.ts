// The embedded router and Arch-Router together, through a real Envoy: who decides, and what a model server that comes
// late, goes or is slow costs a request.

import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import {
  type Answer,
  type FakeModelServer,
  sendJson,
  sendOllamaText,
  startFakeModelServer,
} from '../unit/decide/fake-model-server.ts';
import { freePort } from './support/free-port.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
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

const MODEL = 'hf.co/katanemo/Arch-Router-1.5B.gguf:Q4_K_M';
const CODE = 'Write a Python function that implements binary search on a sorted array';
const DEADLINE_MS = 3_000;

let vendors: Vendors;
beforeAll(async () => {
  vendors = await startVendors();
  return () => vendors.close();
});
beforeEach(() => vendors.reset());

const reasoning: Answer = (response) => sendOllamaText(response, '{"route": "complex_reasoning"}');

interface Running {
  readonly gateway: RunningPointsman;
  readonly server: FakeModelServer;
  readonly metric: (series: string) => Promise<number>;
}

async function start(routing: object, answer: Answer): Promise<Running> {
  const server = await startFakeModelServer((response, call, index) => {
    if (call.path === '/api/tags') sendJson(response, { models: [{ name: MODEL }] });
    else if (call.path === '/api/show') sendJson(response, { template: '{{ .System }} {{ .Prompt }}' });
    else answer(response, call, index);
  });
  const metricsPort = await freePort();
  const gateway = await startPointsman({
    config: {
      listeners: listener(),
      model_providers: providersAt(vendors),
      routing_preferences: [
        { ...CODE_ROUTE, models: ['openai/gpt-4o'] },
        { ...REASONING_ROUTE, models: ['openai/gpt-4o'] },
      ],
      routing: { timeout: `${DEADLINE_MS}ms`, base_url: server.url, ...routing },
      metrics: { address: '127.0.0.1', port: metricsPort },
      workers: 1,
    },
  });
  onTestFinished(async () => {
    await gateway.stop();
    await server.close();
  });
  const metric = async (series: string): Promise<number> => {
    const { text } = await send(`http://127.0.0.1:${metricsPort}/metrics`);
    const line = text.split('\n').find((each) => each.startsWith(`${series} `));
    return line === undefined ? 0 : Number(line.slice(series.length + 1));
  };
  return { gateway, server, metric };
}

function ask(gateway: RunningPointsman, prompt: string): Promise<RawResponse> {
  return send(`${gateway.url}/v1/chat/completions`, {
    body: { messages: [{ role: 'user', content: prompt }] },
  });
}

const reasonOf = (response: RawResponse): string => response.headers['x-pointsman-reason'] ?? '';

test('auto finds a model server by itself, and puts to it what the embedded router is not sure of', async () => {
  const { gateway, metric } = await start({ engine: 'auto', confidence: 1 }, reasoning);
  await waitUntil(() => gateway.stderr().includes('router engine answers'), 'the model server to be found');
  const response = await ask(gateway, CODE);
  expect(response.status).toBe(200);
  expect(response.headers['x-pointsman-route']).toBe('complex_reasoning');
  expect(reasonOf(response)).toMatch(/^matched engine=arch-router embedded=0\.\d\d$/);
  await waitUntil(
    async () => (await metric('pointsman_router_cascades_total{outcome="changed"}')) === 1,
    'the cascade to be counted',
  );
});

test('auto beside a model server that hangs: no request waits for it, and none speaks of it', async () => {
  const { gateway, server } = await start({ engine: 'auto', confidence: 1 }, () => undefined);
  for (let index = 0; index < 5; index += 1) {
    const response = await ask(gateway, `${CODE} (${index})`);
    expect(response.headers['x-pointsman-route']).toBe('code_generation');
    expect(reasonOf(response)).toMatch(/^matched engine=embedded confidence=[01]\.\d\d$/);
    expect(Number(response.headers['x-pointsman-decision-ms'])).toBeLessThan(DEADLINE_MS / 2);
  }
  expect(server.calls.some(({ path }) => path === '/api/chat')).toBe(true);
});

test('cascade: where Arch-Router fails, the embedded answer stands', async () => {
  const { gateway, metric } = await start({ engine: 'cascade', confidence: 1 }, (response) =>
    sendJson(response, { error: 'out of memory' }, 500),
  );
  const response = await ask(gateway, CODE);
  expect(response.headers['x-pointsman-route']).toBe('code_generation');
  expect(reasonOf(response)).toMatch(
    /^matched engine=embedded confidence=[01]\.\d\d fallback=arch-router:http-error$/,
  );
  await waitUntil(
    async () => (await metric('pointsman_router_cascades_total{outcome="failed"}')) === 1,
    'the cascade to be counted',
  );
});

test('cascade: what the embedded router is sure of is not put to Arch-Router', async () => {
  const { gateway, server } = await start({ engine: 'cascade', confidence: 0.5 }, reasoning);
  await waitUntil(() => gateway.stderr().includes('Arch-Router is loaded'), 'the warm-up');
  const before = server.calls.length;
  const response = await ask(gateway, CODE);
  expect(response.headers['x-pointsman-route']).toBe('code_generation');
  expect(reasonOf(response)).toMatch(/^matched engine=embedded confidence=[01]\.\d\d$/);
  expect(server.calls).toHaveLength(before);
});
