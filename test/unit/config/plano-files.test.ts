import { describe, expect, test } from 'vitest';
import type { GatewayConfig } from '../../../src/config/gateway-config.ts';
import { loadConfig } from '../../../src/config/load-config.ts';

const ENV = { OPENAI_API_KEY: 'sk-openai', ANTHROPIC_API_KEY: 'sk-ant' };

function load(text: string): GatewayConfig {
  return loadConfig(text, { file: 'config.yaml', env: ENV, cores: 2 });
}

const PROVIDERS = `
model_providers:
  - {model: openai/gpt-4o-mini, access_key: $OPENAI_API_KEY, default: true}
  - {model: openai/gpt-4o, access_key: $OPENAI_API_KEY}
  - {model: anthropic/claude-sonnet-4-20250514, access_key: $ANTHROPIC_API_KEY}
`;

describe('files of Plano load unchanged', () => {
  test('release 0.4, with everything a routing file may have', () => {
    const config = load(`
version: v0.4.0
listeners:
  - {type: model, name: model_listener, port: 12000, address: 0.0.0.0, timeout: 300s, max_retries: 3}
${PROVIDERS}
routing_preferences:
  - name: code_generation
    description: generating new code, writing functions
    models: [anthropic/claude-sonnet-4-20250514, openai/gpt-4o]
    selection_policy: {prefer: cheapest}
  - {name: chat, description: small talk, models: [gpt-4o-mini], selection_policy: {prefer: none}}
model_aliases:
  arch.fast.v1: {target: gpt-4o-mini}
overrides: {llm_routing_model: "plano/hf.co/katanemo/Arch-Router-1.5B.gguf:Q4_K_M", disable_signals: true}
ratelimits:
  - {model: openai/gpt-4o, selector: {key: x-team, value: red}, limit: {tokens: 10000, unit: minute}}
  - {model: openai/gpt-4o, selector: {key: x-team}, limit: {tokens: 10000, unit: day}}
tracing: {random_sampling: 100, opentracing_grpc_endpoint: "http://localhost:4317", span_attributes: {header_prefixes: [x-], static: {a: b}}}
model_metrics_sources:
  - {type: cost, provider: models.dev, url: "https://models.dev/api.json", refresh_interval: 60, model_aliases: {a: b}}
  - {type: digitalocean_pricing, refresh_interval: 3600}
  - {type: cost_metrics, url: "https://h", auth: {type: bearer, token: $PRICING_TOKEN}}
  - {type: prometheus_metrics, url: "http://h:9090", query: "rate(x[5m])", refresh_interval: 60}
routing: {session_ttl_seconds: 300, session_max_entries: 100, session_cache: {type: redis, url: "redis://h", tenant_header: x-org}}
state_storage: {type: postgres, connection_string: "postgresql://u:$DB_PASSWORD@h/db"}
`);
    expect(config.listener).toMatchObject({
      address: '0.0.0.0',
      port: 12_000,
      timeout: 300_000,
      maxRetries: 3,
    });
    expect(config.policy?.form).toBe('v0.4');
    expect(config.policy?.routes[0]?.models).toEqual(['anthropic/claude-sonnet-4-20250514', 'openai/gpt-4o']);
    expect(config.aliases.get('arch.fast.v1')).toBe('openai/gpt-4o-mini');
    expect(config.routing.model).toBe('hf.co/katanemo/Arch-Router-1.5B.gguf:Q4_K_M');
    expect(config.affinity).toEqual({ ttl: 300_000, maxEntries: 100 });
    expect(config.tracing).toEqual({ endpoint: 'http://localhost:4317', samplingRatio: 1 });
    expect(config.warnings).toEqual([
      'routing_preferences[0].selection_policy: prefer: cheapest is not acted on by this version; models keep the order of the file',
      'state_storage: only type: memory is supported; conversations are kept in memory, shared by the workers of one instance. conversation_store: {type: redis} keeps them for several',
      'tracing.span_attributes: accepted but not acted on by this version; spans carry neither headers nor fixed attributes',
      'ratelimits: accepted but NOT enforced by this version; no request is limited',
      'model_metrics_sources: accepted but not read by this version; models keep the order of the file',
      'overrides.disable_signals: accepted but not acted on by this version',
      expect.stringMatching(
        /^routing\.session_cache: type: redis is not supported; sessions are kept in memory/,
      ),
      expect.stringMatching(/^routing\.session_cache\.tenant_header: NOT acted on/),
    ]);
  });

  test('the early form, with the router in Ollama', () => {
    const config = load(`
version: v0.3.0
overrides: {router_model: "plano/hf.co/katanemo/Arch-Router-1.5B.gguf:Q8_0"}
listeners: [{type: model_listener, name: model_listener, port: 12000}]
model_providers:
  - {model: "plano/hf.co/katanemo/Arch-Router-1.5B.gguf:Q8_0", base_url: "http://gpu:11434/"}
  - {model: openai/gpt-4o-mini, access_key: $OPENAI_API_KEY, default: true}
  - model: openai/gpt-4o
    access_key: $OPENAI_API_KEY
    routing_preferences:
      - {name: code understanding, description: explain code}
      - {name: code generation, description: write code}
`);
    expect(config.routing).toMatchObject({
      baseUrl: 'http://gpu:11434',
      model: 'hf.co/katanemo/Arch-Router-1.5B.gguf:Q8_0',
    });
    expect(config.targets.map(({ name }) => name)).toEqual(['openai/gpt-4o-mini', 'openai/gpt-4o']);
    expect(config.policy?.routes.map(({ name }) => name)).toEqual(['code understanding', 'code generation']);
    expect(config.warnings).toEqual([]);
  });

  test('version 0.1, with the old names', () => {
    const config = load(`
version: v0.1
listeners:
  ingress_traffic: {address: 0.0.0.0, port: 10000, message_format: openai, timeout: 30s}
  egress_traffic: {address: 127.0.0.1, port: 12001, message_format: openai, timeout: 30s}
llm_providers:
  - {model: openai/gpt-4o, access_key: $OPENAI_API_KEY, default: true}
`);
    expect(config.listener).toMatchObject({ address: '127.0.0.1', port: 12_001, timeout: 30_000 });
    expect(config.defaultTarget?.name).toBe('openai/gpt-4o');
    expect(config.warnings).toEqual([
      'listeners.ingress_traffic: is not served by this gateway; nothing listens there',
    ]);
  });

  test('custom and hosted providers of its documentation', () => {
    const config = load(`
model_providers:
  - {model: moonshotai/kimi-for-coding, access_key: $OPENAI_API_KEY, base_url: "https://api.kimi.com/coding/v1", headers: {User-Agent: KimiCLI/1.3}}
  - {model: zhipu/glm-4.6, access_key: $OPENAI_API_KEY, base_url: "https://api.z.ai"}
  - {model: qwen/qwen3, access_key: $OPENAI_API_KEY, base_url: "https://dashscope.aliyuncs.com"}
  - {model: litellm/*, base_url: "https://litellm.example.com", provider_interface: openai, passthrough_auth: true}
  - {model: openai/llama, base_url: "https://api.custom.com", http_host: api.custom.com, access_key: $OPENAI_API_KEY, capabilities: {context_window: 1}}
`);
    expect(config.targets.map(({ authority, paths }) => `${authority}${paths['openai-chat']}`)).toEqual([
      'api.kimi.com/coding/v1/chat/completions',
      'api.z.ai/api/paas/v4/chat/completions',
      'dashscope.aliyuncs.com/compatible-mode/v1/chat/completions',
      'litellm.example.com/v1/chat/completions',
      'api.custom.com/v1/chat/completions',
    ]);
  });
});

describe('the router that routing names', () => {
  test.each([
    ['arch/hf.co/katanemo/Arch-Router-1.5B.gguf:Q4_K_M', 'hf.co/katanemo/Arch-Router-1.5B.gguf:Q4_K_M'],
    ['ollama/arch-router', 'arch-router'],
  ])('is asked with model, address and key of its entry: %s', (model, expected) => {
    const config = load(`${PROVIDERS}
  - {name: arch-router, model: "${model}", base_url: "http://gpu:11434", access_key: $ANTHROPIC_API_KEY}
routing: {model: Arch-Router, llm_provider: arch-router}
`);
    expect(config.routing).toMatchObject({
      baseUrl: 'http://gpu:11434',
      model: expected,
      accessKey: 'sk-ant',
    });
    expect(config.warnings).toEqual([
      `routing.model: not used; routing.llm_provider names an entry, whose server is asked for ${expected}`,
    ]);
  });

  test('may have a model without a provider, where its interface says what it is', () => {
    const config = load(`${PROVIDERS}
  - {name: arch-router, provider_interface: arch, model: Arch-Router, base_url: "http://gpu:8000"}
routing: {model: Arch-Router, llm_provider: arch-router}
`);
    expect(config.routing).toMatchObject({ baseUrl: 'http://gpu:8000', model: 'Arch-Router' });
    expect(config.targets).toHaveLength(3);
    expect(config.warnings).toEqual([]);
  });
});

describe('a provider that cannot be called', () => {
  test.each([
    ['model: chatgpt/*', 'ChatGPT subscriptions need'],
    ['model: chatgpt/gpt-5, base_url: "https://h"', 'ChatGPT subscriptions need'],
    ['model: mine/gpt-5, provider_interface: chatgpt, base_url: "https://h"', 'ChatGPT subscriptions need'],
    ['model: chatgpt/gpt-5, access_key: $NOT_SET', 'ChatGPT subscriptions need'],
  ])('is loaded as one that speaks nothing: %s', (entry, reason) => {
    const { targets, clusters, warnings } = load(`${PROVIDERS}  - {${entry}}\n`);
    expect(targets[3]).toMatchObject({ paths: {}, credential: { type: 'none' } });
    expect(clusters).toHaveLength(2);
    expect(warnings).toEqual([
      expect.stringMatching(/^model_providers\[3\]: requests for .* are answered with 501: /),
    ]);
    expect(warnings[0]).toContain(reason);
  });

  test('can be routed to, aliased and be the default', () => {
    const { aliases, defaultTarget, policy } = load(`
model_providers:
  - {model: chatgpt/gpt-5, default: true, routing_preferences: [{name: a, description: b}]}
model_aliases: {fast: {target: gpt-5}}
`);
    expect(aliases.get('fast')).toBe('chatgpt/gpt-5');
    expect(defaultTarget?.paths).toEqual({});
    expect(policy?.routes[0]?.models).toEqual(['chatgpt/gpt-5']);
  });

  test('is called where an interface of its own says how', () => {
    const { targets, warnings } = load(
      `${PROVIDERS}  - {model: chatgpt/gpt-5, provider_interface: openai, base_url: "https://proxy.example"}\n`,
    );
    expect(targets[3]).toMatchObject({ authority: 'proxy.example', cluster: 'chatgpt' });
    expect(warnings).toEqual([]);
  });
});

describe('what would seem to protect but does not is said plainly', () => {
  test.each([
    ['filters: [{id: guard, url: "http://g", type: http}]', 'filters: accepted but NOT applied'],
    [
      'prompt_guards: {input_guards: {jailbreak: {on_exception: {message: no}}}}',
      'prompt_guards: accepted but NOT enforced',
    ],
    ['listeners: [{type: model, input_filters: [guard]}]', 'listeners[0].input_filters: NOT applied'],
    ['listeners: [{type: model, output_filters: [guard]}]', 'listeners[0].output_filters: NOT applied'],
    ['listeners: [{type: model, filter_chain: [guard]}]', 'listeners[0].filter_chain: NOT applied'],
    [
      'listeners: [{type: agent, name: a, router: plano_orchestrator_v1, agents: [{id: a, description: b}]}]',
      'listeners[0]: type: agent is not served',
    ],
    ['agents: [{id: a, url: "http://a"}]', 'agents: accepted but not served'],
    [
      'endpoints: {app: {endpoint: "127.0.0.1:80", connect_timeout: 0.005s}}',
      'endpoints: accepted but not used',
    ],
    [
      'prompt_targets: [{name: a, description: b, endpoint: {name: app, path: /x}}]',
      'prompt_targets: accepted but not served',
    ],
    ['system_prompt: be nice', 'system_prompt: accepted but not sent'],
    [
      'listeners: [{type: agent, name: a, agents: [{id: a, description: b, filter_chain: [guard]}]}]',
      'listeners[0]: type: agent is not served',
    ],
    ['filters: [{id: guard, url: "http://g", streaming: true}]', 'filters: accepted but NOT applied'],
    ['agents: [{id: a, url: "http://a", filter_chain: [guard]}]', 'agents: accepted but not served'],
    ['overrides: {orchestrator_model: Plano-Orchestrator}', 'overrides.orchestrator_model: accepted but not'],
    [
      'state_storage_v1_responses: {type: postgres, connection_string: "postgresql://u:$DB_PASSWORD@h/db"}',
      'state_storage_v1_responses: only type: memory is supported',
    ],
    ['routing: {route_on_user_turn: true}', 'routing.route_on_user_turn: accepted but not acted on'],
    ['mode: llm', 'mode: accepted but not used'],
    ['prompt_caching: {enabled: true}', 'prompt_caching: accepted but not acted on'],
    ['routing: {routing_budget: {seed_usd: 1}}', 'routing.routing_budget: accepted but not acted on'],
    [
      'overrides: {upstream_connect_timeout: 5s}',
      'overrides.upstream_connect_timeout: accepted but not acted on',
    ],
    [
      'overrides: {llm_routing_model: plano/Plano-Orchestrator}',
      'overrides.llm_routing_model: Plano-Orchestrator is not supported',
    ],
    [
      'overrides: {llm_routing_model: openai/gpt-4o}',
      'overrides.llm_routing_model: not used; it must be plano/MODEL',
    ],
    [
      'routing_preferences: [{name: other, description: b, models: [gpt-4o]}]',
      'routing_preferences[0]: Arch-Router answers "other"',
    ],
  ])('%s', (section, warning) => {
    const { warnings } = load(`${PROVIDERS}${section}\n`);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.slice(0, warning.length)).toBe(warning);
  });

  test.each([
    ['arbitrage_policy: {rank: [groq/llama]}', 'arbitrage_policy'],
    ['retry_policy: {fallback_models: [openai/gpt-4o]}', 'retry_policy'],
    ['retry_on_ratelimit: true', 'retry_on_ratelimit'],
    ['max_retries: 3', 'max_retries'],
    ['retry_to_same_provider: true', 'retry_to_same_provider'],
    ['retry_backoff_base_ms: 25', 'retry_backoff_base_ms'],
    ['retry_backoff_max_ms: 1000', 'retry_backoff_max_ms'],
    ['capabilities: {supports_vision: true}', 'capabilities'],
  ])('of an entry: %s', (pair, key) => {
    const { warnings } = load(`${PROVIDERS}  - {model: openai/o3, access_key: $OPENAI_API_KEY, ${pair}}\n`);
    expect(warnings).toEqual([
      expect.stringContaining(`model_providers[3].${key}: accepted but not acted on by this version`),
    ]);
  });

  test('a model of Plano that decides nothing is left out', () => {
    const config = load(
      `${PROVIDERS}  - {model: plano/Plano-Orchestrator, base_url: "http://h:1", passthrough_auth: true}\n`,
    );
    expect(config.targets).toHaveLength(3);
    expect(config.warnings).toEqual([
      "model_providers[3]: plano/Plano-Orchestrator is a model of Plano's own and is not used",
    ]);
  });

  test('the CA bundle of Plano is used', () => {
    const config = load(`${PROVIDERS}overrides: {upstream_tls_ca_path: /etc/ca.pem}\n`);
    expect(config.clusters.map(({ tls }) => tls?.caFile)).toEqual(['/etc/ca.pem', '/etc/ca.pem']);
    expect(config.warnings).toEqual([]);
  });

  test('its usual path is no obstacle where the machine has it elsewhere', () => {
    const usual = '/etc/ssl/certs/ca-certificates.crt';
    const text = `${PROVIDERS}overrides: {upstream_tls_ca_path: ${usual}}\n`;
    const options = { file: 'config.yaml', env: ENV, cores: 2 };
    const here = loadConfig(text, { ...options, fileExists: () => true });
    expect([here.clusters[0]?.tls?.caFile, here.warnings]).toEqual([usual, []]);
    const elsewhere = loadConfig(text, { ...options, fileExists: () => false });
    expect(elsewhere.clusters[0]?.tls?.caFile).toBeUndefined();
    expect(elsewhere.warnings).toEqual([expect.stringContaining('trust store is used')]);
  });

  test('routing wins over overrides, and says so', () => {
    const config = load(`${PROVIDERS}overrides: {llm_routing_model: plano/a}\nrouting: {model: b}\n`);
    expect(config.routing.model).toBe('b');
    expect(config.warnings).toEqual([
      'overrides.llm_routing_model: not used where routing sets base_url or model',
    ]);
  });
});
