// Google's error body: https://cloud.google.com/apis/design/errors, https://ai.google.dev/gemini-api/docs/troubleshooting

import type { GatewayError } from '../../contract/gateway-error.ts';
import {
  kindOfStatus,
  type ProviderError,
  type ProviderErrorKind,
  REFUSED_CREDENTIALS,
  STATUS_OF_KIND,
} from '../../conversation/provider-error.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { numberOf, objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import { plainWords } from '../error-words.ts';

const TYPES = 'type.googleapis.com/google.rpc.';

const STATUS_OF_GATEWAY_KIND: Readonly<Record<GatewayError['kind'], string>> = {
  'invalid-request': 'INVALID_ARGUMENT',
  'model-not-found': 'INVALID_ARGUMENT',
  'not-found': 'NOT_FOUND',
  'answer-not-found': 'NOT_FOUND',
  'previous-answer-not-found': 'INVALID_ARGUMENT',
  'method-not-allowed': 'INVALID_ARGUMENT',
  'unsupported-media-type': 'INVALID_ARGUMENT',
  'payload-too-large': 'INVALID_ARGUMENT',
  'dialect-not-supported': 'UNIMPLEMENTED',
  unavailable: 'UNAVAILABLE',
  internal: 'INTERNAL',
};

const STATUS_OF_PROVIDER_KIND: Readonly<Record<ProviderErrorKind, string>> = {
  'invalid-request': 'INVALID_ARGUMENT',
  authentication: 'UNAUTHENTICATED',
  permission: 'PERMISSION_DENIED',
  'not-found': 'NOT_FOUND',
  'payload-too-large': 'INVALID_ARGUMENT',
  'context-length': 'INVALID_ARGUMENT',
  'content-policy': 'INVALID_ARGUMENT',
  'rate-limited': 'RESOURCE_EXHAUSTED',
  quota: 'RESOURCE_EXHAUSTED',
  overloaded: 'UNAVAILABLE',
  timeout: 'DEADLINE_EXCEEDED',
  cut: 'UNAVAILABLE',
  internal: 'INTERNAL',
};

const KIND_OF_STATUS: ReadonlyMap<string, ProviderErrorKind> = new Map(
  Object.entries({
    INVALID_ARGUMENT: 'invalid-request',
    FAILED_PRECONDITION: 'invalid-request',
    OUT_OF_RANGE: 'invalid-request',
    UNIMPLEMENTED: 'invalid-request',
    UNAUTHENTICATED: 'authentication',
    PERMISSION_DENIED: 'permission',
    NOT_FOUND: 'not-found',
    RESOURCE_EXHAUSTED: 'rate-limited',
    UNAVAILABLE: 'overloaded',
    DEADLINE_EXCEEDED: 'timeout',
    INTERNAL: 'internal',
    UNKNOWN: 'internal',
  } as const),
);

/** A wrong key is an INVALID_ARGUMENT with one of these reasons. */
const KEY_REASONS = ['API_KEY_INVALID', 'API_KEY_EXPIRED'];

export function encodeError(error: GatewayError): string {
  const { kind, message, param, status } = error;
  return JSON.stringify(body(status, message, STATUS_OF_GATEWAY_KIND[kind], fieldViolation(param, message)));
}

/** A provider's error in Google's words; its status stays what it was. */
export function encodeProviderError({ kind, status, message, code, param }: ProviderError): JsonObject {
  const info = code === undefined ? [] : [{ '@type': `${TYPES}ErrorInfo`, reason: code }];
  return body(status, message, STATUS_OF_PROVIDER_KIND[kind], [...info, ...fieldViolation(param, message)]);
}

function body(code: number, message: string, status: string, details: JsonObject[]): JsonObject {
  return { error: { code, message, status, ...(details.length === 0 ? {} : { details }) } };
}

function fieldViolation(field: string | undefined, description: string): JsonObject[] {
  if (field === undefined) return [];
  return [{ '@type': `${TYPES}BadRequest`, fieldViolations: [{ field, description }] }];
}

/** A stream that is a JSON array carries its error in an array too. */
export function decodeError(status: number, given: JsonValue | undefined): ProviderError {
  const [first] = Array.isArray(given) ? given : [given];
  const outer = objectOf(first)['error'];
  const error = objectOf(outer);
  const details = objectsOf(error['details']);
  const reason = details.map((detail) => stringOf(detail['reason'])).find((text) => text !== undefined);
  const name = stringOf(error['status']);
  const said =
    stringOf(error['message']) ?? stringOf(outer) ?? stringOf(objectOf(first)['detail']) ?? textOf(first);
  const code = reason ?? name;
  const answered = statusOf(error['code']) ?? status;
  const kind = kindOf(answered, name, reason, said ?? '');
  const [violation] = details.flatMap((detail) => objectsOf(detail['fieldViolations']));
  return {
    kind,
    status: answered,
    message: kind === 'authentication' ? REFUSED_CREDENTIALS : (said ?? `the provider answered ${status}`),
    ...present({ code, param: stringOf(violation?.['field']), retryAfter: delayOf(details) }),
  };
}

/** @param response the one that says that the stream failed */
export function decodeStreamError(response: JsonObject): ProviderError {
  const error = decodeError(STATUS_OF_KIND.internal, response);
  const isSaid = statusOf(objectOf(response['error'])['code']) !== undefined;
  return isSaid ? error : { ...error, status: STATUS_OF_KIND[error.kind] };
}

/** A page of a proxy says nothing to an application, and may be long. */
function textOf(given: JsonValue | undefined): string | undefined {
  return plainWords(stringOf(given) ?? '');
}

/** `34s` or `0.5s`: https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto (RetryInfo) */
function delayOf(details: readonly JsonObject[]): number | undefined {
  const text = details.map(({ retryDelay }) => stringOf(retryDelay)).find((delay) => delay !== undefined);
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(text ?? '')?.[1];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds));
}

/** An error inside a stream has no status but this. */
function statusOf(code: JsonValue | undefined): number | undefined {
  const status = numberOf(code);
  return status !== undefined && status >= 400 && status < 600 ? status : undefined;
}

function kindOf(
  status: number,
  name: string | undefined,
  reason: string | undefined,
  message: string,
): ProviderErrorKind {
  if (reason !== undefined && KEY_REASONS.includes(reason)) return 'authentication';
  if (/token count.*exceeds the maximum/i.test(message)) return 'context-length';
  return KIND_OF_STATUS.get(name ?? '') ?? kindOfStatus(status);
}
