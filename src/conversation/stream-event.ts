// An answer as it arrives. Decoders make these from a provider's bytes, encoders turn each into the client's bytes at once.
//
// Order: `start`, then parts, `finish` for every choice, `usage` where known (the latest counts; also before the end),
// last `end`, always exactly one. Part numbers count from 0 in the order of their starts, over all choices. Parts may
// overlap (parallel tool calls with interleaved deltas); each `part-start` has one `part-end` before its choice's `finish`.
// After `error` only `end` follows: open parts are then left open.

import type { FinishReason, TokenLogprob, Usage } from './answer.ts';
import type { Citation } from './part.ts';
import type { ProviderError } from './provider-error.ts';
import type { Signature } from './signature.ts';
import type { VendorMembers } from './vendor-members.ts';

export type StreamEvent =
  | {
      readonly type: 'start';
      readonly id?: string;
      readonly model?: string;
      /** Unix time in seconds. */
      readonly created?: number;
      readonly serviceTier?: string;
      readonly vendor?: VendorMembers;
    }
  | {
      readonly type: 'part-start';
      readonly choice: number;
      readonly part: number;
      readonly content: PartStart;
    }
  | { readonly type: 'text-delta'; readonly choice: number; readonly part: number; readonly text: string }
  | {
      readonly type: 'reasoning-delta';
      readonly choice: number;
      readonly part: number;
      readonly text: string;
    }
  /** The whole signature of a reasoning part or a tool call, once, before its end. */
  | {
      readonly type: 'signature';
      readonly choice: number;
      readonly part: number;
      readonly signature: Signature;
    }
  | { readonly type: 'refusal-delta'; readonly choice: number; readonly part: number; readonly text: string }
  /** A piece of the JSON text of the arguments; pieces joined are one object, or nothing for a call without any. */
  | {
      readonly type: 'arguments-delta';
      readonly choice: number;
      readonly part: number;
      readonly json: string;
    }
  | { readonly type: 'citation'; readonly choice: number; readonly part: number; readonly citation: Citation }
  | { readonly type: 'part-end'; readonly choice: number; readonly part: number }
  | { readonly type: 'logprobs'; readonly choice: number; readonly logprobs: readonly TokenLogprob[] }
  | {
      readonly type: 'finish';
      readonly choice: number;
      readonly reason: FinishReason;
      readonly stopSequence?: string;
    }
  | { readonly type: 'usage'; readonly usage: Usage }
  /** The provider says that it failed, or its stream was cut. */
  | { readonly type: 'error'; readonly error: ProviderError }
  | { readonly type: 'end' };

export type PartStart =
  | { readonly type: 'text' }
  | { readonly type: 'reasoning'; readonly id?: string; readonly redacted?: boolean }
  | { readonly type: 'tool-call'; readonly id: string; readonly name: string }
  | { readonly type: 'refusal' };
