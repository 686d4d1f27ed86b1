import { describe, expect, test } from 'vitest';
import {
  definitionOf,
  findInterface,
  findProvider,
  interfaceNames,
  providerNames,
  unservedProvider,
} from '../../../src/providers/catalogue.ts';
import { dialectPaths, parseEndpoint, streamPaths } from '../../../src/providers/endpoint.ts';
import type { KeyHeader } from '../../../src/providers/provider-definition.ts';

/** The address, dialects and key header of every provider, in one table that a reviewer can hold against the vendors. */
function describeProvider(name: string): string {
  const provider = findProvider(name);
  if (provider === undefined) throw new Error(`no provider ${name}`);
  const endpoint = parseEndpoint(provider.origin ?? 'https://BASE_URL');
  if ('message' in endpoint) throw new Error(endpoint.message);
  const paths = Object.entries(dialectPaths(provider, endpoint)).map(
    ([dialect, path]) => `${dialect} ${path}`,
  );
  const streamed = Object.entries(streamPaths(provider, endpoint)).map(
    ([dialect, path]) => `streamed ${dialect} ${path}`,
  );
  const write = ({ header, prefix }: KeyHeader): string =>
    `${header}: ${prefix}${provider.keyOptional ? '[key]' : 'key'}`;
  const others = Object.entries(provider.dialectAuth ?? {}).map(
    ([dialect, key]) => `${dialect} ${write(key)}`,
  );
  return [provider.origin ?? 'base_url', ...paths, ...streamed, write(provider.auth), ...others].join(' | ');
}

describe('the catalogue', () => {
  test('is this', () => {
    const rows = Object.fromEntries(providerNames().map((name) => [name, describeProvider(name)]));
    expect(rows).toMatchInlineSnapshot(`
      {
        "amazon_bedrock": "base_url | bedrock-converse /model/{model}/converse | streamed bedrock-converse /model/{model}/converse-stream | authorization: Bearer [key]",
        "anthropic": "https://api.anthropic.com | anthropic-messages /v1/messages | x-api-key: key",
        "astraflow": "https://api-us-ca.umodelverse.ai | openai-chat /v1/chat/completions | authorization: Bearer key",
        "astraflow_cn": "https://api.modelverse.cn | openai-chat /v1/chat/completions | authorization: Bearer key",
        "azure_openai": "base_url | openai-chat /openai/v1/chat/completions | openai-responses /openai/v1/responses | api-key: key",
        "deepseek": "https://api.deepseek.com | openai-chat /chat/completions | anthropic-messages /anthropic/v1/messages | authorization: Bearer key",
        "digitalocean": "https://inference.do-ai.run | openai-chat /v1/chat/completions | authorization: Bearer key",
        "gemini": "https://generativelanguage.googleapis.com | gemini /v1beta/models/{model}:generateContent | openai-chat /v1beta/openai/chat/completions | streamed gemini /v1beta/models/{model}:streamGenerateContent | x-goog-api-key: key | openai-chat authorization: Bearer key",
        "groq": "https://api.groq.com | openai-chat /openai/v1/chat/completions | openai-responses /openai/v1/responses | authorization: Bearer key",
        "minimax": "https://api.minimax.io | openai-chat /v1/chat/completions | authorization: Bearer key",
        "mistral": "https://api.mistral.ai | openai-chat /v1/chat/completions | authorization: Bearer key",
        "moonshotai": "https://api.moonshot.ai | openai-chat /v1/chat/completions | openai-responses /v1/responses | authorization: Bearer key",
        "ollama": "base_url | openai-chat /v1/chat/completions | openai-responses /v1/responses | anthropic-messages /v1/messages | authorization: Bearer [key]",
        "openai": "https://api.openai.com | openai-chat /v1/chat/completions | openai-responses /v1/responses | authorization: Bearer key",
        "openrouter": "https://openrouter.ai | openai-chat /api/v1/chat/completions | openai-responses /api/v1/responses | anthropic-messages /api/v1/messages | authorization: Bearer key",
        "qwen": "base_url | openai-chat /compatible-mode/v1/chat/completions | authorization: Bearer key",
        "together_ai": "https://api.together.ai | openai-chat /v1/chat/completions | authorization: Bearer key",
        "vercel": "https://ai-gateway.vercel.sh | openai-chat /v1/chat/completions | openai-responses /v1/responses | authorization: Bearer key",
        "vertex": "base_url | gemini /publishers/google/models/{model}:generateContent | streamed gemini /publishers/google/models/{model}:streamGenerateContent | authorization: Bearer key",
        "vertex_ai": "base_url | gemini /publishers/google/models/{model}:generateContent | streamed gemini /publishers/google/models/{model}:streamGenerateContent | authorization: Bearer key",
        "vllm": "base_url | openai-chat /v1/chat/completions | openai-responses /v1/responses | anthropic-messages /v1/messages | authorization: Bearer [key]",
        "xai": "https://api.x.ai | openai-chat /v1/chat/completions | openai-responses /v1/responses | authorization: Bearer key",
        "xiaomi": "https://api.xiaomimimo.com | openai-chat /v1/chat/completions | authorization: Bearer key",
        "zhipu": "https://open.bigmodel.cn | openai-chat /api/paas/v4/chat/completions | authorization: Bearer key",
      }
    `);
  });

  test.each(providerNames())('%s is sound', (name) => {
    const provider = findProvider(name);
    expect(provider?.basePath).toMatch(/^(\/[\w.-]+)*$/);
    expect(provider?.auth.header).toBe(provider?.auth.header.toLowerCase());
    expect(Object.keys(provider?.paths ?? {})).not.toEqual([]);
    expect(provider?.keyVariable).toMatch(/^[A-Z_]+$/);
    expect(unservedProvider(name)).toBeUndefined();
  });

  test('knows no inherited names', () => {
    expect(findProvider('constructor')).toBeUndefined();
    expect(findInterface('__proto__')).toBeUndefined();
  });

  test('interfaces are the built-in providers and claude', () => {
    expect(interfaceNames()).toEqual(expect.arrayContaining([...providerNames(), 'claude']));
    expect(findInterface('claude')).toBe(findProvider('anthropic'));
    expect(Object.keys(findInterface('openai')?.paths ?? {})).toEqual(['openai-chat']);
  });

  test.each([
    ['gpt-4o', 'openai-chat'],
    ['gpt-5-chat-latest', 'openai-chat'],
    ['gpt-5.1', 'openai-responses'],
    ['o3', 'openai-responses'],
  ])('what comes in other dialects for OpenAI’s %s goes out as %s', (modelId, dialect) => {
    const openai = findProvider('openai');
    const paths = openai === undefined ? {} : definitionOf(openai, modelId).paths;
    expect(Object.keys(paths)[0]).toBe(dialect);
    expect(paths).toEqual({ 'openai-chat': '/chat/completions', 'openai-responses': '/responses' });
  });

  test('chatgpt cannot be called, with a way out', () => {
    expect(findProvider('chatgpt')).toBeUndefined();
    expect(unservedProvider('chatgpt')).toMatch(/; use /);
  });
});
