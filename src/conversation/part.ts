// The pieces that messages and answers are made of. Neutral: no vendor's names, every vendor's content.

import type { Dialect } from '../contract/dialect.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { Signature } from './signature.ts';
import type { VendorMembers } from './vendor-members.ts';

/** What every part may have. */
interface PartBase {
  /** A prompt-cache breakpoint after this part; `ttl` as Anthropic writes it. */
  readonly cache?: CacheControl;
  readonly vendor?: VendorMembers;
}

export interface CacheControl {
  readonly ttl?: '5m' | '1h';
}

export interface TextPart extends PartBase {
  readonly type: 'text';
  readonly text: string;
  readonly citations?: readonly Citation[];
}

/** A source that the model names for a stretch of its text. Offsets are UTF-16 units into the part's text. */
export interface Citation {
  readonly url?: string;
  readonly title?: string;
  readonly citedText?: string;
  readonly start?: number;
  readonly end?: number;
  readonly vendor?: VendorMembers;
}

/** Where the bytes of an image or a file are. */
export type MediaSource =
  | { readonly type: 'url'; readonly url: string }
  | { readonly type: 'base64'; readonly mediaType: string; readonly data: string }
  | { readonly type: 'text'; readonly mediaType: string; readonly text: string }
  /** Uploaded to that vendor before; nobody else can read it. */
  | { readonly type: 'file-id'; readonly dialect: Dialect; readonly id: string };

export interface ImagePart extends PartBase {
  readonly type: 'image';
  readonly source: MediaSource;
  readonly detail?: 'auto' | 'low' | 'high';
}

/** A document: PDF, plain text and what else the vendors take. */
export interface FilePart extends PartBase {
  readonly type: 'file';
  readonly source: MediaSource;
  readonly name?: string;
  /** Anthropic's `context`: what the document is about. */
  readonly context?: string;
  /** Asked for citations from it. */
  readonly citations?: boolean;
}

export interface AudioPart extends PartBase {
  readonly type: 'audio';
  /** Base64. */
  readonly data: string;
  /** `audio/wav`, `audio/mpeg`, … */
  readonly mediaType: string;
}

/** What the model thought before it answered. */
export interface ReasoningPart extends PartBase {
  readonly type: 'reasoning';
  /** Empty where the vendor shows nothing of it. */
  readonly text: string;
  readonly signature?: Signature;
  /** The vendor encrypted it: only the signature counts (Anthropic `redacted_thinking`). */
  readonly redacted?: boolean;
  /** The vendor's item id, where it has one (Responses `rs_…`). */
  readonly id?: string;
}

export interface ToolCallPart extends PartBase {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  /** JSON text of an object, as it came: never re-serialised, so that numbers and order survive; `{}` for none. */
  readonly arguments: string;
  /** A custom tool's: the arguments are `{"input": text}`. For requests; of answers, the request's tools tell. */
  readonly custom?: true;
  /** Gemini signs calls. */
  readonly signature?: Signature;
}

export interface ToolResultPart extends PartBase {
  readonly type: 'tool-result';
  readonly toolCallId: string;
  /** Known where the dialect says it (Gemini); else found by the call's id. */
  readonly toolName?: string;
  readonly content: readonly (TextPart | ImagePart | FilePart)[];
  readonly isError: boolean;
}

/** The model declines, in words of its own. */
export interface RefusalPart extends PartBase {
  readonly type: 'refusal';
  readonly text: string;
}

/** A content block that only its own vendor knows (server tools, search results, …), as it came. */
export interface VendorPart {
  readonly type: 'vendor';
  readonly dialect: Dialect;
  /** The block's own type name, for messages: `server_tool_use`. */
  readonly name: string;
  readonly value: JsonValue;
}

export type Part =
  | TextPart
  | ImagePart
  | FilePart
  | AudioPart
  | ReasoningPart
  | ToolCallPart
  | ToolResultPart
  | RefusalPart
  | VendorPart;
