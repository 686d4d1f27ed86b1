// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the configuration
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/config/config-error.ts';
import { describeConfig } from '../../../src/config/describe-config.ts';
import type { GatewayConfig } from '../../../src/config/gateway-config.ts';
import { type LoadOptions, loadConfig } from '../../../src/config/load-config.ts';

const PROVIDERS = 'model_providers: [{model: openai/gpt-4o, access_key: key, default: true}]\n';

function load(text: string, more: Partial<LoadOptions> = {}): GatewayConfig {
  return loadConfig(PROVIDERS + text, { file: 'config.yaml', env: {}, cores: 2, ...more });
}

function problemsOf(text: string, more: Partial<LoadOptions> = {}): string[] {
  try {
    load(text, more);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((found) => `${found.path}: ${found.message}`);
    throw error;
  }
  return [];
}

describe('tracing', () => {
  test.each([
    ['', undefined],
    ['tracing: {random_sampling: 0}', undefined],
    ['tracing: {random_sampling: 100}', { endpoint: 'http://localhost:4317', samplingRatio: 1 }],
    [
      'tracing: {random_sampling: 2.5, opentracing_grpc_endpoint: "https://otel.test/"}',
      { endpoint: 'https://otel.test', samplingRatio: 0.025 },
    ],
  ])('%s', (section, tracing) => {
    const config = load(section);
    expect(config.tracing).toEqual(tracing);
    expect(config.warnings).toEqual([]);
  });

  test('is described where there is any', () => {
    const section = 'tracing: {random_sampling: 7, opentracing_grpc_endpoint: "http://h:4317"}';
    expect(describeConfig(load(section))).toMatch(/^Traces +7 % of the requests, to http:\/\/h:4317$/m);
    expect(describeConfig(load(''))).not.toContain('Traces');
  });

  test('the endpoint may be a variable', () => {
    const section = 'tracing: {random_sampling: 100, opentracing_grpc_endpoint: "${COLLECTOR}"}';
    const env = { COLLECTOR: 'http://collector:4317' };
    expect(load(section, { env }).tracing?.endpoint).toBe('http://collector:4317');
    expect(problemsOf(section)).toEqual([
      'tracing.opentracing_grpc_endpoint: the environment variable COLLECTOR is not set',
    ]);
  });

  test.each([
    'localhost:4317',
    'grpc://h:1',
    'http://h:4317/v1/traces',
    'http://h:4317?a=b',
    'http://u:p@h:1',
  ])('the endpoint cannot be %s', (endpoint) => {
    const found = problemsOf(`tracing: {random_sampling: 100, opentracing_grpc_endpoint: "${endpoint}"}`);
    expect(found).toEqual([expect.stringMatching(/^tracing\.opentracing_grpc_endpoint: /)]);
    expect(found[0]).not.toContain(endpoint);
  });

  test('every key that nothing acts on is named, and its variables need not be set', () => {
    const config = load(`
tracing:
  random_sampling: 100
  sampling_rate: 0.1
  trace_arch_internal: true
  custom_attributes: [{key: $UNSET}]
  span_attributes: {static: {team: $UNSET}}
  exporters: [{type: posthog, api_key: $UNSET}]
`);
    expect(config.warnings.map((warning) => warning.split(':', 1)[0])).toEqual([
      'tracing.sampling_rate',
      'tracing.trace_arch_internal',
      'tracing.custom_attributes',
      'tracing.span_attributes',
      'tracing.exporters',
    ]);
  });

  test('a block that traces nothing for want of a share is said to', () => {
    const config = load('tracing: {opentracing_grpc_endpoint: "http://h:4317"}');
    expect(config.tracing).toBeUndefined();
    expect(config.warnings).toEqual([expect.stringContaining('write random_sampling: 100')]);
  });
});

describe('routing.access_key', () => {
  test('is a key or a variable', () => {
    expect(load('').routing.accessKey).toBeUndefined();
    expect(load('routing: {access_key: " k1 "}').routing.accessKey).toBe('k1');
    expect(load('routing: {access_key: $KEY}', { env: { KEY: 'k2' } }).routing.accessKey).toBe('k2');
  });

  test('an unset variable is a problem, except for commands that may do without keys', () => {
    const section = 'routing: {access_key: $KEY}';
    expect(problemsOf(section)).toEqual(['routing.access_key: the environment variable KEY is not set']);
    expect(load(section, { keysOptional: true }).routing.accessKey).toBeUndefined();
  });

  test('what no header can carry is refused without repeating it', () => {
    const found = problemsOf('routing: {access_key: $KEY}', { env: { KEY: 'se\ncret' } });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^routing\.access_key: this key is empty or holds characters/);
    expect(found[0]).not.toContain('cret');
  });

  const named = (routing: string): string => `
  - {model: plano/arch, base_url: "http://gpu:8000/v1", access_key: entry-key}
overrides: {llm_routing_model: plano/arch}
${routing}`;
  const providers = 'model_providers:\n  - {model: openai/gpt-4o, access_key: key, default: true}';
  const loadNamed = (routing: string): GatewayConfig =>
    loadConfig(providers + named(routing), { file: 'config.yaml', env: {}, cores: 2 });

  test("the key of the router's own entry goes to the server of that entry", () => {
    expect(loadNamed('').routing).toMatchObject({ baseUrl: 'http://gpu:8000/v1', accessKey: 'entry-key' });
    expect(loadNamed('routing: {access_key: own}').routing.accessKey).toBe('own');
  });

  test('and never to another one', () => {
    const { routing } = loadNamed('routing: {base_url: "http://elsewhere:11434"}');
    expect(routing).toMatchObject({ baseUrl: 'http://elsewhere:11434' });
    expect(routing.accessKey).toBeUndefined();
  });
});
