import { describe, expect, it } from 'vitest';
import type { ProviderError } from '../../../../src/conversation/provider-error.ts';
import { openaiResponses } from '../../../../src/dialects/openai-responses/index.ts';
import type { JsonValue } from '../../../../src/json/json-value.ts';

const { decodeError, encodeProviderError } = openaiResponses;

const vendor = (type: string | null, code: string | null, message = 'why', param: string | null = null) => ({
  error: { message, type, param, code },
});

describe('decodeError', () => {
  it.each<readonly [status: number, body: JsonValue | undefined, expected: Partial<ProviderError>]>([
    [
      400,
      vendor('invalid_request_error', 'unsupported_parameter', 'no', 'temperature'),
      { kind: 'invalid-request', message: 'no', code: 'unsupported_parameter', param: 'temperature' },
    ],
    [400, vendor('invalid_request_error', 'context_length_exceeded'), { kind: 'context-length' }],
    [404, vendor('invalid_request_error', 'model_not_found'), { kind: 'not-found', code: 'model_not_found' }],
    [429, vendor('insufficient_quota', 'insufficient_quota'), { kind: 'quota' }],
    [429, vendor('tokens', 'rate_limit_exceeded'), { kind: 'rate-limited' }],
    [503, vendor('server_error', 'server_is_overloaded'), { kind: 'overloaded' }],
    [500, vendor('server_error', null), { kind: 'internal', code: 'server_error' }],
    [403, vendor(null, 'unsupported_country_region_territory'), { kind: 'permission' }],
    [422, { detail: 'bad field' }, { kind: 'invalid-request', message: 'bad field' }],
    [422, { detail: [{ msg: 'field required' }] }, { kind: 'invalid-request', message: 'field required' }],
    [400, { error: 'plain' }, { kind: 'invalid-request', message: 'plain' }],
    [429, { message: 'slow down' }, { kind: 'rate-limited', message: 'slow down' }],
    [502, '<html>Bad Gateway</html>', { kind: 'internal', message: 'the provider answered 502' }],
    [503, 'no upstream', { kind: 'overloaded', message: 'no upstream' }],
    [504, undefined, { kind: 'timeout', message: 'the provider answered 504' }],
    [400, ['x'], { kind: 'invalid-request', message: 'the provider answered 400' }],
  ])('reads %i %j', (status, body, expected) => {
    expect(decodeError(status, body)).toMatchObject({ status, ...expected });
  });

  it('never repeats what is said about a wrong key', () => {
    const body = vendor('invalid_request_error', 'invalid_api_key', 'Incorrect API key provided: sk-abc*def');
    expect(decodeError(401, body)).toMatchObject({ kind: 'authentication', status: 401 });
    expect(JSON.stringify(decodeError(401, body))).not.toContain('sk-');
    expect(JSON.stringify(decodeError(401, 'sk-abc is wrong'))).not.toContain('sk-');
  });
});

describe('encodeProviderError', () => {
  const wording = (error: Omit<ProviderError, 'status' | 'message'>) =>
    encodeProviderError({ status: 400, message: 'why', ...error })['error'];

  it.each<readonly [error: Omit<ProviderError, 'status' | 'message'>, type: string, code: string | null]>([
    [{ kind: 'invalid-request' }, 'invalid_request_error', null],
    [{ kind: 'invalid-request', code: 'unsupported_value' }, 'invalid_request_error', 'unsupported_value'],
    [
      { kind: 'context-length', code: 'invalid_request_error' },
      'invalid_request_error',
      'context_length_exceeded',
    ],
    [{ kind: 'rate-limited', code: 'rate_limit_error' }, 'rate_limit_error', 'rate_limit_exceeded'],
    [{ kind: 'quota' }, 'insufficient_quota', 'insufficient_quota'],
    [{ kind: 'not-found', code: 'model_not_found' }, 'invalid_request_error', 'model_not_found'],
    [{ kind: 'overloaded', code: 'overloaded_error' }, 'server_error', 'overloaded_error'],
    [{ kind: 'internal' }, 'server_error', 'server_error'],
  ])('words %j as the vendor does', (error, type, code) => {
    expect(wording(error)).toEqual({ message: 'why', type, param: null, code });
  });

  it('reads its own words back', () => {
    const error: ProviderError = {
      kind: 'quota',
      status: 429,
      message: 'pay',
      code: 'insufficient_quota',
      param: 'x',
    };
    expect(decodeError(429, encodeProviderError(error))).toEqual(error);
  });
});
