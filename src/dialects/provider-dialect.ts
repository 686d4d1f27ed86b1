// What a dialect exports that requests are translated to: how requests are worded in it, and how its answers and errors are read.

import type { Dialect } from '../contract/dialect.ts';
import type { Answer } from '../conversation/answer.ts';
import type { ConversationRequest } from '../conversation/conversation-request.ts';
import type { ProviderError } from '../conversation/provider-error.ts';
import type { StreamEvent } from '../conversation/stream-event.ts';
import type { Warning } from '../conversation/warning.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { AnswerContext } from './answer-context.ts';

export interface ProviderDialectModule {
  readonly dialect: Dialect;
  /** Of the path that a streamed answer is asked for at, where it needs one. */
  readonly streamQuery?: string;
  /** Of its streams, where they are no server-sent events. */
  readonly streamType?: string;
  /**
   * The body for the target, model and stream members included where the dialect has them in the body.
   * Throws GatewayError 'invalid-request' for what must not be lost and cannot be said: it names the client's field.
   */
  encodeRequest(request: ConversationRequest, target: EncodingTarget): EncodedRequest;
  /** A 200 answer that was not streamed. Throws where the body is no answer of this dialect. */
  decodeAnswer(body: JsonObject, context: AnswerContext): Answer;
  createStreamDecoder(context: AnswerContext): StreamDecoder;
  /**
   * @param body the JSON of an error answer, or its text where it is no JSON; undefined for an empty one
   * @param header of that answer, where a vendor says it there; names are lower case
   */
  decodeError(
    status: number,
    body: JsonValue | undefined,
    header?: (name: string) => string | undefined,
  ): ProviderError;
}

export interface EncodingTarget {
  /** The provider's own model id. */
  readonly modelId: string;
  readonly stream: boolean;
  /** False: the provider refuses to be asked for the usage of a stream. */
  readonly asksForUsage: boolean;
  /** False: the provider refuses instructions in mid-conversation that the model would take; absent = true. */
  readonly takesSystemTurns?: boolean;
}

export interface EncodedRequest {
  readonly body: JsonObject;
  /** What the target could not be told. */
  readonly warnings: readonly Warning[];
}

/**
 * The provider's bytes to neutral events, as soon as they are complete. Any chunking of the same bytes gives the same
 * events. An event that is malformed becomes an `error` and the `end`.
 */
export interface StreamDecoder {
  push(bytes: Uint8Array): StreamEvent[];
  /** The provider's stream is over: what is still to say; `error` CUT_STREAM and `end` where its end was missing. */
  finish(): StreamEvent[];
}
