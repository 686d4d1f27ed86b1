// Providers' errors in Chat's words, both ways.

import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/contract/gateway-error.ts';
import type { ProviderErrorKind } from '../../../../src/conversation/provider-error.ts';
import { openaiChat } from '../../../../src/dialects/openai-chat/index.ts';
import type { JsonValue } from '../../../../src/json/json-value.ts';

const error = (members: object): JsonValue => ({ error: { ...members } }) as JsonValue;

describe('decodeError', () => {
  test.each<[string, number, JsonValue | undefined, object]>([
    [
      "OpenAI's own",
      400,
      error({ message: 'm', type: 'invalid_request_error', param: 'stop', code: 'context_length_exceeded' }),
      { kind: 'context-length', message: 'm', param: 'stop', code: 'context_length_exceeded' },
    ],
    [
      'a quota, which comes as 429',
      429,
      error({ message: 'm', type: 'insufficient_quota', code: 'insufficient_quota' }),
      { kind: 'quota' },
    ],
    ['a rate limit', 429, error({ message: 'm', type: 'tokens', code: null }), { kind: 'rate-limited' }],
    [
      "vLLM's words for a long prompt",
      400,
      { object: 'error', message: "This model's maximum context length is 8 tokens", code: 400 },
      { kind: 'context-length' },
    ],
    [
      "Google's list of one",
      400,
      [{ error: { code: 400, message: 'm', status: 'INVALID_ARGUMENT' } }],
      { kind: 'invalid-request', message: 'm', code: 'INVALID_ARGUMENT' },
    ],
    ['an error that is a text', 500, { error: 'broken' }, { kind: 'internal', message: 'broken' }],
    ['a detail', 404, { detail: 'Not Found' }, { kind: 'not-found', message: 'Not Found' }],
    [
      'a list of details',
      422,
      { detail: [{ loc: ['body'], msg: 'field required', type: 'missing' }] },
      { kind: 'invalid-request', message: 'field required' },
    ],
    [
      'an overload',
      500,
      error({ message: 'm', type: 'service_unavailable_error', code: 'slow_down' }),
      { kind: 'overloaded', code: 'slow_down' },
    ],
    ['a plain text', 503, 'no healthy upstream', { kind: 'overloaded', message: 'no healthy upstream' }],
    ["a proxy's page", 502, '<html>…</html>', { kind: 'internal', message: 'the provider answered 502' }],
    ['nothing', 529, undefined, { kind: 'overloaded', message: 'the provider answered 529' }],
    ['JSON of another kind', 500, 7, { kind: 'internal', message: 'the provider answered 500' }],
    [
      'a code that names a property of every object',
      400,
      error({ code: 'constructor' }),
      { kind: 'invalid-request' },
    ],
  ])('%s', (_, status, body, expected) => {
    expect(openaiChat.decodeError(status, body)).toMatchObject({ status, ...expected });
  });

  test('shows nothing of a key that was refused', () => {
    const body = error({ message: 'Incorrect API key provided: sk-ab***yz', code: 'invalid_api_key' });
    const decoded = openaiChat.decodeError(401, body);
    expect(decoded).toMatchObject({
      kind: 'authentication',
      message: "the provider refused the gateway's credentials",
    });
    expect(JSON.stringify(decoded)).not.toContain('sk-');
  });

  test('keeps a long text short', () => {
    expect(openaiChat.decodeError(500, 'x'.repeat(100_000)).message).toHaveLength(1000);
  });
});

describe('encodeProviderError', () => {
  test.each<[ProviderErrorKind, string, string | null]>([
    ['invalid-request', 'invalid_request_error', null],
    ['authentication', 'authentication_error', 'invalid_api_key'],
    ['permission', 'permission_error', null],
    ['not-found', 'invalid_request_error', null],
    ['payload-too-large', 'invalid_request_error', null],
    ['context-length', 'invalid_request_error', 'context_length_exceeded'],
    ['content-policy', 'invalid_request_error', 'content_policy_violation'],
    ['rate-limited', 'rate_limit_error', 'rate_limit_exceeded'],
    ['quota', 'insufficient_quota', 'insufficient_quota'],
    ['overloaded', 'server_error', null],
    ['timeout', 'server_error', null],
    ['cut', 'server_error', 'stream_cut'],
    ['internal', 'server_error', null],
  ])('%s', (kind, type, code) => {
    expect(openaiChat.encodeProviderError({ kind, status: 400, message: 'm' })).toEqual({
      error: { message: 'm', type, param: null, code },
    });
  });

  test("the provider's own code and field are kept", () => {
    const given = {
      kind: 'overloaded',
      status: 529,
      message: 'm',
      code: 'overloaded_error',
      param: 'p',
    } as const;
    expect(openaiChat.encodeProviderError(given)).toMatchObject({
      error: { code: 'overloaded_error', param: 'p' },
    });
  });

  test("but for what applications look for by OpenAI's", () => {
    const given = { kind: 'context-length', status: 400, message: 'm', code: 'INVALID_ARGUMENT' } as const;
    expect(openaiChat.encodeProviderError(given)).toMatchObject({
      error: { code: 'context_length_exceeded' },
    });
  });
});

test('an error of the gateway names the field', () => {
  const thrown = new GatewayError('invalid-request', 'm', 'messages[0]');
  expect(JSON.parse(openaiChat.encodeError(thrown))).toEqual({
    error: { message: 'm', type: 'invalid_request_error', param: 'messages[0]', code: null },
  });
});
