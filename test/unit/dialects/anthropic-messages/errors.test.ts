// Providers' errors in Anthropic's words, both ways.

import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/contract/gateway-error.ts';
import type { ProviderErrorKind } from '../../../../src/conversation/provider-error.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import type { JsonValue } from '../../../../src/json/json-value.ts';

const error = (type: string, message: string): JsonValue => ({ type: 'error', error: { type, message } });

describe('decodeError', () => {
  test.each<[string, number, JsonValue | undefined, object]>([
    [
      "Anthropic's own",
      429,
      error('rate_limit_error', 'm'),
      { kind: 'rate-limited', message: 'm', code: 'rate_limit_error' },
    ],
    ['an overload', 529, error('overloaded_error', 'm'), { kind: 'overloaded' }],
    ['a bill that is not paid', 400, error('billing_error', 'm'), { kind: 'quota' }],
    [
      'a prompt that is too long',
      400,
      error('invalid_request_error', 'prompt is too long: 9 tokens > 8 maximum'),
      { kind: 'context-length' },
    ],
    [
      'a limit that leaves no room',
      400,
      error('invalid_request_error', 'input length and `max_tokens` exceed context limit: 9 + 9 > 10'),
      { kind: 'context-length' },
    ],
    ['a type that is new', 503, error('of_tomorrow', 'm'), { kind: 'overloaded', code: 'of_tomorrow' }],
    [
      'a type that names a property of every object',
      400,
      error('constructor', 'm'),
      { kind: 'invalid-request' },
    ],
    ['an error that is a text', 500, { error: 'broken' }, { kind: 'internal', message: 'broken' }],
    ['a detail', 404, { detail: 'Not Found' }, { kind: 'not-found', message: 'Not Found' }],
    [
      'a list of details',
      422,
      { detail: [{ msg: 'required' }] },
      { kind: 'invalid-request', message: 'required' },
    ],
    ['a plain text', 503, 'no healthy upstream', { kind: 'overloaded', message: 'no healthy upstream' }],
    ["a proxy's page", 502, '<html>…</html>', { kind: 'internal', message: 'the provider answered 502' }],
    ['nothing', 413, undefined, { kind: 'payload-too-large', message: 'the provider answered 413' }],
    ['JSON of another kind', 500, [7], { kind: 'internal', message: 'the provider answered 500' }],
  ])('%s', (_, status, body, expected) => {
    expect(anthropicMessages.decodeError(status, body)).toMatchObject({ status, ...expected });
  });

  test('shows nothing of a key that was refused', () => {
    const refused = anthropicMessages.decodeError(401, error('authentication_error', 'bad key sk-ant-1234'));
    expect(refused).toMatchObject({ kind: 'authentication' });
    expect(JSON.stringify(refused)).not.toContain('1234');
  });
});

test.each<[ProviderErrorKind, string]>([
  ['invalid-request', 'invalid_request_error'],
  ['authentication', 'authentication_error'],
  ['permission', 'permission_error'],
  ['not-found', 'not_found_error'],
  ['payload-too-large', 'request_too_large'],
  ['context-length', 'invalid_request_error'],
  ['content-policy', 'invalid_request_error'],
  ['rate-limited', 'rate_limit_error'],
  ['quota', 'billing_error'],
  ['overloaded', 'overloaded_error'],
  ['timeout', 'timeout_error'],
  ['cut', 'api_error'],
  ['internal', 'api_error'],
])('a provider’s error of the kind %s is a %s', (kind, type) => {
  expect(anthropicMessages.encodeProviderError({ kind, status: 500, message: 'm' })).toEqual({
    type: 'error',
    error: { type, message: 'm' },
  });
});

test.each([
  ['invalid-request', 'invalid_request_error'],
  ['not-found', 'not_found_error'],
  ['payload-too-large', 'request_too_large'],
  ['internal', 'api_error'],
] as const)('an error of the gateway’s of the kind %s is a %s', (kind, type) => {
  const body = JSON.parse(anthropicMessages.encodeError(new GatewayError(kind, 'm'))) as JsonValue;
  expect(body).toMatchObject({ type: 'error', error: { type } });
});
