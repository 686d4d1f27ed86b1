// Anthropic's error body: https://docs.anthropic.com/en/api/errors

import type { ErrorKind, GatewayError } from '../../contract/gateway-error.ts';

const TYPE_OF_KIND: Readonly<Record<ErrorKind, string>> = {
  'invalid-request': 'invalid_request_error',
  'model-not-found': 'invalid_request_error',
  'unsupported-media-type': 'invalid_request_error',
  'method-not-allowed': 'invalid_request_error',
  'dialect-not-supported': 'invalid_request_error',
  'not-found': 'not_found_error',
  'payload-too-large': 'request_too_large',
  internal: 'api_error',
};

export function encodeError(error: GatewayError): string {
  return JSON.stringify({ type: 'error', error: { type: TYPE_OF_KIND[error.kind], message: error.message } });
}
