// Operations that are neither routed nor translated, beside those that are.

import { expect, test } from 'vitest';
import { matchEndpoint } from '../../../src/request/endpoints.ts';

test.each([
  ['/v1/embeddings', 'openai-chat', '/embeddings'],
  ['/v1/images/generations', 'openai-chat', '/images/generations'],
  ['/v1/responses/input_tokens', 'openai-responses', '/responses/input_tokens'],
  ['/v1/messages/count_tokens', 'anthropic-messages', '/messages/count_tokens'],
])('%s is passed on', (path, dialect, operation) => {
  expect(matchEndpoint('POST', path).endpoint).toEqual({ type: 'pass', dialect, operation });
  expect(matchEndpoint('GET', path)).toEqual({ endpoint: undefined, allowedMethod: 'POST' });
});
