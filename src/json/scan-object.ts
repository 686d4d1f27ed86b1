// Finds the members of a JSON object in its bytes, so that single values can be changed while every other byte stays
// as it was: unknown and duplicate keys, their order, white space, numbers beyond 2^53. One pass, strings skipped natively.
// It trusts the grammar (JSON.parse checks that) but bounds what JSON.parse may be handed: depth and count of values.

/** A top-level member; offsets into the scanned bytes. `start` is the key's opening quote, `end` is past the value. */
export interface Member {
  readonly key: string;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** Why the bytes cannot be taken; `reason` is fit for the caller's eyes. */
export class JsonScanError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'JsonScanError';
  }
}

const MAX_DEPTH = 512;
/** Parsing a million small values costs some 100 MB; a chat request has a few thousand. */
const MAX_VALUES = 1_000_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * @throws JsonScanError where the bytes are not an object, too deep, too many values, or visibly cut. Other breaches
 * of the grammar go unseen.
 */
export function scanObject(bytes: Buffer): Member[] {
  const members: Member[] = [];
  let at = skipSpace(bytes, 0);
  if (bytes[at] !== OPEN_BRACE) throw new JsonScanError('the body must be a JSON object');
  let depth = 0;
  let values = 0;
  let key: string | undefined;
  let keyStart = 0;
  let valueStart = 0;
  const closeMember = (end: number): void => {
    if (key === undefined) return;
    members.push({ key, start: keyStart, valueStart, end: trimEnd(bytes, end) });
    key = undefined;
  };
  for (; at < bytes.length; at += 1) {
    switch (bytes[at]) {
      case QUOTE: {
        const end = endOfString(bytes, at);
        if (depth === 1 && key === undefined) {
          key = readKey(bytes, at, end);
          keyStart = at;
          at = skipSpace(bytes, end);
          if (bytes[at] !== COLON) throw new JsonScanError('the body is not valid JSON');
          valueStart = skipSpace(bytes, at + 1);
          at = valueStart - 1;
        } else {
          at = end - 1;
        }
        break;
      }
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth += 1;
        values += 1;
        if (depth > MAX_DEPTH) throw new JsonScanError(`the body is nested deeper than ${MAX_DEPTH} levels`);
        if (values > MAX_VALUES) throw tooMany();
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth -= 1;
        if (depth === 0) {
          closeMember(at);
          if (skipSpace(bytes, at + 1) < bytes.length) throw new JsonScanError('the body is not valid JSON');
          return members;
        }
        break;
      case COMMA:
        values += 1;
        if (values > MAX_VALUES) throw tooMany();
        if (depth === 1) closeMember(at);
        break;
      default:
    }
  }
  throw new JsonScanError('the body is not valid JSON: it ends too early');
}

function tooMany(): JsonScanError {
  return new JsonScanError(`the body holds more than ${MAX_VALUES} values`);
}

/** Past the closing quote. A quote is escaped where an odd number of backslashes precedes it. */
function endOfString(bytes: Buffer, start: number): number {
  for (let at = start + 1; ; at += 1) {
    at = bytes.indexOf(QUOTE, at);
    if (at < 0) throw new JsonScanError('the body is not valid JSON: a string does not end');
    let backslashes = 0;
    while (bytes[at - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
}

/** The key between the quotes, escapes resolved: `"mod\u0065l"` names the same member as `"model"`. */
function readKey(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end);
  if (!text.includes('\\')) return text.slice(1, -1);
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new JsonScanError('the body is not valid JSON: a key is malformed');
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at += 1;
  return at;
}

function trimEnd(bytes: Buffer, end: number): number {
  let at = end;
  while (isSpace(bytes[at - 1])) at -= 1;
  return at;
}
