// AWS's errors: a name in a header or the body, words in `message` or `Message`, and exceptions inside a stream.
// https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html

import {
  kindOfStatus,
  type ProviderError,
  type ProviderErrorKind,
  REFUSED_CREDENTIALS,
} from '../../conversation/provider-error.ts';
import type { JsonValue } from '../../json/json-value.ts';
import { objectOf, present, stringOf } from '../../json/read-value.ts';

interface Fault {
  readonly kind: ProviderErrorKind;
  /** For an exception inside a stream, which has no status of its own. */
  readonly status: number;
}

const CREDENTIALS: Fault = { kind: 'authentication', status: 403 };
const INTERNAL: Fault = { kind: 'internal', status: 500 };

/** By the name without its `Exception`, in lower case: streams spell it `throttlingException`. */
const FAULTS: ReadonlyMap<string, Fault> = new Map<string, Fault>([
  ['validation', { kind: 'invalid-request', status: 400 }],
  ['accessdenied', { kind: 'permission', status: 403 }],
  ['resourcenotfound', { kind: 'not-found', status: 404 }],
  ['throttling', { kind: 'rate-limited', status: 429 }],
  ['toomanyrequests', { kind: 'rate-limited', status: 429 }],
  ['servicequotaexceeded', { kind: 'quota', status: 400 }],
  ['requestentitytoolarge', { kind: 'payload-too-large', status: 413 }],
  ['modelnotready', { kind: 'overloaded', status: 429 }],
  ['modeltimeout', { kind: 'timeout', status: 408 }],
  ['modelerror', { kind: 'internal', status: 424 }],
  ['modelstreamerror', { kind: 'internal', status: 424 }],
  ['internalserver', INTERNAL],
  ['internalfailure', INTERNAL],
  ['serviceunavailable', { kind: 'overloaded', status: 503 }],
  ['unrecognizedclient', CREDENTIALS],
  ['invalidclienttokenid', CREDENTIALS],
  ['missingauthenticationtoken', CREDENTIALS],
  ['expiredtoken', CREDENTIALS],
  ['invalidsignature', CREDENTIALS],
  ['incompletesignature', CREDENTIALS],
  ['signaturedoesnotmatch', CREDENTIALS],
  ['notauthorized', CREDENTIALS],
]);

/** @param header of the answer; AWS names the error there and often nowhere else */
export function decodeError(
  status: number,
  body: JsonValue | undefined,
  header?: (name: string) => string | undefined,
): ProviderError {
  const members = objectOf(body);
  const name = header?.('x-amzn-errortype') ?? stringOf(members['__type']) ?? stringOf(members['code']);
  const said =
    stringOf(members['message']) ??
    stringOf(members['Message']) ??
    stringOf(members['errorMessage']) ??
    stringOf(body);
  return wordFault(name, status, said);
}

/** An exception or an error that came as a message of a stream. */
export function decodeException(name: string | undefined, said: string | undefined): ProviderError {
  return wordFault(name, undefined, said);
}

function wordFault(
  written: string | undefined,
  answered: number | undefined,
  said: string | undefined,
): ProviderError {
  // `com.amazon.coral.service#ThrottlingException:http://internal.amazon.com/…`
  const name = written?.slice(written.lastIndexOf('#') + 1).split(':', 1)[0];
  const fault = FAULTS.get((name ?? '').replace(/Exception$/i, '').toLowerCase());
  const status = answered ?? fault?.status ?? 500;
  const isTooLong = fault?.kind === 'invalid-request' && said !== undefined && TOO_LONG.test(said);
  const kind = isTooLong ? 'context-length' : (fault?.kind ?? kindOfStatus(status));
  return {
    kind,
    status,
    // What is said of a signature shows the key's id.
    message: kind === 'authentication' ? REFUSED_CREDENTIALS : (said ?? `the provider answered ${status}`),
    ...present({ code: name === '' ? undefined : name }),
  };
}

/** As Claude's, Nova's and Llama's models say it. */
const TOO_LONG = /too long|context (window|length|limit)|too many input tokens|maximum (number of )?tokens/i;
