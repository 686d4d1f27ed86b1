// Operations that are neither routed nor translated, beside those that are.

import { describe, expect, test } from 'vitest';
import { dialectOf, matchEndpoint } from '../../../src/request/endpoints.ts';

test.each([
  ['/v1/embeddings', 'openai-chat', '/embeddings'],
  ['/v1/images/generations', 'openai-chat', '/images/generations'],
  ['/v1/responses/input_tokens', 'openai-responses', '/responses/input_tokens'],
  ['/v1/messages/count_tokens', 'anthropic-messages', '/messages/count_tokens'],
])('%s is passed on', (path, dialect, operation) => {
  expect(matchEndpoint('POST', path).endpoint).toEqual({ type: 'pass', dialect, operation });
  expect(matchEndpoint('GET', path)).toEqual({ endpoint: undefined, allowedMethod: 'POST' });
});

test.each([
  ['/v1/models', { type: 'models' }],
  ['/v1beta/models', { type: 'models' }],
  ['/v1/models/openai/gpt-4o', { type: 'models', name: 'openai/gpt-4o' }],
  ['/v1beta/models/openai%2Fgpt-4o', { type: 'models', name: 'openai/gpt-4o' }],
])('%s is the list, or one of it', (path, endpoint) => {
  expect(matchEndpoint('GET', path).endpoint).toEqual(endpoint);
  expect(matchEndpoint('POST', path)).toEqual({ endpoint: undefined, allowedMethod: 'GET' });
});

describe('Gemini’s paths name the model, and say whether to stream', () => {
  test.each([
    ['/v1beta/models/gemini-2.5-pro:generateContent', 'gemini-2.5-pro', false],
    ['/v1beta/models/gemini-2.5-pro:streamGenerateContent', 'gemini-2.5-pro', true],
    ['/v1/models/m:generateContent', 'm', false],
    ['/v1alpha/models/m:generateContent', 'm', false],
    ['/v1beta/models/openai/gpt-4o:generateContent', 'openai/gpt-4o', false],
    ['/v1beta/models/openai%2Fgpt-4o%3AgenerateContent', 'openai/gpt-4o', false],
    ['/v1beta/openai/gpt-4o:streamGenerateContent', 'openai/gpt-4o', true],
    ['/v1beta/models/ollama/qwen3:8b:generateContent', 'ollama/qwen3:8b', false],
    ['/v1beta/models/arch.fast.v1:generateContent', 'arch.fast.v1', false],
    [
      '/v1beta1/projects/p/locations/eu/publishers/google/models/gemini-2.5-pro:generateContent',
      'gemini-2.5-pro',
      false,
    ],
  ])('%s', (path, model, stream) => {
    const endpoint = { type: 'proxy', dialect: 'gemini', terms: { model, stream } };
    expect(matchEndpoint('POST', path).endpoint).toEqual(endpoint);
    expect(matchEndpoint('GET', path)).toEqual({ endpoint: undefined, allowedMethod: 'POST' });
    expect(matchEndpoint('POST', `/routing${path}`).endpoint).toEqual({ ...endpoint, type: 'decision' });
  });

  test('other operations are passed on, and never decided upon', () => {
    expect(matchEndpoint('POST', '/v1beta/models/a/b:countTokens').endpoint).toEqual({
      type: 'pass',
      dialect: 'gemini',
      operation: '/models/{model}:countTokens',
      terms: { model: 'a/b', stream: false },
    });
    expect(matchEndpoint('POST', '/routing/v1beta/models/a:countTokens').endpoint).toBeUndefined();
  });

  test.each([
    '/v1beta/models/%E0%A4:generateContent',
    '/v1beta/models/m',

    '/v1beta',
  ])('%s is nothing', (path) => {
    expect(matchEndpoint('POST', path).endpoint).toBeUndefined();
  });
});

test.each([
  ['/v1beta/models/x', {}, 'gemini'],
  ['/nowhere', { 'x-goog-api-key': 'k' }, 'gemini'],
  ['/nowhere', { 'anthropic-version': '1' }, 'anthropic-messages'],
  ['/nowhere', {}, 'openai-chat'],
])('whoever asks for %s with %j reads %s', (path, headers: Readonly<Record<string, string>>, dialect) => {
  expect(dialectOf({ method: 'POST', path, endOfStream: false, header: (name) => headers[name] })).toBe(
    dialect,
  );
});
