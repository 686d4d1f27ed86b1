// The one error family of the request path. Each kind has one HTTP status; each dialect words it in its own body
// (dialects/*/errors.ts). Whatever is not a GatewayError reaches the client as "internal error", its cause only the log.

export type ErrorKind =
  | 'invalid-request'
  | 'model-not-found'
  | 'not-found'
  /** The id of an answer, asked for itself. */
  | 'answer-not-found'
  /** The id of an answer that a request goes on from. */
  | 'previous-answer-not-found'
  | 'method-not-allowed'
  | 'unsupported-media-type'
  | 'payload-too-large'
  | 'dialect-not-supported'
  /** Something that this request needs does not answer. */
  | 'unavailable'
  | 'internal';

const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  'invalid-request': 400,
  'model-not-found': 400,
  'not-found': 404,
  'answer-not-found': 404,
  'previous-answer-not-found': 400,
  'method-not-allowed': 405,
  'unsupported-media-type': 415,
  'payload-too-large': 413,
  'dialect-not-supported': 501,
  unavailable: 503,
  internal: 500,
};

/** An error whose message may be shown to the caller. `param` names the offending field, as a path: `messages[2].role`. */
export class GatewayError extends Error {
  readonly kind: ErrorKind;
  readonly param: string | undefined;

  constructor(kind: ErrorKind, message: string, param?: string) {
    super(message);
    this.name = 'GatewayError';
    this.kind = kind;
    this.param = param;
  }

  get status(): number {
    return STATUS_OF_KIND[this.kind];
  }

  /** Narrows anything thrown; what is not ours becomes an `internal` error that keeps its cause for the log. */
  static from(thrown: unknown): GatewayError {
    if (thrown instanceof GatewayError) return thrown;
    const error = new GatewayError('internal', 'internal error');
    error.cause = thrown;
    return error;
  }
}
