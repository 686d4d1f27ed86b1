// AWS's errors, read: their name is in a header, in the body, or nowhere.

import { describe, expect, test } from 'vitest';
import type { ProviderError } from '../../../../src/conversation/provider-error.ts';
import { bedrockConverse } from '../../../../src/dialects/bedrock-converse/index.ts';
import type { JsonValue } from '../../../../src/json/json-value.ts';

function decode(status: number, body: JsonValue | undefined, name?: string): ProviderError {
  return bedrockConverse.decodeError(status, body, (header) =>
    header === 'x-amzn-errortype' ? name : undefined,
  );
}

describe('an error', () => {
  test.each<[number, string, ProviderError['kind']]>([
    [400, 'ValidationException', 'invalid-request'],
    [403, 'AccessDeniedException', 'permission'],
    [404, 'ResourceNotFoundException', 'not-found'],
    [429, 'ThrottlingException', 'rate-limited'],
    [400, 'ServiceQuotaExceededException', 'quota'],
    [429, 'ModelNotReadyException', 'overloaded'],
    [408, 'ModelTimeoutException', 'timeout'],
    [424, 'ModelErrorException', 'internal'],
    [500, 'InternalServerException', 'internal'],
    [503, 'ServiceUnavailableException', 'overloaded'],
    [418, 'SomethingNewException', 'invalid-request'],
  ])('%i %s is %s', (status, name, kind) => {
    const expected = { kind, status, message: 'm', code: name };
    expect(
      decode(status, { message: 'm' }, `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`),
    ).toEqual(expected);
    expect(decode(status, { message: 'm', __type: `com.amazon.coral.service#${name}` })).toEqual(expected);
    expect(decode(status, { Message: 'm' }, name)).toEqual(expected);
  });

  test.each([
    'Input is too long for requested model.',
    'The model returned the following errors: prompt is too long: 250000 tokens > 200000 maximum',
    "This model's maximum context length is 8192 tokens.",
  ])('says that the prompt does not fit: %s', (message) => {
    expect(decode(400, { message }, 'ValidationException').kind).toBe('context-length');
  });

  test.each([
    'UnrecognizedClientException',
    'InvalidSignatureException',
    'ExpiredTokenException',
    'IncompleteSignatureException',
    'MissingAuthenticationTokenException',
  ])('%s does not show what it says of the signature', (name) => {
    const error = decode(403, { message: 'Credential=AKIAEXAMPLE/2026…' }, name);
    expect(error).toEqual({
      kind: 'authentication',
      status: 403,
      message: "the provider refused the gateway's credentials",
      code: name,
    });
  });

  test.each<[number, JsonValue | undefined, Partial<ProviderError>]>([
    [502, '<html>bad gateway</html>', { kind: 'internal', message: '<html>bad gateway</html>' }],
    [429, undefined, { kind: 'rate-limited', message: 'the provider answered 429' }],
    [403, { Message: 'no' }, { kind: 'permission', message: 'no' }],
    [500, [1], { kind: 'internal' }],
  ])('%i %j without a name goes by its status', (status, body, expected) => {
    const error = decode(status, body);
    expect(error).toMatchObject({ status, ...expected });
    expect(error).not.toHaveProperty('code');
  });
});
