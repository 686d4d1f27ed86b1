// The Responses API words its errors as Chat Completions does, with the same codes; kept apart because streamed errors
// differ between the two: https://platform.openai.com/docs/api-reference/responses-streaming/error

import type { ErrorKind, GatewayError } from '../../contract/gateway-error.ts';

const CODE_OF_KIND: Readonly<Record<ErrorKind, string | null>> = {
  'invalid-request': null,
  'unsupported-media-type': null,
  'model-not-found': 'model_not_found',
  'not-found': 'unknown_url',
  'method-not-allowed': 'method_not_supported',
  'payload-too-large': 'request_too_large',
  'dialect-not-supported': 'dialect_not_supported',
  internal: 'server_error',
};

export function encodeError(error: GatewayError): string {
  const type = error.kind === 'internal' ? 'server_error' : 'invalid_request_error';
  const code = CODE_OF_KIND[error.kind];
  return JSON.stringify({ error: { message: error.message, type, param: error.param ?? null, code } });
}
