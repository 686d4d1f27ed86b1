// What a dialect exports whose requests may go on from an earlier answer by its id, where the vendor would keep the answer.
// The gateway keeps the answers that it translated; how they and requests are put together is the dialect's knowledge.

import type { JsonObject } from '../json/json-value.ts';
import type { Member } from '../json/scan-object.ts';

/** A request as it came. */
export interface RequestBytes {
  readonly bytes: Buffer;
  /** Where each top-level member lies in `bytes`. */
  readonly members: readonly Member[];
  readonly value: JsonObject;
}

/** JSON text: what an earlier request asked, and what it was answered. */
export interface EarlierAnswer {
  readonly input: Buffer;
  readonly answer: Buffer;
}

export interface Resumption {
  /** The id of the answer that the request goes on from, if it names one. */
  previousOf(body: JsonObject): string | undefined;
  /** Whether the id has the form of ours. Another vendor's may have it too. */
  isOurs(id: string): boolean;
  /** The id that the answer of an exchange gets. */
  idOf(seed: string): string;
  /** Whether the caller lets the answer be kept. */
  mayKeep(body: JsonObject): boolean;
  /** What is asked, as a JSON array of items: all of it, where the request was resumed. */
  inputOf(request: RequestBytes): Buffer;
  /** The same request with all that came before it in its input. It still names the answer that it goes on from. */
  resume(request: RequestBytes, earlier: EarlierAnswer): Buffer;
  /** The ids, in the form of ours, of the answers whose items the request names instead of sending them. */
  referredBy(request: RequestBytes): string[];
  /** The same request with those items that the answers hold. */
  restore(request: RequestBytes, answers: ReadonlyMap<string, EarlierAnswer>): Buffer;
  /** A resumed request for a provider of this very dialect, to whom the earlier answer's id says nothing. */
  detach(request: RequestBytes): Buffer;
  /** Whether an answer can be gone on from. */
  isWhole(answer: JsonObject): boolean;
  /** The body that lists what was asked. @param newestFirst the vendor's order unless the caller wants another */
  listInput(id: string, input: Buffer, newestFirst: boolean): JsonObject;
  /** The body that says that an answer was deleted. */
  wordDeleted(id: string): JsonObject;
}
