// Which part of a conversation the router sees: the newest turns within a byte budget. Called by the prompt and by the
// key of the decision cache, so that what the model cannot see does not tell two questions apart either.
// Pure; cost is bounded by the budget, not by the size of the turns.

import type { Turn } from '../../conversation/turn.ts';

/** 2,048 tokens at four bytes each: the estimate that Arch-Router's prompt was run with in production. */
export const CONVERSATION_BUDGET_BYTES: number = 2_048 * 4;

/** Every turn adds about eight tokens of JSON that the byte budget does not see. */
const MOST_TURNS = 64;

const HEAD_SHARE = 0.6;
const ELLIPSIS = '…';
const ELLIPSIS_BYTES = 3;

const encoder = new TextEncoder();

/**
 * The newest turns whose text fits into `budget` bytes of UTF-8, oldest first. A newest turn that alone exceeds the
 * budget loses its middle: about 60 % of what is left is its beginning, 40 % its end, with an ellipsis between.
 */
export function keepTurns(turns: readonly Turn[], budget: number = CONVERSATION_BUDGET_BYTES): Turn[] {
  const newest = turns.at(-1);
  if (newest === undefined) return [];
  const newestBytes = bytesWithin(newest.text, budget);
  if (newestBytes === undefined) return [{ role: newest.role, text: trimMiddle(newest.text, budget) }];
  const kept: Turn[] = [newest];
  let left = budget - newestBytes;
  for (let index = turns.length - 2; index >= 0 && kept.length < MOST_TURNS; index--) {
    const turn = turns[index];
    if (turn === undefined) break;
    const bytes = bytesWithin(turn.text, left);
    if (bytes === undefined) break;
    kept.push(turn);
    left -= bytes;
  }
  return kept.reverse();
}

/** UTF-8 length, or undefined where it exceeds `limit`. A long text is not measured: no UTF-16 unit takes less than a byte. */
function bytesWithin(text: string, limit: number): number | undefined {
  if (text.length > limit) return undefined;
  const bytes = Buffer.byteLength(text);
  return bytes > limit ? undefined : bytes;
}

function trimMiddle(text: string, budget: number): string {
  const room = Math.max(0, budget - ELLIPSIS_BYTES);
  const headRoom = Math.floor(room * HEAD_SHARE);
  return headWithin(text, headRoom) + ELLIPSIS + tailWithin(text, room - headRoom);
}

function headWithin(text: string, limit: number): string {
  // encodeInto stops before a character that does not fit, and says how many UTF-16 units it took.
  const { read } = encoder.encodeInto(text.slice(0, limit), new Uint8Array(limit));
  return text.slice(0, read);
}

function tailWithin(text: string, limit: number): string {
  let start = text.length;
  let left = limit;
  while (start > 0) {
    const unit = text.charCodeAt(start - 1);
    const isPair = isLowSurrogate(unit) && start > 1 && isHighSurrogate(text.charCodeAt(start - 2));
    const bytes = isPair ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
    if (bytes > left) break;
    left -= bytes;
    start -= isPair ? 2 : 1;
  }
  return text.slice(start);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
