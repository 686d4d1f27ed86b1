// Anthropic's error body: https://docs.anthropic.com/en/api/errors

import type { ErrorKind, GatewayError } from '../../contract/gateway-error.ts';
import {
  kindOfStatus,
  type ProviderError,
  type ProviderErrorKind,
  REFUSED_CREDENTIALS,
} from '../../conversation/provider-error.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { objectOf, present, stringOf } from '../../json/read-value.ts';

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

const TYPE_OF_PROVIDER_KIND: Readonly<Record<ProviderErrorKind, string>> = {
  'invalid-request': 'invalid_request_error',
  authentication: 'authentication_error',
  permission: 'permission_error',
  'not-found': 'not_found_error',
  'payload-too-large': 'request_too_large',
  'context-length': 'invalid_request_error',
  'content-policy': 'invalid_request_error',
  'rate-limited': 'rate_limit_error',
  quota: 'billing_error',
  overloaded: 'overloaded_error',
  timeout: 'timeout_error',
  cut: 'api_error',
  internal: 'api_error',
};

const KIND_OF_TYPE: Readonly<Record<string, ProviderErrorKind>> = {
  invalid_request_error: 'invalid-request',
  authentication_error: 'authentication',
  permission_error: 'permission',
  not_found_error: 'not-found',
  request_too_large: 'payload-too-large',
  rate_limit_error: 'rate-limited',
  billing_error: 'quota',
  overloaded_error: 'overloaded',
  timeout_error: 'timeout',
  api_error: 'internal',
};

/** An error inside a stream has no status of its own: https://platform.claude.com/docs/en/api/errors */
const STATUS_OF_KIND: Readonly<Record<ProviderErrorKind, number>> = {
  'invalid-request': 400,
  authentication: 401,
  quota: 402,
  permission: 403,
  'not-found': 404,
  'payload-too-large': 413,
  'context-length': 400,
  'content-policy': 400,
  'rate-limited': 429,
  timeout: 504,
  overloaded: 529,
  cut: 502,
  internal: 500,
};

export function encodeError(error: GatewayError): string {
  return JSON.stringify({ type: 'error', error: { type: TYPE_OF_KIND[error.kind], message: error.message } });
}

/** A provider's error in Anthropic's words; its status stays what it was. */
export function encodeProviderError({ kind, message }: ProviderError): JsonObject {
  return { type: 'error', error: { type: TYPE_OF_PROVIDER_KIND[kind], message } };
}

/** @param event an `error` event */
export function decodeStreamError(event: JsonObject): ProviderError {
  const error = decodeError(500, event);
  return { ...error, status: STATUS_OF_KIND[error.kind] };
}

export function decodeError(status: number, body: JsonValue | undefined): ProviderError {
  const outer = objectOf(body);
  const error = objectOf(outer['error']);
  const code = stringOf(error['type']);
  const said =
    stringOf(error['message']) ??
    stringOf(outer['error']) ??
    stringOf(outer['detail']) ??
    stringOf(outer['message']) ??
    stringOf(body);
  const tooLong =
    code === 'invalid_request_error' && /prompt is too long|context (window|limit)/i.test(said ?? '');
  const kind = tooLong
    ? 'context-length'
    : ((code === undefined ? undefined : KIND_OF_TYPE[code]) ?? kindOfStatus(status));
  return {
    kind,
    status,
    message: kind === 'authentication' ? REFUSED_CREDENTIALS : (said ?? `the provider answered ${status}`),
    ...present({ code }),
  };
}
