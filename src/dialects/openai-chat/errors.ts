// OpenAI's error body: https://platform.openai.com/docs/guides/error-codes

import type { ErrorKind, GatewayError } from '../../contract/gateway-error.ts';
import {
  kindOfStatus,
  type ProviderError,
  type ProviderErrorKind,
  REFUSED_CREDENTIALS,
} from '../../conversation/provider-error.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { objectOf, present, stringOf } from '../../json/read-value.ts';

const CODE_OF_KIND: Readonly<Partial<Record<ErrorKind, string>>> = {
  'model-not-found': 'model_not_found',
  'not-found': 'unknown_url',
  'method-not-allowed': 'method_not_supported',
  'payload-too-large': 'request_too_large',
  'dialect-not-supported': 'dialect_not_supported',
};

const TYPE_OF_PROVIDER_KIND: Readonly<Record<ProviderErrorKind, string>> = {
  'invalid-request': 'invalid_request_error',
  authentication: 'authentication_error',
  permission: 'permission_error',
  'not-found': 'invalid_request_error',
  'payload-too-large': 'invalid_request_error',
  'context-length': 'invalid_request_error',
  'content-policy': 'invalid_request_error',
  'rate-limited': 'rate_limit_error',
  quota: 'insufficient_quota',
  overloaded: 'server_error',
  timeout: 'server_error',
  cut: 'server_error',
  internal: 'server_error',
};

const CODE_OF_PROVIDER_KIND: Readonly<Partial<Record<ProviderErrorKind, string>>> = {
  authentication: 'invalid_api_key',
  'context-length': 'context_length_exceeded',
  'content-policy': 'content_policy_violation',
  'rate-limited': 'rate_limit_exceeded',
  quota: 'insufficient_quota',
  cut: 'stream_cut',
};

const KIND_OF_CODE: Readonly<Record<string, ProviderErrorKind>> = {
  invalid_api_key: 'authentication',
  context_length_exceeded: 'context-length',
  content_policy_violation: 'content-policy',
  content_filter: 'content-policy',
  rate_limit_exceeded: 'rate-limited',
  insufficient_quota: 'quota',
  model_not_found: 'not-found',
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

/** A provider's error in OpenAI's words; its status stays what it was. */
export function encodeProviderError({ kind, message, code, param }: ProviderError): JsonObject {
  return {
    error: {
      message,
      type: TYPE_OF_PROVIDER_KIND[kind],
      param: param ?? null,
      code: code ?? CODE_OF_PROVIDER_KIND[kind] ?? null,
    },
  };
}

/** OpenAI's own body, and what others who speak its dialect send: a text, `{error: "…"}`, `{detail: …}`, `{message: …}`. */
export function decodeError(status: number, body: JsonValue | undefined): ProviderError {
  const found = isObject(body) ? (body['error'] ?? body) : body;
  const error = objectOf(found);
  const code = stringOf(error['code']) ?? stringOf(error['type']);
  const kind = (code === undefined ? undefined : KIND_OF_CODE[code]) ?? kindOfStatus(status);
  const message = stringOf(error['message']) ?? stringOf(error['detail']) ?? stringOf(found);
  return {
    kind,
    status,
    message: kind === 'authentication' ? REFUSED_CREDENTIALS : (message ?? `the provider answered ${status}`),
    ...present({ code, param: stringOf(error['param']) }),
  };
}
