// A provider's error, in no vendor's words: every dialect reads its own into this and words this as its own.

export type ProviderErrorKind =
  | 'invalid-request'
  | 'authentication'
  | 'permission'
  | 'not-found'
  | 'payload-too-large'
  /** The prompt is longer than the model takes. */
  | 'context-length'
  | 'content-policy'
  | 'rate-limited'
  | 'quota'
  | 'overloaded'
  | 'timeout'
  /** The stream ended before the answer did. */
  | 'cut'
  | 'internal';

export interface ProviderError {
  readonly kind: ProviderErrorKind;
  /** HTTP status of the provider's answer; what it would have been, for an error inside a stream. */
  readonly status: number;
  /** The provider's own words. */
  readonly message: string;
  /** The provider's own code or type, where the client's dialect has room for it: `insufficient_quota`. */
  readonly code?: string;
  /** The field that is at fault, where the provider names one. */
  readonly param?: string;
  /** Seconds to wait, where the body says it and not the header. */
  readonly retryAfter?: number;
}

/** In place of a vendor's words about a wrong key, which may show a part of it. */
export const REFUSED_CREDENTIALS = "the provider refused the gateway's credentials";

/** What a status says where the body says nothing. */
export function kindOfStatus(status: number): ProviderErrorKind {
  switch (status) {
    case 401:
      return 'authentication';
    case 402:
      return 'quota';
    case 403:
      return 'permission';
    case 404:
      return 'not-found';
    case 408:
    case 504:
      return 'timeout';
    case 413:
      return 'payload-too-large';
    case 429:
      return 'rate-limited';
    case 503:
    case 529:
      return 'overloaded';
    default:
      return status >= 500 ? 'internal' : 'invalid-request';
  }
}

/** What an error inside a stream, which has no status of its own, would have been answered with. */
export const STATUS_OF_KIND: Readonly<Record<ProviderErrorKind, number>> = {
  'invalid-request': 400,
  authentication: 401,
  permission: 403,
  'not-found': 404,
  'payload-too-large': 413,
  'context-length': 400,
  'content-policy': 400,
  'rate-limited': 429,
  quota: 429,
  overloaded: 503,
  timeout: 504,
  cut: 502,
  internal: 500,
};

/** For a stream that ended without its dialect's end. */
export const CUT_STREAM: ProviderError = {
  kind: 'cut',
  status: 502,
  message: 'the provider ended the stream before the answer was complete',
};
