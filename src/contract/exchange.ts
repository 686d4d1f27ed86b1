// What passes between the wire (extproc/) and the stages (request/, retry/, response/): one HTTP exchange seen as events,
// and the reaction to each. Neither side knows the other's vocabulary: no protobuf here, no LLM there.

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
  /** Envoy dynamic metadata in our namespace: read by the route's response headers, local replies, later stages. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What a later attempt is to be made from; Envoy gives it back to the retry stage. Valid UTF-8. */
  readonly original?: Uint8Array;
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

/** What Envoy kept of the request stage's reaction and gives to the later stages. */
export interface Kept {
  readonly metadata: Readonly<Record<string, string>>;
  readonly original: Buffer | undefined;
  /** The cluster that Envoy chose for the attempt at hand; only told to the retry stage. */
  readonly cluster: string | undefined;
}

/** The head of a provider's answer. */
export interface ResponseHead {
  readonly status: number;
  /** True where no body follows. */
  readonly endOfStream: boolean;
  header(name: string): string | undefined;
}

/** The attempt goes out as it stands here. Its answer is shown to `answers` where that is given. */
export interface Attempt {
  readonly type: 'attempt';
  readonly setHeaders: readonly HeaderPair[];
  readonly removeHeaders: readonly string[];
  readonly body: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
  readonly answers: AnswerReader | undefined;
}

/** Looks at the head of an answer and says what becomes of its body. */
export type AnswerReader = (head: ResponseHead) => AnswerReaction;

export type AnswerReaction =
  /** Nothing changes. */
  | { readonly type: 'pass' }
  /** Wait for the whole body, then replace it. */
  | { readonly type: 'replace'; readonly replace: (body: Buffer) => Later<Replacement> }
  /** Change the head now and every piece of the body as it comes. */
  | {
      readonly type: 'transform';
      readonly setHeaders: readonly HeaderPair[];
      readonly removeHeaders: readonly string[];
      readonly transform: BodyTransform;
    };

/** Gives what to send for this piece, perhaps nothing. `isLast` comes once, perhaps with an empty piece. Throws never. */
export type BodyTransform = (piece: Buffer, isLast: boolean) => Later<Uint8Array>;

/** Mostly at once; where something has to be waited for, the pieces after it wait too. Rejects never. */
export type Later<T> = T | Promise<T>;

export interface Replacement {
  /** `:status` among them where it changes. */
  readonly setHeaders: readonly HeaderPair[];
  readonly removeHeaders: readonly string[];
  readonly body: Uint8Array;
}

/** The retry stage as the wire sees it: every attempt after the first. May throw anything: `onFailure` words it. */
export interface RetryStage {
  /** @param head as the attempt before left it */
  onAttempt(head: RequestHead, kept: Kept): Attempt | Promise<Attempt>;
  onFailure(kept: Kept, thrown: unknown): Respond;
}

/** The response stage as the wire sees it: first attempts whose answer has to be read. Throws never. */
export interface ResponseStage {
  reader(kept: Kept): AnswerReader;
}

/**
 * The request stage as the wire sees it. `onHead` may answer at once; `onBody` gets the whole body. Both may throw or
 * reject with anything: `onFailure` words it. `signal()` gives an AbortSignal that fires when the client or Envoy gave
 * up; it is made on first use, since most requests are answered without waiting.
 */
export interface RequestStage {
  onHead(head: RequestHead): AwaitBody | Reaction | Promise<Reaction>;
  onBody(head: RequestHead, body: Buffer, signal: () => AbortSignal): Reaction | Promise<Reaction>;
  onFailure(head: RequestHead, thrown: unknown): Respond;
}

export interface Stages {
  readonly request: RequestStage;
  readonly retry: RetryStage;
  readonly response: ResponseStage;
}
