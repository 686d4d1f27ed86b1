// What every client's dialect exports: how the gateway reads requests in it and words its own errors.

import type { ClientDialect } from '../contract/dialect.ts';
import type { GatewayError } from '../contract/gateway-error.ts';
import type { Turn } from '../conversation/turn.ts';
import type { JsonObject } from '../json/json-value.ts';

export interface DialectModule {
  readonly dialect: ClientDialect;
  /** Checks what every provider of the dialect would refuse; the rest is the provider's to judge. Throws GatewayError. */
  checkRequest(body: JsonObject): void;
  /**
   * The turns an intent router needs of a checked request: user and assistant text, oldest first, ending with the latest
   * user turn that has text, so that the steps of a tool loop ask the same question as its start. At least the newest
   * `maxCharacters` of text where there is that much.
   */
  readTurns(body: JsonObject, maxCharacters: number): Turn[];
  /** The vendor's error body, as JSON text. */
  encodeError(error: GatewayError): string;
}
