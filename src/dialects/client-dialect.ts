// What a dialect that applications speak exports: how its requests are read, and how answers and errors are worded in it.

import type { ClientDialect } from '../contract/dialect.ts';
import type { GatewayError } from '../contract/gateway-error.ts';
import type { Answer } from '../conversation/answer.ts';
import type { ConversationRequest } from '../conversation/conversation-request.ts';
import type { ProviderError } from '../conversation/provider-error.ts';
import type { StreamEvent } from '../conversation/stream-event.ts';
import type { Turn } from '../conversation/turn.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { AnswerContext } from './answer-context.ts';

export interface ClientDialectModule {
  readonly dialect: ClientDialect;
  /** Checks what every provider of the dialect would refuse; the rest is the provider's to judge. Throws GatewayError. */
  checkRequest(body: JsonObject): void;
  /**
   * The turns an intent router needs of a checked request: user and assistant text, oldest first, ending with the latest
   * user turn that has text, so that the steps of a tool loop ask the same question as its start. At least the newest
   * `maxCharacters` of text where there is that much.
   */
  readTurns(body: JsonObject, maxCharacters: number): Turn[];
  /** A checked request in neutral terms. Throws GatewayError 'invalid-request' that names the field. */
  decodeRequest(body: JsonObject): DecodedRequest;
  /** The body of a 200 answer that was not streamed. */
  encodeAnswer(answer: Answer, context: AnswerContext): JsonObject;
  createStreamEncoder(context: AnswerContext): StreamEncoder;
  /** The vendor's error body, as JSON text, for an error of the gateway's own. */
  encodeError(error: GatewayError): string;
  /** The vendor's error body for a provider's error; its status stays the provider's. */
  encodeProviderError(error: ProviderError): JsonObject;
}

export interface DecodedRequest {
  readonly request: ConversationRequest;
  /** For `AnswerContext.memo`. */
  readonly memo: JsonObject;
}

/** Neutral events to the client's bytes. Holds nothing back: what an event means on the wire is returned at once. */
export interface StreamEncoder {
  readonly contentType: string;
  /** The text to send now; may be empty. */
  push(event: StreamEvent): string;
}
