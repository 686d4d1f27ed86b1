// Model servers that decide, and ones that are down, slow or talk nonsense: every request is answered in time by a route
// or the default, and says who decided and why.

import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import {
  type Answer,
  type FakeModelServer,
  refusedUrl,
  sendJson,
  sendOllamaText,
  sendOpenAiText,
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

const DEADLINE_MS = 800;
/** What a busy machine may add. */
const MARGIN_MS = 400;
const MODEL = 'hf.co/katanemo/Arch-Router-1.5B.gguf:Q4_K_M';
const CODE = 'Write a Python function that implements binary search on a sorted array';

let vendors: Vendors;
beforeAll(async () => {
  vendors = await startVendors();
  return () => vendors.close();
});
beforeEach(() => vendors.reset());
afterEach(() => vendors.verify());

function start(routing: object, metricsPort: number): Promise<RunningPointsman> {
  return startPointsman({
    config: {
      listeners: listener(),
      model_providers: providersAt(vendors),
      routing_preferences: [
        { ...CODE_ROUTE, models: ['openai/gpt-4o'] },
        { ...REASONING_ROUTE, models: ['openai/gpt-4o'] },
      ],
      routing: { timeout: `${DEADLINE_MS}ms`, ...routing },
      metrics: { address: '127.0.0.1', port: metricsPort },
      workers: 1,
    },
  });
}

let asked = 0;
/** A question that nobody asked before, so that no cache answers it. */
function ask(gateway: RunningPointsman, prompt = CODE): Promise<RawResponse> {
  asked += 1;
  return send(`${gateway.url}/v1/chat/completions`, {
    body: { messages: [{ role: 'user', content: `${prompt} (${asked})` }] },
  });
}

async function metric(port: number, series: string): Promise<number> {
  const { text } = await send(`http://127.0.0.1:${port}/metrics`);
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length + 1));
}

const fallbackSeries = (cause: string): string =>
  `pointsman_router_fallbacks_total{from="arch-router",to="embedded",cause="${cause}"}`;

const html: Answer = (response) =>
  void response
    .writeHead(200, { 'content-type': 'text/html' })
    .end('<!doctype html><html><body>It works!</body></html>');

const APIS = [
  ['Ollama', '', sendOllamaText],
  ['an OpenAI-compatible server', '/v1', sendOpenAiText],
] as const;

describe.each(APIS)('Arch-Router behind %s', (_name, basePath, sendText) => {
  const text =
    (answer: string): Answer =>
    (response) =>
      sendText(response, answer);
  const good = text('{"route": "complex_reasoning"}');

  let current: Answer;
  let server: FakeModelServer;
  let gateway: RunningPointsman;
  let metricsPort: number;

  beforeAll(async () => {
    server = await startFakeModelServer((response, call, index) => {
      if (call.path === '/api/tags') sendJson(response, { models: [{ name: MODEL }] });
      else if (call.path === '/api/show') sendJson(response, { template: '{{ .System }} {{ .Prompt }}' });
      else if (call.path === '/v1/models') sendJson(response, { data: [{ id: MODEL }] });
      else current(response, call, index);
    });
    current = good;
    metricsPort = await freePort();
    gateway = await start({ engine: 'arch-router', base_url: server.url + basePath }, metricsPort);
    await waitUntil(() => gateway.stderr().includes('Arch-Router is loaded'), 'the warm-up');
    return async () => {
      await gateway.stop();
      await server.close();
    };
  });

  /** After what it says, a good answer is used again: one failure leaves no trace. */
  async function expectRecovery(): Promise<void> {
    current = good;
    const response = await ask(gateway);
    expect(response.headers['x-pointsman-reason']).toBe('matched engine=arch-router');
    expect(response.headers['x-pointsman-route']).toBe('complex_reasoning');
  }

  test.each([
    ['plain', '{"route": "complex_reasoning"}'],
    ['fenced', '```json\n{"route": "complex_reasoning"}\n```'],
    ['in single quotes', "{'route': 'complex_reasoning'}"],
    ['as a list', '{"route": ["complex_reasoning"]}'],
  ])('an answer %s is used', async (_form, answer) => {
    current = text(answer);
    const response = await ask(gateway);
    expect(response.status).toBe(200);
    expect(response.headers['x-pointsman-route']).toBe('complex_reasoning');
    expect(response.headers['x-pointsman-model']).toBe('openai/gpt-4o');
    expect(response.headers['x-pointsman-reason']).toBe('matched engine=arch-router');
  });

  test.each(['{"route": "other"}', '{"route": null}', '{"route": ""}', '{"route": []}'])(
    'no match: %s leads to the default model',
    async (answer) => {
      current = text(answer);
      const response = await ask(gateway);
      expect(response.status).toBe(200);
      expect(response.headers['x-pointsman-route']).toBe('none');
      expect(response.headers['x-pointsman-model']).toBe('openai/gpt-4o-mini');
      expect(response.headers['x-pointsman-reason']).toBe('no-match engine=arch-router model=default');
    },
  );

  test('the model is asked in exactly the form it was trained on', async () => {
    current = good;
    await send(`${gateway.url}/v1/chat/completions`, {
      body: {
        messages: [
          { role: 'system', content: 'You are a pirate.' },
          { role: 'user', content: 'Hi "there"' },
          { role: 'assistant', content: 'Ahoy!' },
          { role: 'user', content: [{ type: 'text', text: 'Why is the sky blue?' }] },
        ],
      },
    });
    expect(server.calls.at(-1)?.body.messages).toEqual([{ role: 'user', content: PROMPT }]);
  });

  test.each<readonly [string, Answer, string]>([
    ['garbage', text('the weather is fine today'), 'bad-answer'],
    ['an unknown route', text('{"route": "cooking"}'), 'unknown-route'],
    ['HTML', html, 'bad-answer'],
    ['a 500', (response) => sendJson(response, { error: 'out of memory' }, 500), 'http-error'],
    ['a 404', (response) => sendJson(response, { error: 'model not found' }, 404), 'http-error'],
    ['an empty body', (response) => void response.end(), 'bad-answer'],
    ['a hang', () => undefined, 'timeout'],
    [
      'an answer after the deadline',
      (r, c, i) => void setTimeout(() => good(r, c, i), 2 * DEADLINE_MS),
      'timeout',
    ],
    ['a body that never ends', (response) => void response.writeHead(200).write('{"mess'), 'timeout'],
    ['connections that break', (response) => void response.destroy(), 'unreachable'],
  ])('%s costs at most the deadline; the embedded router decides', async (_what, answer, cause) => {
    const before = await metric(metricsPort, fallbackSeries(cause));
    current = answer;
    const response = await ask(gateway);
    expect(response.status).toBe(200);
    expect(response.headers['x-pointsman-route']).toBe('code_generation');
    expect(response.headers['x-pointsman-reason']).toMatch(
      new RegExp(`^matched engine=embedded confidence=[01]\\.\\d\\d fallback=arch-router:${cause}$`),
    );
    expect(Number(response.headers['x-pointsman-decision-ms'])).toBeLessThan(DEADLINE_MS);
    expect(response.milliseconds).toBeLessThan(DEADLINE_MS + MARGIN_MS);
    await waitUntil(
      async () => (await metric(metricsPort, fallbackSeries(cause))) === before + 1,
      'the fallback to be counted',
    );
    await expectRecovery();
  });
});

test('a model server that is down is left alone for a while; nothing fails and nothing waits', async () => {
  const metricsPort = await freePort();
  const gateway = await start({ engine: 'arch-router', base_url: await refusedUrl() }, metricsPort);
  onTestFinished(() => gateway.stop());
  const reasons: string[] = [];
  for (let index = 0; index < 6; index += 1) {
    const response = await ask(gateway);
    expect(response.status).toBe(200);
    expect(response.milliseconds).toBeLessThan(MARGIN_MS);
    expect(response.headers['x-pointsman-route']).toBe('code_generation');
    reasons.push(response.headers['x-pointsman-reason']?.split('fallback=')[1] ?? '');
  }
  const [down, open] = ['arch-router:unreachable', 'arch-router:circuit-open'];
  expect(reasons).toEqual([down, down, down, open, open, open]);
  await waitUntil(
    async () => (await metric(metricsPort, fallbackSeries('circuit-open'))) === 3,
    'the fallbacks to be counted',
  );
});

test('many requests at once while the model server hangs: all are answered within the deadline', async () => {
  const server = await startFakeModelServer(() => undefined);
  const gateway = await start({ engine: 'arch-router', base_url: server.url }, await freePort());
  onTestFinished(async () => {
    await gateway.stop();
    await server.close();
  });
  const responses = await Promise.all(Array.from({ length: 5 }, () => ask(gateway)));
  for (const response of responses) {
    expect(response.status).toBe(200);
    expect(response.headers['x-pointsman-reason']).toMatch(/fallback=arch-router:(timeout|circuit-open)$/);
    expect(response.milliseconds).toBeLessThan(DEADLINE_MS + 2 * MARGIN_MS);
  }
});

test('without any router the client decides, and the default where it does not', async () => {
  const gateway = await start({ engine: 'none' }, await freePort());
  onTestFinished(() => gateway.stop());
  const unnamed = await ask(gateway);
  expect(unnamed.headers['x-pointsman-model']).toBe('openai/gpt-4o-mini');
  expect(unnamed.headers['x-pointsman-reason']).toBe('not-routed model=default');
});

const PROMPT = `
You are a helpful assistant designed to find the best suited route.
You are provided with route description within <routes></routes> XML tags:
<routes>
[{"name":"code_generation","description":"generating new code, writing functions, or creating boilerplate"},{"name":"complex_reasoning","description":"complex reasoning tasks, multi-step analysis, or detailed explanations"}]
</routes>

<conversation>
[{"role":"user","content":"Hi \\"there\\""},{"role":"assistant","content":"Ahoy!"},{"role":"user","content":"Why is the sky blue?"}]
</conversation>

Your task is to decide which route is best suit with user intent on the conversation in <conversation></conversation> XML tags.  Follow the instruction:
1. If the latest intent from user is irrelevant or user intent is full filled, response with other route {"route": "other"}.
2. You must analyze the route descriptions and find the best match route for user latest intent.
3. You only response the name of the route that best matches the user's request, use the exact name in the <routes></routes>.

Based on your analysis, provide your response in the following JSON formats if you decide to match any route:
{"route": "route_name"}
`;
