// The Responses API words its errors as Chat Completions does, with the same codes; kept apart because streamed errors
// differ between the two: https://platform.openai.com/docs/api-reference/responses-streaming/error

import type { ErrorKind, GatewayError } from '../../contract/gateway-error.ts';
import {
  kindOfStatus,
  type ProviderError,
  type ProviderErrorKind,
  REFUSED_CREDENTIALS,
  STATUS_OF_KIND,
} from '../../conversation/provider-error.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';

const CODE_OF_KIND: Readonly<Record<ErrorKind, string | null>> = {
  'invalid-request': null,
  'unsupported-media-type': null,
  'model-not-found': 'model_not_found',
  'not-found': 'unknown_url',
  'answer-not-found': null,
  'previous-answer-not-found': 'previous_response_not_found',
  'method-not-allowed': 'method_not_supported',
  'payload-too-large': 'request_too_large',
  'dialect-not-supported': 'dialect_not_supported',
  unavailable: 'service_unavailable',
  internal: 'server_error',
};

interface Wording {
  readonly type: string;
  /** What applications look for, whatever the provider called it. */
  readonly code?: string;
  /** Where the provider gave none. */
  readonly fallback?: string;
}

const WORDING: Readonly<Record<ProviderErrorKind, Wording>> = {
  'invalid-request': { type: 'invalid_request_error' },
  authentication: { type: 'authentication_error', code: 'invalid_api_key' },
  permission: { type: 'permission_error' },
  'not-found': { type: 'invalid_request_error', fallback: 'not_found' },
  'payload-too-large': { type: 'invalid_request_error', fallback: 'request_too_large' },
  'context-length': { type: 'invalid_request_error', code: 'context_length_exceeded' },
  'content-policy': { type: 'invalid_request_error', fallback: 'content_policy_violation' },
  'rate-limited': { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  quota: { type: 'insufficient_quota', code: 'insufficient_quota' },
  overloaded: { type: 'server_error', fallback: 'server_is_overloaded' },
  timeout: { type: 'server_error', fallback: 'timeout' },
  cut: { type: 'server_error', fallback: 'stream_cut' },
  internal: { type: 'server_error', fallback: 'server_error' },
};

/** Codes and types: https://platform.openai.com/docs/guides/error-codes; those of others who speak this dialect too. */
const KIND_OF_CODE: ReadonlyMap<string, ProviderErrorKind> = new Map([
  ['invalid_api_key', 'authentication'],
  ['authentication_error', 'authentication'],
  ['permission_error', 'permission'],
  ['unsupported_country_region_territory', 'permission'],
  ['model_not_found', 'not-found'],
  ['not_found_error', 'not-found'],
  ['context_length_exceeded', 'context-length'],
  ['content_policy_violation', 'content-policy'],
  ['content_filter', 'content-policy'],
  ['image_content_policy_violation', 'content-policy'],
  ['bio_policy', 'content-policy'],
  ['rate_limit_exceeded', 'rate-limited'],
  ['rate_limit_error', 'rate-limited'],
  ['too_many_requests', 'rate-limited'],
  ['insufficient_quota', 'quota'],
  ['billing_hard_limit_reached', 'quota'],
  ['billing_not_active', 'quota'],
  ['server_is_overloaded', 'overloaded'],
  ['slow_down', 'overloaded'],
  ['overloaded_error', 'overloaded'],
  ['server_error', 'internal'],
  ['invalid_prompt', 'invalid-request'],
]);

/** Of a body that is no JSON. */
const MOST_CHARACTERS = 500;

export function encodeError(error: GatewayError): string {
  const type = error.status >= 500 && error.status !== 501 ? 'server_error' : 'invalid_request_error';
  const code = CODE_OF_KIND[error.kind];
  return JSON.stringify({ error: { message: error.message, type, param: error.param ?? null, code } });
}

/** A provider's error in OpenAI's words; its status stays what it was. */
export function encodeProviderError(error: ProviderError): JsonObject {
  return { error: wordError(error) };
}

/**
 * The members of an `error` event. The documentation has them flat, the vendor sends them in an `error` object, and clients
 * read one or the other: https://github.com/openai/openai-dotnet/issues/881
 */
export function encodeStreamError(error: ProviderError): JsonObject {
  const { code, message, param, type } = wordError(error);
  return { code, message, param, error: { type, code, message, param } };
}

function wordError({ kind, message, code, param }: ProviderError): JsonObject {
  const wording = WORDING[kind];
  return {
    message,
    type: wording.type,
    param: param ?? null,
    code: wording.code ?? code ?? wording.fallback ?? null,
  };
}

/** OpenAI's own body, and what others send: a text, `{error: "…"}`, `{detail: …}`, `{message: …}`. */
export function decodeError(status: number, body: JsonValue | undefined): ProviderError {
  const found = isObject(body) ? (body['error'] ?? body) : body;
  return readError(objectOf(found), stringOf(found), status);
}

/** Of an `error` event or of a failed response, which have no status. */
export function decodeStreamError(error: JsonObject): ProviderError {
  return readError(error, undefined, undefined);
}

function readError(error: JsonObject, text: string | undefined, status: number | undefined): ProviderError {
  const code = stringOf(error['code']);
  const type = stringOf(error['type']);
  const kind =
    KIND_OF_CODE.get(code ?? '') ??
    KIND_OF_CODE.get(type ?? '') ??
    (status === undefined
      ? type === 'invalid_request_error'
        ? 'invalid-request'
        : 'internal'
      : kindOfStatus(status));
  const answered = status ?? STATUS_OF_KIND[kind];
  return {
    kind,
    status: answered,
    message: kind === 'authentication' ? REFUSED_CREDENTIALS : messageOf(error, text, answered),
    ...present({
      code: code ?? (type === 'error' ? undefined : type),
      param: stringOf(error['param']),
    }),
  };
}

function messageOf(error: JsonObject, text: string | undefined, status: number): string {
  const { message, detail } = error;
  const said =
    stringOf(message) ??
    stringOf(detail) ??
    stringOf(objectsOf(detail)[0]?.['msg']) ??
    // A page of a proxy says nothing to an application.
    (text?.trimStart().startsWith('<') === true ? undefined : text);
  return said === undefined || said.trim() === ''
    ? `the provider answered ${status}`
    : said.slice(0, MOST_CHARACTERS);
}
