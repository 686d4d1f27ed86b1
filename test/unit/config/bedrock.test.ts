// Amazon Bedrock in the configuration: where it is, how its requests are proved, and which of its targets share a cluster.

import { describe, expect, test } from 'vitest';
import { ConfigError, type ConfigProblem } from '../../../src/config/config-error.ts';
import type { GatewayConfig } from '../../../src/config/gateway-config.ts';
import { loadConfig } from '../../../src/config/load-config.ts';

const HOST = 'bedrock-runtime.us-east-1.amazonaws.com';
const BASE = `base_url: "https://${HOST}"`;

function load(entries: readonly string[], demoSocket?: string): GatewayConfig {
  const text = `model_providers:\n${entries.map((entry) => `  - {${entry}}\n`).join('')}`;
  return loadConfig(text, {
    file: 'config.yaml',
    env: { TOKEN: 'bedrock-key' },
    cores: 4,
    ...(demoSocket === undefined ? {} : { demoSocket }),
  });
}

function problemsOf(entry: string): readonly ConfigProblem[] {
  try {
    load([entry]);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('a model of Bedrock', () => {
  test('without a key is signed by Envoy, for the region of its host', () => {
    const { targets, clusters, warnings } = load([
      `model: "amazon_bedrock/anthropic.claude-3-haiku-20240307-v1:0", ${BASE}`,
    ]);
    expect(targets[0]).toMatchObject({
      modelId: 'anthropic.claude-3-haiku-20240307-v1:0',
      authority: HOST,
      paths: { 'bedrock-converse': '/model/{model}/converse' },
      streamPaths: { 'bedrock-converse': '/model/{model}/converse-stream' },
      credential: { type: 'signed' },
    });
    expect(clusters[0]).toMatchObject({ signing: { service: 'bedrock', region: 'us-east-1' } });
    expect(warnings).toEqual([]);
  });

  test('with a key sends it, to any host', () => {
    const { targets, clusters } = load([
      'model: amazon_bedrock/nova, access_key: $TOKEN, base_url: "http://proxy.test"',
    ]);
    expect(targets[0]?.credential).toEqual({
      type: 'key',
      header: 'authorization',
      value: 'Bearer bedrock-key',
    });
    expect(clusters[0]).not.toHaveProperty('signing');
  });

  test('with the caller’s key is not signed', () => {
    const { targets, clusters } = load([`model: amazon_bedrock/nova, passthrough_auth: true, ${BASE}`]);
    expect(targets[0]?.credential).toEqual({ type: 'passthrough' });
    expect(clusters[0]).not.toHaveProperty('signing');
  });

  test.each([
    ['bedrock-runtime.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    ['bedrock-runtime-fips.ca-central-1.amazonaws.com', 'ca-central-1'],
    ['bedrock-runtime.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['vpce-0a1b-2c3d.bedrock-runtime.ap-southeast-2.vpce.amazonaws.com', 'ap-southeast-2'],
  ])('at %s is in %s', (host, region) => {
    const { clusters } = load([`model: amazon_bedrock/nova, base_url: "https://${host}"`]);
    expect(clusters[0]?.signing?.region).toBe(region);
  });

  test('at another address says its region as http_host', () => {
    const { targets, clusters } = load([
      `model: amazon_bedrock/nova, base_url: "http://127.0.0.1:9", http_host: ${HOST}`,
    ]);
    expect(targets[0]?.authority).toBe(HOST);
    expect(clusters[0]).toMatchObject({ endpoint: { host: '127.0.0.1' }, signing: { region: 'us-east-1' } });
  });

  test.each([
    ['model: amazon_bedrock/nova', 'amazon_bedrock needs a base_url'],
    ['model: amazon_bedrock/nova, base_url: "https://proxy.test"', 'this host names none'],
    ['model: amazon_bedrock/nova, base_url: "https://bedrock-runtime.amazonaws.com"', 'this host names none'],
    [
      'model: mine/nova, provider_interface: amazon_bedrock, base_url: "https://p.test"',
      'this host names none',
    ],
  ])('is refused without a region, with what to write: %s', (entry, message) => {
    expect(problemsOf(entry)).toEqual([
      expect.objectContaining({
        path: 'model_providers[0].base_url',
        message: expect.stringContaining(message),
        hint: expect.stringContaining('base_url: https://bedrock-runtime.us-east-1.amazonaws.com'),
      }),
    ]);
  });

  test('shares a cluster with those that are proved as it is', () => {
    const { targets } = load([
      `model: amazon_bedrock/a, ${BASE}`,
      `model: amazon_bedrock/b, ${BASE}, access_key: $TOKEN`,
      `model: amazon_bedrock/c, ${BASE}`,
      `model: amazon_bedrock/d, ${BASE}, passthrough_auth: true`,
    ]);
    expect(targets.map(({ cluster }) => cluster)).toEqual([
      'amazon_bedrock',
      'amazon_bedrock-2',
      'amazon_bedrock',
      'amazon_bedrock-2',
    ]);
  });

  test.each(['*', 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0'])(
    'may be %s',
    (modelId) => {
      expect(load([`model: "amazon_bedrock/${modelId}", ${BASE}`]).targets[0]?.modelId).toBe(modelId);
    },
  );

  test('whose key is unset is played by the demo provider in Chat, which speaks no Converse', () => {
    const { targets } = load([`model: amazon_bedrock/nova, ${BASE}, access_key: $UNSET`], '/run/demo.sock');
    expect(targets[0]).toMatchObject({ cluster: 'demo', paths: { 'openai-chat': '/v1/chat/completions' } });
    expect(targets[0]?.paths).not.toHaveProperty('bedrock-converse');
  });
});
