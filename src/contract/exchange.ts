// What passes between the wire (extproc/) and the stages (request/): one HTTP request seen as events, and the reaction
// to each. Neither side knows the other's vocabulary: no protobuf here, no LLM there.

/** The head of a client's request. Header names are lower case; pseudo-headers are fields of their own. */
export interface RequestHead {
  readonly method: string;
  /** Path with query, as the client sent it. */
  readonly path: string;
  /** True where no body follows. */
  readonly endOfStream: boolean;
  header(name: string): string | undefined;
}

export type HeaderPair = readonly [name: string, value: string];

/** Send the request on, changed. Fields left out change nothing; without `body` the client's bytes pass untouched. */
export interface Forward {
  readonly type: 'forward';
  readonly setHeaders: readonly HeaderPair[];
  readonly removeHeaders: readonly string[];
  readonly body?: Uint8Array;
  /** Envoy dynamic metadata in our namespace: read by the route's response headers, local replies and access log. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Answer the client from here; no provider is called. */
export interface Respond {
  readonly type: 'respond';
  readonly status: number;
  readonly headers: readonly HeaderPair[];
  readonly body: string;
  /** Short and without spaces; ends up in Envoy's `%RESPONSE_CODE_DETAILS%`. */
  readonly details: string;
}

/** Only at the head: nothing to say before the body is here. */
export interface AwaitBody {
  readonly type: 'await-body';
}

export type Reaction = Forward | Respond;

/**
 * The request stage as the wire sees it. `onHead` may answer at once; `onBody` gets the whole body. Both may throw or
 * reject with anything: `onFailure` words it. `signal()` gives an AbortSignal that fires when the client or Envoy gave
 * up; it is made on first use, since most requests are answered without waiting.
 */
export interface RequestStage {
  onHead(head: RequestHead): AwaitBody | Reaction;
  onBody(head: RequestHead, body: Buffer, signal: () => AbortSignal): Reaction | Promise<Reaction>;
  onFailure(head: RequestHead, thrown: unknown): Respond;
}
