import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { GatewayConfig } from '../../../src/config/gateway-config.ts';
import { type LoadOptions, loadConfig } from '../../../src/config/load-config.ts';

const ENV = { OPENAI_API_KEY: 'sk-openai', ANTHROPIC_API_KEY: 'sk-ant', CA: '/etc/ca.pem' };

function load(text: string, options: Partial<LoadOptions> = {}): GatewayConfig {
  return loadConfig(text, { file: 'config.yaml', env: ENV, cores: 4, ...options });
}

const GPT = 'model_providers:\n  - {model: openai/gpt-4o, access_key: $OPENAI_API_KEY}\n';

describe('the example configuration', () => {
  const text = readFileSync(new URL('../../../envoy/config.yaml', import.meta.url), 'utf8');

  test('is the early form with three models and two routes', () => {
    const config = load(text);
    expect(config.targets.map(({ name }) => name)).toEqual([
      'openai/gpt-4o-mini',
      'openai/gpt-4o',
      'anthropic/claude-sonnet-4-20250514',
    ]);
    expect(config.defaultTarget?.name).toBe('openai/gpt-4o-mini');
    expect(config.policy?.form).toBe('early');
    expect(config.policy?.routes.map(({ name, models }) => [name, models])).toEqual([
      ['complex_reasoning', ['openai/gpt-4o']],
      ['code_generation', ['anthropic/claude-sonnet-4-20250514']],
    ]);
    expect(config.listener).toMatchObject({ port: 12_000, timeout: 300_000, maxRetries: 2 });
    expect(config.warnings).toEqual([]);
  });

  test('runs without keys on the demo provider, and says so for each entry', () => {
    const config = load(text, { env: { ANTHROPIC_API_KEY: 'sk-ant' }, demoSocket: '/run/demo.sock' });
    const [mini, , claude] = config.targets;
    expect(mini).toMatchObject({
      cluster: 'demo',
      credential: { type: 'none' },
      authority: 'api.openai.com',
    });
    expect(mini?.paths['openai-chat']).toBe('/v1/chat/completions');
    expect(claude).toMatchObject({ cluster: 'anthropic', credential: { type: 'key' } });
    expect(config.clusters[0]).toEqual({
      name: 'demo',
      endpoint: { type: 'pipe', path: '/run/demo.sock' },
      tls: undefined,
    });
    expect(config.warnings).toEqual([
      'openai/gpt-4o-mini is answered by the built-in demo provider: set OPENAI_API_KEY',
      'openai/gpt-4o is answered by the built-in demo provider: set OPENAI_API_KEY',
    ]);
  });
});

describe('defaults', () => {
  test('are what the documentation says', () => {
    const { listener, routing, affinity, service, policy, defaultTarget } = load(GPT);
    expect(listener).toEqual({
      address: '0.0.0.0',
      port: 12_000,
      timeout: 300_000,
      maxRetries: 2,
      perTryTimeout: 0,
      idleTimeout: 300_000,
      maxBodyBytes: 52_428_800,
    });
    expect(routing).toEqual({
      engine: 'auto',
      baseUrl: 'http://127.0.0.1:11434',
      model: 'hf.co/katanemo/Arch-Router-1.5B.gguf:Q4_K_M',
      timeout: 2000,
      threshold: 0.6,
      confidence: expect.any(Number),
      cacheEntries: 4096,
    });
    expect(affinity).toEqual({ ttl: 600_000, maxEntries: 10_000 });
    expect(service).toEqual({ workers: 3, metrics: undefined, drainTimeout: 30_000 });
    expect(policy).toBeUndefined();
    expect(defaultTarget).toBeUndefined();
  });

  test('the confidence is the one that the embedded model was calibrated for', () => {
    const calibration = new URL('../../../model/calibration.json', import.meta.url);
    expect(load(GPT).routing.confidence).toBe(JSON.parse(readFileSync(calibration, 'utf8')).confidence);
  });

  test.each([
    [1, 1],
    [2, 1],
    [16, 15],
  ])('%i cores start %i workers', (cores, workers) => {
    expect(load(GPT, { cores }).service.workers).toBe(workers);
  });
});

describe('our own keys', () => {
  test('are read with their units', () => {
    const config = load(`${GPT}
listeners:
  - {type: model, timeout: 5m, per_try_timeout: 1.5s, idle_timeout: 0s, max_retries: 0, address: 127.0.0.1, port: 8080}
routing: {engine: cascade, timeout: 100ms, threshold: 0.5, confidence: 0.9, cache_entries: 0, session_ttl_seconds: 60, session_max_entries: 5}
workers: 2
max_body_bytes: 1 MiB
metrics: {port: 9090}
drain_timeout: 1h
`);
    expect(config.listener).toMatchObject({
      address: '127.0.0.1',
      port: 8080,
      timeout: 300_000,
      perTryTimeout: 1500,
      idleTimeout: 0,
      maxRetries: 0,
      maxBodyBytes: 1_048_576,
    });
    expect(config.routing).toMatchObject({
      engine: 'cascade',
      timeout: 100,
      threshold: 0.5,
      confidence: 0.9,
      cacheEntries: 0,
    });
    expect(config.affinity).toEqual({ ttl: 60_000, maxEntries: 5 });
    expect(config.service).toEqual({
      workers: 2,
      metrics: { address: '127.0.0.1', port: 9090 },
      drainTimeout: 3_600_000,
    });
  });

  test('examples of a route, in both forms', () => {
    const { policy } = load(`
model_providers:
  - model: openai/a
    access_key: $OPENAI_API_KEY
    routing_preferences: [{name: early, description: d, examples: [one, two]}]
routing_preferences: [{name: late, description: d, models: [a], examples: [three]}]
`);
    expect(policy).toEqual({
      form: 'v0.4',
      routes: [
        { name: 'late', description: 'd', examples: ['three'], models: ['openai/a'] },
        { name: 'early', description: 'd', examples: ['one', 'two'], models: ['openai/a'] },
      ],
    });
  });
});

describe('providers', () => {
  test('keys, headers and TLS', () => {
    const { targets, clusters } = load(`
model_providers:
  - model: openai/a
    name: mine
    access_key: " \${OPENAI_API_KEY}\\n"
    http_host: front.example:8443
    base_url: https://proxy.example/ai/openai/
    headers: {X-Org: "a$$b", User-Agent: KimiCLI/1.3}
    tls: {ca_file: $CA}
  - {model: anthropic/b, access_key: literal-key}
  - {model: azure_openai/dep, access_key: $OPENAI_API_KEY, base_url: "https://r.openai.azure.com"}
  - {model: openai/c, passthrough_auth: true, access_key: $NOT_SET}
  - {model: ollama/llama3.1, base_url: "http://localhost:11434"}
`);
    expect(targets[0]).toEqual({
      name: 'mine',
      provider: 'openai',
      modelId: 'a',
      cluster: 'openai',
      authority: 'front.example:8443',
      paths: { 'openai-chat': '/ai/openai/chat/completions', 'openai-responses': '/ai/openai/responses' },
      fallback: [],
      credential: { type: 'key', header: 'authorization', value: 'Bearer sk-openai' },
      headers: [
        ['x-org', 'a$b'],
        ['user-agent', 'KimiCLI/1.3'],
      ],
    });
    expect(clusters[0]).toEqual({
      name: 'openai',
      endpoint: { type: 'address', host: 'proxy.example', port: 443 },
      tls: { sni: 'front.example', caFile: '/etc/ca.pem' },
    });
    expect(targets[1]).toMatchObject({
      credential: { type: 'key', header: 'x-api-key', value: 'literal-key' },
      paths: { 'anthropic-messages': '/v1/messages' },
      defaultHeaders: [['anthropic-version', '2023-06-01']],
    });
    expect(targets[2]?.credential).toEqual({ type: 'key', header: 'api-key', value: 'sk-openai' });
    expect(targets[3]?.credential).toEqual({ type: 'passthrough' });
    expect(targets[4]).toMatchObject({ credential: { type: 'none' }, authority: 'localhost:11434' });
    expect(clusters.find(({ name }) => name === 'ollama')?.tls).toBeUndefined();
  });

  test('one cluster per endpoint and TLS settings', () => {
    const { targets, clusters } = load(`
model_providers:
  - {model: vllm/a, base_url: "http://one:8000"}
  - {model: vllm/b, base_url: "http://one:8000/v1"}
  - {model: vllm/c, base_url: "http://two:8000"}
  - {model: vllm/d, base_url: "https://two:8000"}
  - {model: vllm/e, base_url: "https://two:8000", tls: {sni: other}}
  - {model: vllm-2/f, base_url: "http://three", provider_interface: openai}
  - {model: pointsman/g, base_url: "http://four", provider_interface: openai}
  - {model: demo/h, base_url: "http://[::1]:1", provider_interface: claude}
`);
    expect(targets.map(({ cluster }) => cluster)).toEqual([
      'vllm',
      'vllm',
      'vllm-2',
      'vllm-3',
      'vllm-4',
      'vllm-2-2',
      'pointsman-2',
      'demo-2',
    ]);
    expect(clusters.at(-1)?.endpoint).toEqual({ type: 'address', host: '::1', port: 1 });
    expect(targets.at(-1)?.authority).toBe('[::1]:1');
    expect(targets.at(-1)?.credential).toEqual({ type: 'none' });
  });

  test('a custom provider speaks only what its interface promises', () => {
    const { targets } = load(`
model_providers:
  - {model: acme/a, base_url: "http://h", provider_interface: openai}
  - {model: acme/b, base_url: "http://h/v1", provider_interface: anthropic}
  - {model: acme/c, base_url: "http://h", provider_interface: groq}
  - {model: vllm/d, base_url: "http://h/models/v2", provider_interface: openai}
`);
    expect(targets.map(({ paths }) => paths)).toEqual([
      { 'openai-chat': '/v1/chat/completions' },
      { 'anthropic-messages': '/v1/messages' },
      { 'openai-chat': '/openai/v1/chat/completions', 'openai-responses': '/openai/v1/responses' },
      { 'openai-chat': '/models/v2/chat/completions' },
    ]);
  });

  test('a Messages path without a version is warned about', () => {
    const { warnings } = load(
      'model_providers: [{model: acme/b, base_url: "http://h/anthropic", provider_interface: anthropic}]',
    );
    expect(warnings).toEqual([expect.stringContaining('requests go to …/messages and not to …/v1/messages')]);
  });

  test('aliases and routes by full name, bare id, entry name and wildcard', () => {
    const { aliases, policy } = load(`
model_providers:
  - {model: openai/gpt-4o, name: big, access_key: $OPENAI_API_KEY}
  - {model: openai/*, access_key: $OPENAI_API_KEY}
  - {model: together_ai/openai/gpt-oss-20b, access_key: $OPENAI_API_KEY}
model_aliases:
  constructor: {target: openai/gpt-4o}
  bare: {target: gpt-4o}
  named: {target: big}
  wild: {target: openai/gpt-9}
routing_preferences: [{name: a, description: b, models: [together_ai/openai/gpt-oss-20b, openai/gpt-7, big]}]
`);
    expect([...aliases]).toEqual([
      ['constructor', 'openai/gpt-4o'],
      ['bare', 'openai/gpt-4o'],
      ['named', 'openai/gpt-4o'],
      ['wild', 'openai/gpt-9'],
    ]);
    expect(policy?.routes[0]?.models).toEqual([
      'together_ai/openai/gpt-oss-20b',
      'openai/gpt-7',
      'openai/gpt-4o',
    ]);
  });

  test('a route may name an alias, which settles an id of several', () => {
    const { policy } = load(`
model_providers:
  - {model: openai/shared, access_key: $OPENAI_API_KEY}
  - {model: groq/shared, access_key: $OPENAI_API_KEY}
model_aliases: {shared: {target: groq/shared}}
routing_preferences: [{name: a, description: b, models: [shared]}]
`);
    expect(policy?.routes[0]?.models).toEqual(['groq/shared']);
  });
});
