// What Envoy tells of an attempt that got no answer, or a bad one: told once, when it is over, whether or not another follows.

export interface FailedAttempt {
  /** The provider's cluster, by its own name. */
  readonly provider: string;
  readonly reason: FailureReason;
  /** Unix time in milliseconds. */
  readonly startedAt: number;
  readonly milliseconds: number;
  /** The request's header of that name; undefined where no traces are made. */
  readonly traceparent: string | undefined;
}

/** A status; or how it ended: `cut` is an answer that broke off, `open-circuit` a provider that was passed over. */
export type FailureReason =
  | `${number}`
  | 'connect-failure'
  | 'reset'
  | 'timeout'
  | 'overflow'
  | 'cut'
  | 'open-circuit';
