// Turns a query or a route into the token ids that the intent encoder was trained on. Called by encoder.ts; knows
// the model's input form, but neither ONNX nor routes. Long texts are cut before they are tokenised, so that a pasted
// megabyte costs no more than a paragraph.

/** The part of a tokenizer that is needed: WordPiece ids of a text, without special tokens. */
export type Tokenize = (text: string) => readonly number[];

export interface EncoderInput {
  /** The latest user turn, or a route's text. */
  readonly text: string;
  /** What was said just before, as one text; empty where there is nothing. */
  readonly context: string;
}

export interface TokenSequence {
  readonly ids: readonly number[];
  /** Segment of each id: 0 = text, 1 = context. */
  readonly segments: readonly number[];
}

const CLS = 101;
const SEP = 102;

/** A longer text keeps its beginning and its end: what is asked stands before or after a paste. */
const HEAD_TOKENS = 56;
const TAIL_TOKENS = 32;
const CONTEXT_TOKENS = 48;
/** Text and context together: a token takes about 0.1 ms of one core, and a decision should take less than 10. */
const TOTAL_TOKENS = 88;
/** Fewer tokens of context than this say nothing. */
const MINIMUM_CONTEXT_TOKENS = 8;

/** Characters that hold the wanted tokens of nearly any text; a sparser one (indentation) is read on. */
const CHARACTERS_PER_TOKEN = 16;
const LONGEST_SLICE = 32_768;

/** `[CLS] text [SEP]`, then `context [SEP]` as the second segment where there is one. */
export function tokenSequence(input: EncoderInput, tokenize: Tokenize): TokenSequence {
  const text = cutMiddle(input.text, tokenize);
  const room = Math.min(CONTEXT_TOKENS, TOTAL_TOKENS - text.length);
  const context = room < MINIMUM_CONTEXT_TOKENS ? [] : lastTokens(input.context, room, tokenize);
  const first = [CLS, ...text, SEP];
  if (context.length === 0) return { ids: first, segments: first.map(() => 0) };
  const second = [...context, SEP];
  return { ids: [...first, ...second], segments: [...first.map(() => 0), ...second.map(() => 1)] };
}

function cutMiddle(text: string, tokenize: Tokenize): readonly number[] {
  if (text.length <= (HEAD_TOKENS + TAIL_TOKENS) * CHARACTERS_PER_TOKEN) {
    const ids = tokenize(text);
    if (ids.length <= HEAD_TOKENS + TAIL_TOKENS) return ids;
    return [...ids.slice(0, HEAD_TOKENS), ...ids.slice(-TAIL_TOKENS)];
  }
  return [...firstTokens(text, HEAD_TOKENS, tokenize), ...lastTokens(text, TAIL_TOKENS, tokenize)];
}

function firstTokens(text: string, count: number, tokenize: Tokenize): readonly number[] {
  return growingSlice(text, count, tokenize, (length) => text.slice(0, length)).slice(0, count);
}

function lastTokens(text: string, count: number, tokenize: Tokenize): readonly number[] {
  return growingSlice(text, count, tokenize, (length) => text.slice(-length)).slice(-count);
}

function growingSlice(
  text: string,
  count: number,
  tokenize: Tokenize,
  slice: (length: number) => string,
): readonly number[] {
  let length = count * CHARACTERS_PER_TOKEN;
  let ids = tokenize(slice(length));
  while (ids.length < count && length < text.length && length < LONGEST_SLICE) {
    length *= 4;
    ids = tokenize(slice(length));
  }
  return ids;
}
