// What each vendor's folder exports: how its requests are judged and read, and how replies and failures are worded in it.

import type { Reply, Scene } from './reply.ts';
import type { WireBody } from './wire-schemas.ts';

export type VendorDialect =
  | 'openai-chat'
  | 'openai-responses'
  | 'anthropic-messages'
  | 'gemini'
  | 'bedrock-converse';

export interface Vendor {
  readonly dialect: VendorDialect;
  readonly schemas: { readonly request: WireBody; readonly answer: WireBody; readonly event: WireBody };
  /** A model id that the vendor has. */
  readonly model: string;
  /** One of a later generation, with rules of its own. */
  readonly laterModel: string;
  /** Headers that may carry the key, one of them, and what stands before it. */
  readonly credentials: Readonly<Record<string, string>>;
  /** The path that asks for this model, with query; `base` is what stands before the operation. */
  path(model: string, stream: boolean): string;
  /** What the vendor refuses although its types admit it; only asked where the types do. */
  findBreaches(body: object, model?: string): string[];
  readScene(body: object, path: string): Scene;
  /** A whole answer. */
  wordReply(reply: Reply, scene: Scene): object;
  /** A streamed answer, one entry per event as sent. */
  streamReply(reply: Reply, scene: Scene): readonly VendorEvent[];
  wordFailure(failure: Failure): {
    readonly status: number;
    readonly body: object;
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** The event with which the vendor ends a stream that it cannot finish; undefined where it has none. */
  streamFailure(failure: Failure): VendorEvent | undefined;
  readonly streamType: string;
}

export interface VendorEvent {
  /** What is sent. */
  readonly bytes: Buffer;
  /** What the vendor's types describe; undefined for what they do not (`[DONE]`). */
  readonly value?: object;
}

export type Failure = 'invalid' | 'authentication' | 'rate-limited' | 'internal' | 'overloaded';

/** The vendor's words in every failure; a test looks for them at the client. */
export const FAILURE_TEXT: Readonly<Record<Failure, string>> = {
  invalid: 'Invalid value: the first message is not welcome here.',
  authentication: 'Incorrect API key provided.',
  'rate-limited': 'Rate limit reached for requests per minute.',
  internal: 'The server had an error while processing your request.',
  overloaded: 'The model is overloaded, try again later.',
};

/** One server-sent event; `name` where the vendor names its events. */
export function sseEvent(value: object, name?: string): VendorEvent {
  const head = name === undefined ? '' : `event: ${name}\n`;
  return { bytes: Buffer.from(`${head}data: ${JSON.stringify(value)}\n\n`), value };
}
