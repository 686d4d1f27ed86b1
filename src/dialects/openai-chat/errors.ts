// OpenAI's error body: https://platform.openai.com/docs/guides/error-codes

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

/** What applications look for, whatever the provider called it. */
const CODE_OF_PROVIDER_KIND: Readonly<Partial<Record<ProviderErrorKind, string>>> = {
  authentication: 'invalid_api_key',
  'context-length': 'context_length_exceeded',
  'rate-limited': 'rate_limit_exceeded',
  quota: 'insufficient_quota',
};

/** Where the provider gave no code of its own. */
const FALLBACK_CODE: Readonly<Partial<Record<ProviderErrorKind, string>>> = {
  'content-policy': 'content_policy_violation',
  cut: 'stream_cut',
};

/** By OpenAI's codes and types, and those of others who speak its dialect. */
const KIND_OF_CODE: ReadonlyMap<string, ProviderErrorKind> = new Map([
  ['invalid_api_key', 'authentication'],
  ['authentication_error', 'authentication'],
  ['permission_error', 'permission'],
  ['unsupported_country_region_territory', 'permission'],
  ['context_length_exceeded', 'context-length'],
  ['content_policy_violation', 'content-policy'],
  ['content_filter', 'content-policy'],
  ['moderation_blocked', 'content-policy'],
  ['rate_limit_exceeded', 'rate-limited'],
  ['rate_limit_error', 'rate-limited'],
  ['too_many_requests', 'rate-limited'],
  ['insufficient_quota', 'quota'],
  ['billing_hard_limit_reached', 'quota'],
  ['billing_not_active', 'quota'],
  ['model_not_found', 'not-found'],
  ['not_found_error', 'not-found'],
  ['overloaded_error', 'overloaded'],
  ['engine_overloaded', 'overloaded'],
  ['server_is_overloaded', 'overloaded'],
  ['slow_down', 'overloaded'],
  ['service_unavailable_error', 'overloaded'],
]);

/** Servers that have no code for it say it in words: vLLM, llama.cpp, Groq. */
const TOO_LONG = /maximum context length|context window|exceeds? the (available )?context/i;

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
      code: CODE_OF_PROVIDER_KIND[kind] ?? code ?? FALLBACK_CODE[kind] ?? null,
    },
  };
}

/**
 * OpenAI's own body, and what others who speak its dialect send: a list of one (Google), a text, `{error: "…"}`,
 * `{detail: …}` (FastAPI), `{message: …}`, a proxy's page.
 */
export function decodeError(status: number, body: JsonValue | undefined): ProviderError {
  const whole = Array.isArray(body) ? body[0] : body;
  const found = isObject(whole) ? (whole['error'] ?? whole) : whole;
  const error = objectOf(found);
  const message = wordsOf(found) ?? `the provider answered ${status}`;
  const code = stringOf(error['code']) ?? stringOf(error['type']) ?? stringOf(error['status']);
  const kind = kindOf(error, message) ?? kindOfStatus(status);
  return {
    kind,
    status,
    message: kind === 'authentication' ? REFUSED_CREDENTIALS : message,
    ...present({ code, param: stringOf(error['param']) }),
  };
}

/** @param chunk what says that the stream failed */
export function decodeStreamError(chunk: JsonObject): ProviderError {
  const status = statusIn(chunk);
  const error = decodeError(status ?? STATUS_OF_KIND.internal, chunk);
  return status === undefined ? { ...error, status: STATUS_OF_KIND[error.kind] } : error;
}

/** OpenRouter and others give the status as the error's code. */
function statusIn(chunk: JsonObject): number | undefined {
  const error = objectOf(chunk['error']);
  for (const value of [error['code'], error['status'], chunk['code'], chunk['status']]) {
    const status = Number(value);
    if (Number.isInteger(status) && status >= 400 && status < 600) return status;
  }
  return undefined;
}

function kindOf(error: JsonObject, message: string): ProviderErrorKind | undefined {
  for (const name of ['code', 'type']) {
    const kind = KIND_OF_CODE.get(stringOf(error[name]) ?? '');
    if (kind !== undefined) return kind;
  }
  return TOO_LONG.test(message) ? 'context-length' : undefined;
}
