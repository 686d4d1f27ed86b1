// The demo that people of Plano know, request by request, against ten lines of YAML, without a model server: in the
// early form and in that of release 0.4.

import { beforeAll, describe, expect, test } from 'vitest';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { type RawResponse, send } from './support/raw-request.ts';

const EARLY = `
model_providers:
  - {model: openai/gpt-4o-mini, access_key: $OPENAI_API_KEY, default: true}
  - model: openai/gpt-4o
    access_key: $OPENAI_API_KEY
    routing_preferences:
      - {name: complex_reasoning, description: "complex reasoning tasks, multi-step analysis, or detailed explanations"}
  - model: anthropic/claude-sonnet-4-20250514
    access_key: $ANTHROPIC_API_KEY
    routing_preferences: [{name: code_generation, description: "generating new code, writing functions, or creating boilerplate"}]
`;

const RELEASE_04 = `
version: v0.4.0
listeners: [{type: model, name: model_listener, port: 12000, address: 127.0.0.1, timeout: 300s, max_retries: 3}]
model_providers:
  - {model: openai/gpt-4o-mini, access_key: $OPENAI_API_KEY, default: true}
  - {model: openai/gpt-4o, access_key: $OPENAI_API_KEY}
  - {model: anthropic/claude-sonnet-4-20250514, access_key: $ANTHROPIC_API_KEY}
routing_preferences:
  - {name: complex_reasoning, description: "complex reasoning tasks, multi-step analysis, or detailed explanations", models: [openai/gpt-4o, openai/gpt-4o-mini]}
  - {name: code_generation, description: "generating new code, writing functions, or creating boilerplate", models: [anthropic/claude-sonnet-4-20250514, openai/gpt-4o]}
`;

const CLAUDE = 'anthropic/claude-sonnet-4-20250514';
const BINARY_SEARCH = 'Write a Python function that implements binary search on a sorted array';
const TRADE_OFFS =
  'Explain the trade-offs between microservices and monolithic architectures, considering scalability, team structure, and operational complexity';
const CAPITAL = 'What is the capital of France?';
const ACTIX = 'Create a REST API endpoint in Rust using actix-web that handles user registration';
const REACT = 'Build me a React component for a sortable data table';
const TCP = 'Explain the difference between TCP and UDP and give me a short summary of both';
const QUICKSORT = 'Write a quicksort implementation in Go';

describe.each([
  ['the early form', EARLY, 'early', [CLAUDE], ['openai/gpt-4o'], 'null'],
  [
    'release 0.4',
    RELEASE_04,
    'v0.4',
    [CLAUDE, 'openai/gpt-4o'],
    ['openai/gpt-4o', 'openai/gpt-4o-mini'],
    null,
  ],
] as const)('the demo with a configuration of %s', (_name, config, _form, coders, thinkers, noRoute) => {
  let gateway: RunningPointsman;
  beforeAll(async () => {
    // Nothing listens there: no machine that has a model server may change what this test says.
    gateway = await startPointsman({ config: `${config}routing: {base_url: "http://127.0.0.1:9"}\n` });
    return () => gateway.stop();
  });

  const ask = (path: string, prompt: string, more: object = {}, headers = {}): Promise<RawResponse> =>
    send(`${gateway.url}/routing/v1/${path}`, {
      body: {
        model: 'gpt-4o-mini',
        ...(path === 'responses' ? { input: prompt } : { messages: [{ role: 'user', content: prompt }] }),
        ...more,
      },
      headers,
    });
  const expectRoute = (response: RawResponse, route: string | null, models: readonly string[]): void => {
    expect([response.status, response.json]).toMatchObject([
      200,
      { route, model: models[0], models, trace_id: expect.stringMatching(/^[0-9a-f]{32}$/), switched: false },
    ]);
  };

  test.each(['chat/completions', 'messages', 'responses'])(
    'binary search in Python is code (%s)',
    async (path) => {
      expectRoute(await ask(path, BINARY_SEARCH), 'code_generation', coders);
    },
  );

  test('trade-offs of architectures are reasoning', async () => {
    expectRoute(await ask('chat/completions', TRADE_OFFS), 'complex_reasoning', thinkers);
  });

  test('the capital of France matches nothing', async () => {
    const response = await ask('chat/completions', CAPITAL);
    expectRoute(response, noRoute, ['none']);
    expect(response.json.pinned).toBe(false);
  });

  test('an actix-web endpoint in Rust is code, asked as Anthropic messages', async () => {
    const response = await ask('messages', ACTIX, { max_tokens: 1024 });
    expectRoute(response, 'code_generation', coders);
  });

  test('a React table is code', async () => {
    expectRoute(await ask('chat/completions', REACT), 'code_generation', coders);
  });

  test('an inline policy of release 0.4 decides this request alone', async () => {
    const routing_preferences = [
      {
        name: 'general',
        description: 'general questions, explanations, and summaries',
        models: ['openai/gpt-4o-mini', 'openai/gpt-4o'],
      },
    ];
    const response = await ask('chat/completions', TCP, { routing_preferences });
    expectRoute(response, 'general', ['openai/gpt-4o-mini', 'openai/gpt-4o']);
    const next = await ask('chat/completions', TCP);
    expect(['complex_reasoning', noRoute]).toContain(next.json.route);
  });

  test('quicksort in Go matches an inline coding policy of either form', async () => {
    const coding = { name: 'coding', description: 'code generation, writing functions, debugging' };
    const current = await ask('chat/completions', QUICKSORT, {
      routing_preferences: [{ ...coding, models: [CLAUDE, 'openai/gpt-4o'] }],
    });
    expectRoute(current, 'coding', [CLAUDE, 'openai/gpt-4o']);
    const early = await ask('chat/completions', QUICKSORT, {
      routing_policy: [{ model: CLAUDE, routing_preferences: [coding] }],
    });
    expectRoute(early, 'coding', [CLAUDE]);
  });

  test('no match of an inline policy is answered in the form of that policy', async () => {
    const coding = { name: 'coding', description: 'code generation, writing functions, debugging' };
    const current = await ask('chat/completions', CAPITAL, {
      routing_preferences: [{ ...coding, models: [CLAUDE] }],
    });
    expectRoute(current, null, ['none']);
    const early = await ask('chat/completions', CAPITAL, {
      routing_policy: [{ model: CLAUDE, routing_preferences: [coding] }],
    });
    expectRoute(early, 'null', ['none']);
  });

  test('a session keeps its first choice, another one chooses for itself', async () => {
    const first = await ask('chat/completions', BINARY_SEARCH, {}, { 'x-model-affinity': 'demo-session' });
    expectRoute(first, 'code_generation', coders);
    expect(first.json).toMatchObject({ pinned: false, session_id: 'demo-session' });
    const second = await ask('chat/completions', TRADE_OFFS, {}, { 'x-model-affinity': 'demo-session' });
    expectRoute(second, 'code_generation', coders);
    expect(second.json).toMatchObject({ pinned: true, session_id: 'demo-session' });
    const other = await ask('chat/completions', TRADE_OFFS, {}, { 'x-model-affinity': 'other-session' });
    expectRoute(other, 'complex_reasoning', thinkers);
    expect(other.json).toMatchObject({ pinned: false, session_id: 'other-session' });
    const without = await ask('chat/completions', TRADE_OFFS);
    expectRoute(without, 'complex_reasoning', thinkers);
  });

  test('a decision carries the trace it belongs to', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const response = await ask('chat/completions', CAPITAL, {}, { traceparent });
    expect(response.json.trace_id).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  });
});
