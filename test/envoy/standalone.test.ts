// Envoy's configuration as we print it: the file for people with an Envoy of their own is what the example renders to,
// and a real Envoy accepts it, and everything else that we render.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, inject, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { createAuthority } from './support/certificates.ts';
import { configFile, environment, runCommand } from './support/pointsman.ts';

const read = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');

const HEADER = `# Envoy's part of docker-compose.yaml, and a start for an Envoy of your own. It holds no keys.
#
# Printed, not written: "npx pointsman envoy --service pointsman:50051" for envoy/config.yaml with the address 0.0.0.0.
# A test keeps it so; "npm test -- standalone -u" prints it anew.

`;

async function render(config: object | string, ...more: readonly string[]): Promise<string> {
  const { file, remove } = configFile(config);
  onTestFinished(remove);
  const { code, stdout, stderr } = await runCommand(['envoy', '-f', file, ...more]);
  expect([code, stderr]).toEqual([0, '']);
  return stdout;
}

/** @throws what Envoy finds wrong */
function validate(rendered: string): void {
  const { file, remove } = configFile(rendered);
  onTestFinished(remove);
  const envoy = path.join(path.dirname(file), 'envoy.yaml');
  writeFileSync(envoy, rendered);
  execFileSync(inject('envoyPath'), ['--mode', 'validate', '--config-path', envoy, '--log-level', 'error'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

test('envoy/standalone.yaml is what the configuration of docker-compose.yaml renders to', async () => {
  const compose = parse(read('docker-compose.yaml')) as { configs: { pointsman: { content: string } } };
  const config = compose.configs.pointsman.content.replaceAll('$$', '$');
  const rendered = await render(config, '--service', 'pointsman:50051');
  await expect(HEADER + rendered).toMatchFileSnapshot('../../envoy/standalone.yaml');
});

test('an Envoy accepts envoy/standalone.yaml', () => {
  validate(read('envoy/standalone.yaml'));
});

test('it is the same without any key in the environment, and holds none', async () => {
  const { file, remove } = configFile(read('envoy/config.yaml'));
  onTestFinished(remove);
  const { OPENAI_API_KEY: openai = '', ANTHROPIC_API_KEY: anthropic = '', ...env } = environment();
  const [without, withKeys] = await Promise.all([
    runCommand(['envoy', '-f', file], env),
    runCommand(['envoy', '-f', file], environment()),
  ]);
  expect(without.stdout).toBe(withKeys.stdout);
  expect(without.code).toBe(0);
  for (const key of [openai, anthropic]) expect(withKeys.stdout).not.toContain(key);
});

const PROVIDER = { model: 'openai/gpt-4o', access_key: '$OPENAI_API_KEY' };

test.each<readonly [string, object]>([
  [
    'every built-in provider',
    {
      model_providers: [
        ...[
          'openai',
          'anthropic',
          'gemini',
          'groq',
          'deepseek',
          'mistral',
          'xai',
          'together_ai',
          'openrouter',
        ],
        ...['moonshotai', 'zhipu', 'digitalocean', 'vercel', 'xiaomi'],
      ].map((provider) => ({ model: `${provider}/*`, access_key: '$OPENAI_API_KEY' })),
    },
  ],
  [
    'servers of one’s own, by name and address, of both IP versions',
    {
      model_providers: [
        { model: 'vllm/a', base_url: 'http://gpu-1.internal:8000' },
        { model: 'vllm/b', base_url: 'https://10.0.0.7:8443/v1' },
        { model: 'ollama/c', base_url: 'http://[::1]:11434' },
        {
          model: 'acme/d',
          base_url: 'https://acme.test/api',
          provider_interface: 'anthropic',
          passthrough_auth: true,
        },
      ],
    },
  ],
  [
    'every setting of the listener',
    {
      listeners: [
        {
          type: 'model',
          name: 'main',
          address: '::',
          port: 8080,
          timeout: '10m',
          max_retries: 0,
          per_try_timeout: '1500ms',
          idle_timeout: '0s',
        },
      ],
      max_body_bytes: '1GB',
      model_providers: [PROVIDER],
    },
  ],
  [
    'every setting of failover, and providers that Envoy signs for',
    {
      failover: {
        on: ['connect-failure', 'reset', 408, '5xx', 'first-byte-timeout'],
        attempts_per_target: 5,
        per_try_timeout: '0s',
        first_byte_timeout: '1500ms',
        back_off: { base: '1ms', max: '1m' },
        outlier_detection: { consecutive_failures: 1, ejection_time: '10m' },
      },
      tracing: { opentracing_grpc_endpoint: 'http://localhost:4317', random_sampling: 1 },
      model_providers: [
        { ...PROVIDER, fallback: ['azure_openai/b', 'amazon_bedrock/c', 'vertex_ai/gemini-2.5-pro'] },
        {
          model: 'azure_openai/b',
          base_url: 'https://n.openai.azure.com',
          access_key: '$OPENAI_API_KEY',
        },
        { model: 'amazon_bedrock/c', base_url: 'https://bedrock-runtime.us-east-1.amazonaws.com' },
        {
          model: 'vertex_ai/gemini-2.5-pro',
          base_url: 'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1',
          access_key: '$OPENAI_API_KEY',
        },
      ],
    },
  ],
])('an Envoy accepts what is rendered for %s', async (_what, config) => {
  validate(await render(config));
});

test('an Envoy accepts a certificate authority of the provider’s own', async () => {
  const authority = createAuthority();
  onTestFinished(() => authority.remove());
  const tls = { ca_file: authority.caFile, sni: 'models.internal' };
  validate(await render({ model_providers: [{ ...PROVIDER, base_url: 'https://10.0.0.7', tls }] }));
});
