import { describe, expect, test } from 'vitest';
import { findProvider } from '../../../src/providers/catalogue.ts';
import { dialectPaths, type Endpoint, parseEndpoint } from '../../../src/providers/endpoint.ts';
import type { DialectPaths } from '../../../src/providers/provider-definition.ts';

function parse(url: string): Endpoint {
  const endpoint = parseEndpoint(url);
  if ('message' in endpoint) throw new Error(endpoint.message);
  return endpoint;
}

function pathsOf(provider: string, url: string): DialectPaths {
  const definition = findProvider(provider);
  if (definition === undefined) throw new Error(`no provider ${provider}`);
  return dialectPaths(definition, parse(url));
}

describe('parseEndpoint', () => {
  test.each([
    ['https://api.openai.com', { host: 'api.openai.com', port: 443, tls: true, authority: 'api.openai.com' }],
    ['http://LocalHost', { host: 'localhost', port: 80, tls: false, authority: 'localhost' }],
    ['http://h:8000', { host: 'h', port: 8000, authority: 'h:8000' }],
    ['https://h:443/', { port: 443, authority: 'h', path: '' }],
    ['http://[::1]:9/v1', { host: '::1', port: 9, authority: '[::1]:9', path: '/v1' }],
    ['https://h/a/b//?x=1&y={model}', { path: '/a/b', query: '?x=1&y={model}' }],
  ])('%s', (url, expected) => {
    expect(parse(url)).toMatchObject(expected);
  });

  test.each([
    'ftp://h',
    'h',
    '',
    'http://',
    'http://a b',
    'http://h:99999',
    'http://h:0',
    'https://u:p@h',
    'https://h/#x',
  ])('refuses %j without repeating it', (url) => {
    const problem = parseEndpoint(url);
    expect(problem).toHaveProperty('message');
    if ('message' in problem && url !== '' && url !== 'h') expect(problem.message).not.toContain(url);
  });
});

describe('dialectPaths', () => {
  test('a path replaces the base path, so both ways of writing mean the same', () => {
    expect(pathsOf('vllm', 'http://h:8000')).toEqual(pathsOf('vllm', 'http://h:8000/v1'));
  });

  test('a path to Google’s own version has both of its APIs, any other the OpenAI-compatible one', () => {
    expect(Object.entries(pathsOf('gemini', 'https://proxy/v1beta'))).toEqual([
      ['gemini', '/v1beta/models/{model}:generateContent'],
      ['openai-chat', '/v1beta/openai/chat/completions'],
    ]);
    expect(pathsOf('gemini', 'https://proxy')).toEqual(pathsOf('gemini', 'https://proxy/v1beta'));
    expect(pathsOf('gemini', 'https://proxy/g')).toEqual({ 'openai-chat': '/g/chat/completions' });
    expect(pathsOf('gemini', 'https://proxy/v1beta/openai')).toEqual({
      'openai-chat': '/v1beta/openai/chat/completions',
    });
  });

  test('a dialect beside the base path is gone where the URL has a path', () => {
    expect(pathsOf('deepseek', 'https://api.deepseek.com')).toEqual({
      'openai-chat': '/chat/completions',
      'anthropic-messages': '/anthropic/v1/messages',
    });
    expect(pathsOf('deepseek', 'https://api.deepseek.com/v1')).toEqual({
      'openai-chat': '/v1/chat/completions',
    });
  });

  test('query and {model} survive, for deployments in the path', () => {
    expect(
      pathsOf('azure_openai', 'https://r.example/openai/deployments/{model}?api-version=2024-10-21')[
        'openai-chat'
      ],
    ).toBe('/openai/deployments/{model}/chat/completions?api-version=2024-10-21');
  });

  test('Azure’s paths with a deployment have Chat alone, those of its v1 Responses too', () => {
    const old = pathsOf('azure_openai', 'https://r.example/openai/deployments/d?api-version=2024-10-21');
    expect(old).toEqual({ 'openai-chat': '/openai/deployments/d/chat/completions?api-version=2024-10-21' });
    expect(pathsOf('azure_openai', 'https://r.example/openai/v1')).toEqual(
      pathsOf('azure_openai', 'https://r.example'),
    );
  });
});
