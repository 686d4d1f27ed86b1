// What the request stage tells of a request so that it can be traced: a vocabulary of our own, implemented by
// otlp-tracing.ts. Nothing here may hold credentials, headers or text of a prompt.

/** The caller's span, from its `traceparent`. */
export interface ParentSpan {
  /** 32 hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 hexadecimal digits, not all zero. */
  readonly spanId: string;
  /** Bit 0: sampled. Bit 1: the trace id is random. */
  readonly flags: number;
}

export interface TracedRequest {
  readonly method: string;
  /** Without the query, which may hold a key. */
  readonly path: string;
  readonly parent: ParentSpan | undefined;
}

/** What is known of a request when it ends; parts that it never came to are absent. */
export interface RequestFacts {
  /** As the client named it. */
  readonly requestedModel?: string | undefined;
  /** null where no route matched. */
  readonly route?: string | null;
  readonly reason?: string;
  /** `provider/model` that was chosen. */
  readonly model?: string | undefined;
  /** Our own name of the provider that is called. */
  readonly provider?: string;
  /** The router that answered; null where none did. */
  readonly engine?: string | null;
  /** How likely the decision is right by that router's own account. */
  readonly confidence?: number | undefined;
  /** What came of asking a second router because the first was not sure; absent where none was asked. */
  readonly cascade?: string | undefined;
  readonly decisionMilliseconds?: number;
  /** Routers that gave no answer, in the order in which they were asked. */
  readonly fallbacks?: readonly RouterFallback[];
  /** What could not be said to the model in its provider's dialect. */
  readonly warnings?: readonly { readonly param: string; readonly message: string }[];
  /** Of an answer of the gateway's own; absent where the request goes on to a provider. */
  readonly status?: number;
}

export interface TracedAttempt {
  /** The request's own span. */
  readonly parent: ParentSpan;
  readonly provider: string;
  readonly reason: string;
  /** Unix time in milliseconds. */
  readonly startedAt: number;
  readonly milliseconds: number;
}

/** An attempt after the first, as it goes out. */
export interface LaterAttempt {
  /** From 2. */
  readonly number: number;
  /** `provider/model` that is asked. */
  readonly model: string;
  readonly provider: string;
  /** What could not be said to it. */
  readonly warnings: readonly { readonly param: string; readonly message: string }[];
}

export interface RouterFallback {
  readonly engine: string;
  readonly failure: string;
}

export interface RequestSpan {
  /** The header to send on, naming this span as the parent. */
  readonly traceparent: string;
  /** To be called once. */
  end(facts: RequestFacts): void;
}

export interface RequestTracer {
  /** Undefined for a request that is not sampled. Throws never. */
  begin(request: TracedRequest): RequestSpan | undefined;
  /** An attempt that failed becomes a span of its own below the request's, which has ended by then. */
  recordAttempt(attempt: TracedAttempt): void;
  /** So does an attempt after the first, at the moment at which it goes out. */
  recordLaterAttempt(attempt: LaterAttempt & { readonly parent: ParentSpan }): void;
}
