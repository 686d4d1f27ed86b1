// Vertex AI in the configuration: one project, two publishers.

import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/config/config-error.ts';
import type { GatewayConfig } from '../../../src/config/gateway-config.ts';
import { loadConfig } from '../../../src/config/load-config.ts';

const PROJECT = '/v1/projects/p-1/locations/us-central1';
const BASE = `base_url: "https://us-central1-aiplatform.googleapis.com${PROJECT}"`;

function load(entry: string, demoSocket?: string): GatewayConfig {
  const options = { file: 'config.yaml', env: { TOKEN: 'ya29.token' }, cores: 4 };
  return loadConfig(`model_providers:\n  - {${entry}}\n`, {
    ...options,
    ...(demoSocket === undefined ? {} : { demoSocket }),
  });
}

const GOOGLE = `${PROJECT}/publishers/google/models/{model}`;
const ANTHROPIC = `${PROJECT}/publishers/anthropic/models/{model}`;

describe('a model of Vertex AI', () => {
  test.each(['vertex', 'vertex_ai'])('%s: Google’s speak generateContent', (provider) => {
    const { targets, warnings } = load(`model: ${provider}/gemini-2.5-pro, access_key: $TOKEN, ${BASE}`);
    expect(targets[0]).toMatchObject({
      paths: { gemini: `${GOOGLE}:generateContent` },
      streamPaths: { gemini: `${GOOGLE}:streamGenerateContent` },
      credential: { type: 'key', header: 'authorization', value: 'Bearer ya29.token' },
    });
    expect(targets[0]).not.toHaveProperty('body');
    expect(warnings).toEqual([]);
  });

  test('Anthropic’s speak Messages, without a model in the body', () => {
    const { targets, warnings } = load(
      `model: vertex_ai/claude-sonnet-4@20250514, access_key: $TOKEN, ${BASE}`,
    );
    expect(targets[0]).toMatchObject({
      paths: { 'anthropic-messages': `${ANTHROPIC}:rawPredict` },
      streamPaths: { 'anthropic-messages': `${ANTHROPIC}:streamRawPredict` },
      body: { remove: ['model'], set: { anthropic_version: 'vertex-2023-10-16' } },
      refusesSystemTurns: true,
    });
    expect(targets[0]?.paths).not.toHaveProperty('gemini');
    expect(warnings).toEqual([]);
  });

  test('may be called with the caller’s own token', () => {
    const { targets } = load(`model: vertex_ai/gemini-2.5-pro, passthrough_auth: true, ${BASE}`);
    expect(targets[0]?.credential).toEqual({ type: 'passthrough' });
  });

  test.each([
    '',
    ', base_url: "https://us-central1-aiplatform.googleapis.com"',
    ', base_url: "https://h/v1"',
  ])('is refused without project and location, with what to write (%s)', (base) => {
    const attempt = (): unknown => load(`model: vertex_ai/gemini-2.5-pro, access_key: $TOKEN${base}`);
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(/base_url: https:\/\/us-central1-aiplatform.*\/projects\/PROJECT\/locations\//);
  });

  test('of Anthropic whose key is unset is played by the demo provider in Chat', () => {
    const { targets } = load(`model: vertex/claude-opus-4, access_key: $UNSET, ${BASE}`, '/run/demo.sock');
    expect(targets[0]?.paths).toEqual({ 'openai-chat': '/v1/chat/completions' });
    expect(targets[0]).not.toHaveProperty('body');
  });
});
