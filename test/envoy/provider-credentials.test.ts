// Whose key reaches whom, and what else of the caller and the gateway a provider gets to see. Every stand-in refuses a
// request that carries any key but its own.

import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from './support/fake-provider.ts';
import { KEYS } from './support/keys.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { type RawResponse, send } from './support/raw-request.ts';
import { CLAUDE, listener, providersAt, startVendors, type Vendors } from './support/vendors.ts';

let gateway: RunningPointsman;
let vendors: Vendors;
let azure: FakeProvider;
let keyless: FakeProvider;
let passthrough: FakeProvider;
let passthroughMessages: FakeProvider;
let passthroughGemini: FakeProvider;
let dressed: FakeProvider;

const chatPaths = { '/v1/chat/completions': 'openai-chat' } as const;

beforeAll(async () => {
  vendors = await startVendors();
  azure = await startFakeProvider({
    paths: { '/openai/v1/chat/completions': 'openai-chat' },
    credential: ['api-key', KEYS.azure],
    models: ['my-deployment'],
  });
  keyless = await startFakeProvider({ paths: chatPaths, credential: undefined, models: ['local'] });
  passthrough = await startFakeProvider({
    paths: chatPaths,
    credential: ['authorization', `Bearer ${KEYS.caller}`],
    models: ['theirs'],
  });
  passthroughMessages = await startFakeProvider({
    paths: { '/v1/messages': 'anthropic-messages' },
    credential: ['x-api-key', KEYS.caller],
    models: ['theirs'],
  });
  passthroughGemini = await startFakeProvider({
    paths: { '/v1beta/models/theirs:generateContent': 'gemini' },
    credential: ['x-goog-api-key', KEYS.caller],
    models: ['theirs'],
  });
  dressed = await startFakeProvider({
    paths: { '/base/path/chat/completions': 'openai-chat' },
    credential: ['authorization', `Bearer ${KEYS.groq}`],
    models: ['large'],
    host: 'models.example.test:8443',
    headers: { 'x-team': 'search', 'x-region': 'eu west' },
  });
  gateway = await startPointsman({
    config: {
      listeners: listener(),
      model_providers: [
        ...providersAt(vendors),
        {
          model: 'azure_openai/my-deployment',
          base_url: `${azure.url}?api-version=preview`,
          access_key: '$AZURE_OPENAI_API_KEY',
        },
        { model: 'vllm/local', base_url: keyless.url },
        {
          model: 'theirs/theirs',
          base_url: passthrough.url,
          provider_interface: 'openai',
          passthrough_auth: true,
        },
        {
          model: 'claude-theirs/theirs',
          base_url: passthroughMessages.url,
          provider_interface: 'anthropic',
          passthrough_auth: true,
        },
        {
          model: 'gemini-theirs/theirs',
          base_url: passthroughGemini.url,
          provider_interface: 'gemini',
          passthrough_auth: true,
        },
        {
          model: 'dressed/large',
          base_url: `${dressed.url}/base/path`,
          provider_interface: 'openai',
          access_key: '$GROQ_API_KEY',
          http_host: 'models.example.test:8443',
          headers: { 'X-Team': 'search', 'x-region': 'eu west' },
        },
      ],
      routing: { engine: 'none' },
    },
  });
  return async () => {
    await gateway.stop();
    await Promise.all([vendors, ...others()].map((each) => each.close()));
  };
});
const others = (): FakeProvider[] => [
  azure,
  keyless,
  passthrough,
  passthroughMessages,
  passthroughGemini,
  dressed,
];
beforeEach(() => {
  vendors.reset();
  for (const each of others()) each.reset();
});
afterEach(() => {
  vendors.verify();
  expect(others().flatMap(({ violations }) => violations)).toEqual([]);
});

function ask(model: string, headers: Record<string, string> = {}, query = ''): Promise<RawResponse> {
  const path = model.includes('claude') ? '/v1/messages' : '/v1/chat/completions';
  return send(gateway.url + path + query, {
    headers,
    body: { model, max_tokens: 9, messages: [{ role: 'user', content: 'hello' }] },
  });
}

/** Every way of bringing a key. */
const ALL_CREDENTIALS = {
  authorization: `Bearer ${KEYS.caller}`,
  'x-api-key': KEYS.caller,
  'api-key': KEYS.caller,
  'x-goog-api-key': KEYS.caller,
  'ocp-apim-subscription-key': KEYS.caller,
  'chatgpt-account-id': KEYS.caller,
};

describe("the caller's credentials stay here, and the provider's own go out", () => {
  test.each([
    'openai/gpt-4o',
    `anthropic/${CLAUDE}`,
    'azure_openai/my-deployment',
    'vllm/local',
    'dressed/large',
  ])('%s', async (model) => {
    expect((await ask(model)).status).toBe(200);
    expect((await ask(model, ALL_CREDENTIALS)).status).toBe(200);
  });
});

test('keys in the query are dropped, the rest of it goes along', async () => {
  const query = `?beta=true&key=${KEYS.caller}&api_key=${KEYS.caller}&api-key=${KEYS.caller}&KEY=${KEYS.caller}&k=v`;
  expect((await ask(`anthropic/${CLAUDE}`, {}, query)).status).toBe(200);
  expect(vendors.anthropic.requests[0]?.path).toBe('/v1/messages?beta=true&k=v');
});

test("a provider's own query is kept, and the caller's joins it", async () => {
  expect((await ask('azure_openai/my-deployment', {}, '?trace=1')).status).toBe(200);
  expect(azure.requests[0]?.path).toBe('/openai/v1/chat/completions?api-version=preview&trace=1');
});

test("with passthrough_auth the caller's own key goes out, and no other", async () => {
  expect((await ask('theirs/theirs', { authorization: `Bearer ${KEYS.caller}` })).status).toBe(200);
  expect((await ask('claude-theirs/theirs', { 'x-api-key': KEYS.caller })).status).toBe(200);
  expect(passthrough.requests).toHaveLength(1);
  expect(passthroughMessages.requests).toHaveLength(1);
});

test('a key of Google that came in the query goes out as a header with passthrough_auth', async () => {
  const path = '/v1beta/models/gemini-theirs/theirs:generateContent';
  const body = { contents: [{ role: 'user', parts: [{ text: 'hello' }] }] };
  const response = await send(`${gateway.url}${path}?key=${KEYS.caller}`, { body });
  expect(response.status).toBe(200);
  expect(passthroughGemini.requests.map((request) => request.path)).toEqual([
    '/v1beta/models/theirs:generateContent',
  ]);
});

test('http_host, base path and extra headers reach the provider, and no other one', async () => {
  expect((await ask('dressed/large')).status).toBe(200);
  expect((await ask('openai/gpt-4o')).status).toBe(200);
  expect(vendors.openai.requests[0]?.headers['x-team']).toBeUndefined();
});

describe('what belongs to the gateway', () => {
  const SPOOFED = {
    'x-pointsman-cluster': 'anthropic',
    'x-pointsman-model': 'spoofed',
    'x-envoy-attempt-count': '7',
    'x-envoy-max-retries': '0',
    'x-envoy-upstream-rq-timeout-ms': '1',
    'x-envoy-original-path': '/admin',
    'x-envoy-decorator-operation': 'x',
    'x-forwarded-for': '10.1.2.3',
    'x-forwarded-host': 'evil.test',
    'x-forwarded-proto': 'https',
    'x-real-ip': '10.1.2.3',
    'x-client-ip': '10.1.2.3',
    'true-client-ip': '10.1.2.3',
    'cf-connecting-ip': '10.1.2.3',
    forwarded: 'for=10.1.2.3',
    via: '1.1 proxy',
    cookie: 'session=secret',
    'x-model-affinity': 'a-session',
  };

  test('cannot be set by a caller, and reaches no provider', async () => {
    const response = await ask('openai/gpt-4o', SPOOFED);
    expect(response.status).toBe(200);
    expect(response.headers['x-pointsman-model']).toBe('openai/gpt-4o');
  });

  test('overwrites what a provider claims, and Envoy says nothing of itself', async () => {
    vendors.openai.script(
      (response) =>
        void response
          .writeHead(200, {
            'content-type': 'application/json',
            'x-pointsman-model': 'claimed',
            'x-pointsman-warnings': 'claimed',
            server: 'vendor',
            'set-cookie': ['__cf_bm=secret', 'b=2'],
            'alt-svc': 'h3=":443"',
            'openai-organization': 'acme-operations',
            'anthropic-organization-id': 'acme-operations',
            'strict-transport-security': 'max-age=1',
            'x-request-id': 'req_1',
          })
          .end('{}'),
    );
    const { headers } = await ask('openai/gpt-4o');
    expect(headers['x-pointsman-model']).toBe('openai/gpt-4o');
    expect([headers['server'], headers['x-request-id']]).toEqual(['vendor', 'req_1']);
    expect(JSON.stringify(headers)).not.toContain('acme-operations');
    for (const own of ['x-pointsman-warnings', 'set-cookie', 'alt-svc', 'strict-transport-security'])
      expect(headers).not.toHaveProperty(own);
    expect(Object.keys(headers).filter((name) => name.startsWith('x-envoy'))).toEqual([]);
  });
});

test('what the provider and the tracing need goes through', async () => {
  const headers = {
    'x-request-id': 'f7a5c2f0-6e0e-4a55-9a68-0f2f8d3a1b11',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    'anthropic-version': '2024-01-01',
    'anthropic-beta': 'tools-2025-01-01',
    'user-agent': 'my-agent/1.0',
    accept: 'application/json',
  };
  expect((await ask(`anthropic/${CLAUDE}`, headers)).status).toBe(200);
  expect(vendors.anthropic.requests[0]?.headers).toMatchObject(headers);
});
