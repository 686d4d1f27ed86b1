// A request for an answer, in no vendor's words. Model and streaming are not part of it: the target brings them.
// Numbers are as the client sent them; the encoder of the target's dialect brings them into its vendor's range.

import type { Dialect } from '../contract/dialect.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { CacheControl, Part } from './part.ts';
import type { VendorMembers } from './vendor-members.ts';

export interface ConversationRequest {
  /** In the client's order; instructions included, wherever they stand. */
  readonly messages: readonly Message[];
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  /** False: at most one call per answer. */
  readonly parallelToolCalls?: boolean;
  readonly format?: AnswerFormat;
  readonly reasoning?: ReasoningSettings;
  /** Most tokens of the answer, reasoning included. */
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
  /** How many alternative answers (`n`, `candidateCount`). */
  readonly answers?: number;
  /** Present: log probabilities are wanted, with so many alternatives per token. */
  readonly logprobs?: { readonly top: number };
  /** The end user, as an opaque id. */
  readonly user?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly serviceTier?: ServiceTier;
  /** Groups requests with a common prefix for the vendor's automatic cache (OpenAI `prompt_cache_key`). */
  readonly cacheKey?: string;
  /** Automatic caching of the whole prompt (Anthropic's top-level `cache_control`). */
  readonly cache?: CacheControl;
  readonly vendor?: VendorMembers;
}

/** `tool` messages hold tool results only; all others anything but. */
export interface Message {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  /** The participant's name (Chat's `name`). */
  readonly name?: string;
  readonly parts: readonly Part[];
  readonly vendor?: VendorMembers;
}

export type Tool = FunctionTool | CustomTool | VendorTool;

export interface FunctionTool {
  readonly type: 'function';
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments; absent = none. */
  readonly parameters?: JsonObject;
  readonly strict?: boolean;
  readonly cache?: CacheControl;
  readonly vendor?: VendorMembers;
}

/** Called with text of any kind instead of a JSON object. Models that know functions only are told of one: custom-tools.ts. */
export interface CustomTool {
  readonly type: 'custom';
  readonly name: string;
  readonly description?: string;
  /** What the text must match; absent = any text. */
  readonly grammar?: { readonly syntax: string; readonly definition: string };
  readonly cache?: CacheControl;
  readonly vendor?: VendorMembers;
}

/** A tool that the vendor runs itself (`web_search`, `code_interpreter`, `googleSearch`), as it came. */
export interface VendorTool {
  readonly type: 'vendor';
  readonly dialect: Dialect;
  /** For messages. */
  readonly name: string;
  readonly value: JsonValue;
}

export type ToolChoice =
  | { readonly type: 'auto' }
  | { readonly type: 'none' }
  | { readonly type: 'required' }
  /** One of these must be called; most vendors take one name only. */
  | { readonly type: 'tools'; readonly names: readonly string[] }
  | { readonly type: 'vendor'; readonly dialect: Dialect; readonly value: JsonValue };

export type AnswerFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json' }
  | {
      readonly type: 'json-schema';
      /** Empty where the dialect has none. */
      readonly name: string;
      readonly description?: string;
      readonly schema: JsonObject;
      readonly strict?: boolean;
    };

export interface ReasoningSettings {
  /** `none` switches it off. */
  readonly effort?: ReasoningEffort;
  /** Most tokens to think; wins over `effort` where both are given. */
  readonly budgetTokens?: number;
  /** The model decides how much (Anthropic `adaptive`, Gemini's dynamic budget); false: it thinks only where it would anyway. */
  readonly adaptive?: boolean;
  /** Whether the answer is to show it; absent = the vendor's default. */
  readonly visible?: boolean;
  /** Responses `summary`: `auto`, `concise`, `detailed`. */
  readonly summary?: string;
}

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

export type ServiceTier = 'auto' | 'default' | 'flex' | 'priority' | 'standard-only';
