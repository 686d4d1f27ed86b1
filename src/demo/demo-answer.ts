// What the demo provider says, before it is worded in a dialect. Made by demo-provider.ts, worded by the *-answer files.

export interface DemoAnswer {
  /** Unique, letters and digits; each dialect puts its own prefix before it. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** As the request named it. */
  readonly model: string;
  /** The text in the pieces in which it is streamed. */
  readonly pieces: readonly string[];
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** One server-sent event; `name` where the dialect names its events. */
export interface DemoEvent {
  readonly name?: string;
  readonly data: unknown;
}

/** How one dialect words an answer. */
export interface DemoWording {
  body(answer: DemoAnswer): unknown;
  /** `request` is the parsed request body, since some events are sent on request only. */
  events(answer: DemoAnswer, request: Readonly<Record<string, unknown>>): readonly DemoEvent[];
  /** The request's fields that must be there besides `model`. */
  readonly required: string;
  /** The error body for a client's mistake: HTTP 400, or 404 for a path unknown to the vendor. */
  error(status: 400 | 404, message: string): unknown;
}

/** Which model is stood in for, and what the operator sets to reach the real one. Never anything from the prompt. */
export function demoText(target: string, variable: string | undefined): string {
  const remedy = variable === undefined ? "the provider's API key" : variable;
  return `[demo provider] This is where ${target} would answer; set ${remedy} to get the real one.`;
}

/** Words with the space before them, so that joining them gives the text back. */
export const splitIntoPieces = (text: string): string[] => text.match(/\s*\S+/g) ?? [];

/** A plausible number of tokens for all the text in a JSON value: about four for three words. */
export function estimateTokens(value: unknown): number {
  return Math.max(1, Math.ceil((countWords(value) * 4) / 3));
}

function countWords(root: unknown): number {
  let words = 0;
  // A list of what is left to look at, not recursion: the request decides how deep this goes.
  const left: unknown[] = [root];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string') words += value.match(/\S+/g)?.length ?? 0;
    else if (typeof value === 'object' && value !== null)
      for (const inner of Object.values(value)) left.push(inner);
  }
  return words;
}
