// Google's errors, read and worded.

import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/contract/gateway-error.ts';
import type { ProviderError } from '../../../../src/conversation/provider-error.ts';
import { gemini } from '../../../../src/dialects/gemini/index.ts';
import type { JsonValue } from '../../../../src/json/json-value.ts';
import { freeze } from '../openai-chat/freeze.ts';

const google = (code: number, status: string, message = 'm', details?: JsonValue) => ({
  error: { code, message, status, ...(details === undefined ? {} : { details }) },
});

describe('an error of the provider', () => {
  test.each<[number, JsonValue | undefined, Partial<ProviderError>]>([
    [
      400,
      google(400, 'INVALID_ARGUMENT'),
      { kind: 'invalid-request', status: 400, message: 'm', code: 'INVALID_ARGUMENT' },
    ],
    [403, google(403, 'PERMISSION_DENIED'), { kind: 'permission' }],
    [404, google(404, 'NOT_FOUND'), { kind: 'not-found' }],
    [429, google(429, 'RESOURCE_EXHAUSTED'), { kind: 'rate-limited' }],
    [500, google(500, 'INTERNAL'), { kind: 'internal' }],
    [503, google(503, 'UNAVAILABLE'), { kind: 'overloaded' }],
    [504, google(504, 'DEADLINE_EXCEEDED'), { kind: 'timeout' }],
    [500, [google(503, 'UNAVAILABLE')], { kind: 'overloaded', status: 503 }],
    [
      400,
      google(
        400,
        'INVALID_ARGUMENT',
        'The input token count (9) exceeds the maximum number of tokens allowed (8).',
      ),
      { kind: 'context-length' },
    ],
    [502, '<html>bad gateway</html>', { kind: 'internal', message: 'the provider answered 502' }],
    [502, 'bad gateway', { kind: 'internal', status: 502, message: 'bad gateway' }],
    [429, undefined, { kind: 'rate-limited', message: 'the provider answered 429' }],
    [404, { detail: 'no route' }, { kind: 'not-found', message: 'no route' }],
    [500, { error: 'broken' }, { kind: 'internal', message: 'broken' }],
    [500, { error: { code: 7, message: 'odd' } }, { kind: 'internal', status: 500 }],
  ])('%i %j', (status, body, expected) => {
    expect(gemini.decodeError(status, freeze(body))).toMatchObject(expected);
  });

  test('about its key does not show what it says of the key', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }];
    const invalid = gemini.decodeError(
      400,
      google(400, 'INVALID_ARGUMENT', 'API key AIza…9 not valid', details),
    );
    expect(invalid).toEqual({
      kind: 'authentication',
      status: 400,
      message: "the provider refused the gateway's credentials",
      code: 'API_KEY_INVALID',
    });
    const unauthenticated = gemini.decodeError(401, google(401, 'UNAUTHENTICATED', 'ya29.token'));
    expect(JSON.stringify(unauthenticated)).not.toContain('ya29');
  });

  test.each([
    ['34s', 34],
    ['0.4s', 1],
    ['soon', undefined],
  ])('that says to wait %s', (retryDelay, seconds) => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }];
    const error = gemini.decodeError(429, google(429, 'RESOURCE_EXHAUSTED', 'm', details));
    expect(error.retryAfter).toBe(seconds);
  });

  test('names the field that is at fault', () => {
    const details = [
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ field: 'contents[0].parts', description: 'd' }],
      },
    ];
    expect(gemini.decodeError(400, google(400, 'INVALID_ARGUMENT', 'm', details)).param).toBe(
      'contents[0].parts',
    );
  });
});

describe('an error for the client', () => {
  test('of the gateway', () => {
    const error = new GatewayError('invalid-request', 'no good', 'contents[0]');
    expect(JSON.parse(gemini.encodeError(error))).toEqual(
      google(400, 'INVALID_ARGUMENT', 'no good', [
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: [{ field: 'contents[0]', description: 'no good' }],
        },
      ]),
    );
    const internal = GatewayError.from(new Error('secret'));
    expect(JSON.parse(gemini.encodeError(internal))).toEqual(google(500, 'INTERNAL', 'internal error'));
  });

  test.each<[ProviderError, unknown]>([
    [{ kind: 'rate-limited', status: 429, message: 'm' }, google(429, 'RESOURCE_EXHAUSTED')],
    [{ kind: 'overloaded', status: 529, message: 'm' }, google(529, 'UNAVAILABLE')],
    [{ kind: 'cut', status: 502, message: 'm' }, google(502, 'UNAVAILABLE')],
    [
      { kind: 'quota', status: 429, message: 'm', code: 'insufficient_quota' },
      google(429, 'RESOURCE_EXHAUSTED', 'm', [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'insufficient_quota' },
      ]),
    ],
  ])('of a provider: %j', (error, expected) => {
    expect(gemini.encodeProviderError(freeze(error))).toEqual(expected);
  });
});
