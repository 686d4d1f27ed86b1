// What an answer's translation needs to know of its request. Made when the request is translated, travels in Envoy's
// metadata as JSON, and comes back with the answer, perhaps to another worker.

import type { JsonObject } from '../json/json-value.ts';

export interface AnswerContext {
  /** 24 hexadecimal digits, new for every exchange: where ids are needed that the provider does not give. */
  readonly seed: string;
  /** Unix time of the request in seconds. */
  readonly created: number;
  /** The model id that the provider was asked for. */
  readonly model: string;
  /** True where the client asked for a stream. */
  readonly stream: boolean;
  /** The key under which the answer is kept to be gone on from; absent = it is not kept. See store/. */
  readonly keepAs?: string;
  /** What the client's dialect wants to remember of the request: its own module writes and reads it, nobody else. */
  readonly memo: JsonObject;
}
