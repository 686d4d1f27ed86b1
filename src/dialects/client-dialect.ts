// What a dialect exports that requests are translated from: how they are read, and how answers and errors are worded in it.

import type { Answer } from '../conversation/answer.ts';
import type { ConversationRequest } from '../conversation/conversation-request.ts';
import type { ProviderError } from '../conversation/provider-error.ts';
import type { StreamEvent } from '../conversation/stream-event.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { AnswerContext } from './answer-context.ts';
import type { DialectModule } from './dialect-module.ts';
import type { Resumption } from './resumption.ts';

export interface ClientDialectModule extends DialectModule {
  /**
   * A checked request in neutral terms. Throws GatewayError 'invalid-request' that names the field.
   * @param query of the request's path, without its `?`
   */
  decodeRequest(body: JsonObject, query?: string): DecodedRequest;
  /**
   * What the dialect calls what goes by Chat's names in warnings and refusals (`max_tokens`, `messages`, `tools`); what is
   * absent has the same name.
   */
  readonly names?: Readonly<Record<string, string>>;
  /** Of these, one at least stands in every body that `fitHistory` would change: others need not be looked through. */
  readonly historyMarks: readonly string[];
  /**
   * The members to change in a request that goes to a model of the same dialect as it came, where another vendor's model has
   * spoken in its history: what that vendor signed is refused by others. Empty for none.
   */
  fitHistory(body: JsonObject, modelId: string): JsonObject;
  /** The body of a 200 answer that was not streamed. */
  encodeAnswer(answer: Answer, context: AnswerContext): JsonObject;
  createStreamEncoder(context: AnswerContext): StreamEncoder;
  /** Only where requests may go on from an earlier answer by its id. */
  readonly resumption?: Resumption;
  /** The vendor's error body for a provider's error; its status stays the provider's. */
  encodeProviderError(error: ProviderError): JsonObject;
}

export interface DecodedRequest {
  readonly request: ConversationRequest;
  /** For `AnswerContext.memo`. */
  readonly memo: JsonObject;
  /** Where each message stands in the body. */
  readonly places: readonly Place[];
}

/** A message's place in a client's body. */
export interface Place {
  /** `contents[2]`, `system` */
  readonly path: string;
  /** Before the number of a part: `.parts`, or empty; absent where parts are not the client's one by one. */
  readonly parts?: string;
}

/** Neutral events to the client's bytes. Holds nothing back: what an event means on the wire is returned at once. */
export interface StreamEncoder {
  readonly contentType: string;
  /** The text to send now; may be empty. */
  push(event: StreamEvent): string;
  /**
   * Of a dialect whose answers may be gone on from, when all but the `end` was pushed: the answer as it is to be kept.
   * Undefined where it failed.
   */
  whole?(): JsonObject | undefined;
  /** The answer could not be kept; what is still to come says so. */
  forget?(): void;
}
