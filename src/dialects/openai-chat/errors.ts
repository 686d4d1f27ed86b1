// OpenAI's error body: https://platform.openai.com/docs/guides/error-codes

import type { ErrorKind, GatewayError } from '../../contract/gateway-error.ts';

const CODE_OF_KIND: Readonly<Partial<Record<ErrorKind, string>>> = {
  'model-not-found': 'model_not_found',
  'not-found': 'unknown_url',
  'method-not-allowed': 'method_not_supported',
  'payload-too-large': 'request_too_large',
  'dialect-not-supported': 'dialect_not_supported',
};

export function encodeError(error: GatewayError): string {
  return JSON.stringify({
    error: {
      message: error.message,
      type: error.kind === 'internal' ? 'server_error' : 'invalid_request_error',
      param: error.param ?? null,
      code: CODE_OF_KIND[error.kind] ?? null,
    },
  });
}
