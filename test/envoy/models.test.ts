// Which model a name leads to, and what the gateway answers by itself.

import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from './support/fake-provider.ts';
import { KEYS } from './support/keys.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { type RawResponse, send } from './support/raw-request.ts';
import { CLAUDE, listener, providersAt, startVendors, type Vendors } from './support/vendors.ts';

let gateway: RunningPointsman;
let vendors: Vendors;
let groq: FakeProvider;

beforeAll(async () => {
  vendors = await startVendors();
  groq = await startFakeProvider({
    paths: { '/openai/v1/chat/completions': 'openai-chat', '/openai/v1/responses': 'openai-responses' },
    credential: ['authorization', `Bearer ${KEYS.groq}`],
    models: ['llama-3.3-70b-versatile', 'meta-llama/llama-4-scout'],
  });
  const providers = providersAt(vendors).map((provider) => ({ ...provider, default: false }));
  gateway = await startPointsman({
    config: {
      listeners: listener(),
      model_providers: [
        ...providers,
        { model: 'groq/*', base_url: groq.url, access_key: '$GROQ_API_KEY' },
        {
          model: 'together_ai/groq/llama-3.3-70b-versatile',
          base_url: vendors.openai.url,
          access_key: '$OPENAI_API_KEY',
        },
        {
          model: 'acme/gpt-4o',
          name: 'house model',
          base_url: `${vendors.openai.url}/v1`,
          provider_interface: 'openai',
          access_key: '$OPENAI_API_KEY',
        },
      ],
      model_aliases: { fast: { target: 'gpt-4o-mini' }, 'arch.best.v1': { target: `anthropic/${CLAUDE}` } },
      routing: { engine: 'none' },
    },
  });
  return async () => {
    await gateway.stop();
    await Promise.all([vendors.close(), groq.close()]);
  };
});
beforeEach(() => {
  vendors.reset();
  groq.reset();
});
afterEach(() => {
  vendors.verify();
  expect(groq.violations).toEqual([]);
});

const chat = (model: string | undefined, path = '/v1/chat/completions'): Promise<RawResponse> =>
  send(gateway.url + path, {
    body: { model, messages: [{ role: 'user', content: 'hello' }], max_tokens: 9 },
  });

describe('a model is found', () => {
  test.each([
    ['by provider and id', 'openai/gpt-4o', 'openai/gpt-4o', 'gpt-4o'],
    ['by its bare id', 'gpt-4o-mini', 'openai/gpt-4o-mini', 'gpt-4o-mini'],
    ['by an alias', 'fast', 'openai/gpt-4o-mini', 'gpt-4o-mini'],
    ["by its entry's name", 'house model', 'acme/gpt-4o', 'gpt-4o'],
  ])('%s', async (_how, name, model, modelId) => {
    const response = await chat(name);
    expect(response.status).toBe(200);
    expect(response.headers['x-pointsman-model']).toBe(model);
    expect(vendors.openai.requests.map(({ body }) => body.model)).toEqual([modelId]);
  });

  test.each(['llama-3.3-70b-versatile', 'meta-llama/llama-4-scout'])(
    'behind a wildcard, even where another provider has a model of that name: %s',
    async (modelId) => {
      const response = await chat(`groq/${modelId}`);
      expect(response.headers['x-pointsman-model']).toBe(`groq/${modelId}`);
      expect(groq.requests.map(({ body }) => body.model)).toEqual([modelId]);
    },
  );

  test('by an alias in another dialect', async () => {
    const response = await chat('arch.best.v1', '/v1/messages');
    expect(response.headers['x-pointsman-model']).toBe(`anthropic/${CLAUDE}`);
  });
});

describe('a model is refused', () => {
  test.each(['gpt-5-typo', 'groq/', 'groq/*', 'nobody/gpt-4o', 'GPT-4o'])('unknown: %s', async (name) => {
    const response = await chat(name);
    expect(response.status).toBe(400);
    expect(response.json.error).toMatchObject({ code: 'model_not_found', param: 'model' });
  });

  test('the id of two providers, naming both', async () => {
    const response = await chat('gpt-4o');
    expect(response.status).toBe(400);
    expect(response.json.error).toMatchObject({ code: 'model_not_found', param: 'model' });
    expect(response.json.error.message).toContain('openai/gpt-4o, acme/gpt-4o');
  });

  test.each([undefined, '', 'none', 'auto', '--'])(
    'none named (%s) and there is no default',
    async (name) => {
      const response = await chat(name);
      expect(response.status).toBe(400);
      expect(response.json.error).toMatchObject({ code: 'model_not_found', param: 'model' });
    },
  );

  test("in Anthropic's words", async () => {
    const response = await chat('claude-typo', '/v1/messages');
    expect(response.status).toBe(400);
    expect(response.json).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  });
});

describe('the gateway answers by itself', () => {
  test('GET /v1/models lists what is configured, for the official client', async () => {
    const page = await gateway.openai.models.list();
    expect(page.data.map(({ id, owned_by }) => [id, owned_by])).toEqual([
      ['openai/gpt-4o-mini', 'openai'],
      ['openai/gpt-4o', 'openai'],
      [`anthropic/${CLAUDE}`, 'anthropic'],
      ['groq/*', 'groq'],
      ['together_ai/groq/llama-3.3-70b-versatile', 'together_ai'],
      ['acme/gpt-4o', 'acme'],
      ['fast', 'pointsman'],
      ['arch.best.v1', 'pointsman'],
    ]);
    expect(page.data.every(({ object, created }) => object === 'model' && Number.isInteger(created))).toBe(
      true,
    );
  });

  test('GET and HEAD /healthz answer 200', async () => {
    expect((await send(`${gateway.url}/healthz`)).status).toBe(200);
    const head = await send(`${gateway.url}/healthz`, { method: 'HEAD' });
    expect([head.status, head.body.length]).toEqual([200, 0]);
  });
});
