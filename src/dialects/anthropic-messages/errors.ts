// Anthropic's error body: https://docs.anthropic.com/en/api/errors

import type { ErrorKind, GatewayError } from '../../contract/gateway-error.ts';
import {
  kindOfStatus,
  type ProviderError,
  type ProviderErrorKind,
  REFUSED_CREDENTIALS,
  STATUS_OF_KIND,
} from '../../conversation/provider-error.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { objectOf, present, stringOf } from '../../json/read-value.ts';
import { wordsOf } from '../error-words.ts';

const TYPE_OF_KIND: Readonly<Record<ErrorKind, string>> = {
  'invalid-request': 'invalid_request_error',
  'model-not-found': 'invalid_request_error',
  'unsupported-media-type': 'invalid_request_error',
  'method-not-allowed': 'invalid_request_error',
  'dialect-not-supported': 'invalid_request_error',
  'not-found': 'not_found_error',
  'answer-not-found': 'not_found_error',
  'previous-answer-not-found': 'invalid_request_error',
  'payload-too-large': 'request_too_large',
  unavailable: 'api_error',
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

const KIND_OF_TYPE: ReadonlyMap<string, ProviderErrorKind> = new Map([
  ['invalid_request_error', 'invalid-request'],
  ['authentication_error', 'authentication'],
  ['permission_error', 'permission'],
  ['not_found_error', 'not-found'],
  ['request_too_large', 'payload-too-large'],
  ['rate_limit_error', 'rate-limited'],
  ['billing_error', 'quota'],
  ['overloaded_error', 'overloaded'],
  ['timeout_error', 'timeout'],
  ['api_error', 'internal'],
]);

/** `prompt is too long: …`, ``input length and `max_tokens` exceed context limit: …`` */
const TOO_LONG = /prompt is too long|context (window|limit)|maximum context length/i;

/** Anthropic's own: https://platform.claude.com/docs/en/api/errors */
const STATUS_OF_OWN_KIND: Readonly<Partial<Record<ProviderErrorKind, number>>> = {
  overloaded: 529,
  quota: 402,
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
  return { ...error, status: STATUS_OF_OWN_KIND[error.kind] ?? STATUS_OF_KIND[error.kind] };
}

/** Anthropic's own body, and what others who speak its dialect send: a text, `{error: "…"}`, `{detail: …}`, a proxy's page. */
export function decodeError(status: number, body: JsonValue | undefined): ProviderError {
  const found = isObject(body) ? (body['error'] ?? body) : body;
  const error = objectOf(found);
  const type = stringOf(error['type']);
  const message = wordsOf(found) ?? `the provider answered ${status}`;
  const known = KIND_OF_TYPE.get(type ?? '') ?? kindOfStatus(status);
  const kind = known === 'invalid-request' && TOO_LONG.test(message) ? 'context-length' : known;
  return {
    kind,
    status,
    message: kind === 'authentication' ? REFUSED_CREDENTIALS : message,
    ...present({ code: type }),
  };
}
