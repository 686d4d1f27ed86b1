// What the harness and its load generator and provider processes say to each other (structured clone).

export interface LoadOrder {
  readonly port: number;
  readonly connections: number;
  /** No new request after this time. */
  readonly milliseconds: number;
  /** No new request after this many. */
  readonly mostRequests?: number;
  /** Whole requests, head and body, sent in turn. */
  readonly requests: readonly Uint8Array[];
  /** A run of digits, the same in every request, that is counted up so that no two are equal. */
  readonly counter?: string;
  /** Body length of a right answer; left out where it varies. */
  readonly answerBytes?: number;
}

export interface LoadReport {
  /** Right answers. */
  readonly completed: number;
  /** What went wrong, to how often. */
  readonly failures: Readonly<Record<string, number>>;
  /** From the first request to the last answer. */
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  /** To the first byte of a body. */
  readonly firstP50: number;
}

/** First message of the provider process. */
export interface ProviderReady {
  readonly port: number;
}
