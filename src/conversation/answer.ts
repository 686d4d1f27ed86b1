// A whole answer, in no vendor's words.

import type { Part } from './part.ts';
import type { VendorMembers } from './vendor-members.ts';

export interface Answer {
  /** The provider's id; absent where the dialect has none. */
  readonly id?: string;
  /** The model that the provider names; absent where it names none. */
  readonly model?: string;
  /** Unix time in seconds. */
  readonly created?: number;
  /** In the order of their index; at least one unless the provider refused the prompt. */
  readonly choices: readonly Choice[];
  readonly usage?: Usage;
  readonly serviceTier?: string;
  readonly vendor?: VendorMembers;
}

export interface Choice {
  readonly parts: readonly Part[];
  readonly finishReason: FinishReason;
  /** The stop sequence that ended it, where the vendor tells. */
  readonly stopSequence?: string;
  readonly logprobs?: readonly TokenLogprob[];
  readonly vendor?: VendorMembers;
}

export type FinishReason =
  | 'stop'
  | 'stop-sequence'
  | 'length'
  | 'tool-calls'
  /** The provider's filter cut or withheld it. */
  | 'content-filter'
  /** The model declined. */
  | 'refusal'
  /** The provider wants the turn sent again to go on (Anthropic `pause_turn`). */
  | 'pause'
  /** The prompt and the answer are longer than the model's window. */
  | 'context-length'
  /** The model produced something its provider could not use (Gemini MALFORMED_FUNCTION_CALL). */
  | 'error';

export interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly bytes?: readonly number[];
  readonly top: readonly {
    readonly token: string;
    readonly logprob: number;
    readonly bytes?: readonly number[];
  }[];
}

/** Tokens. Cached and cache-written ones are part of `input`, reasoning is part of `output`, as OpenAI counts. */
export interface Usage {
  readonly input: number;
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
  readonly output: number;
  readonly reasoning?: number;
  /** What the vendor adds: server tools, tiers, audio. */
  readonly vendor?: VendorMembers;
}
