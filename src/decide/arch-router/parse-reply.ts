// Reads the model's text: which route does it name? Servers without constrained output wrap the answer in code fences
// or prose, quote it like Python, or answer a list; all of these are read. Pure; called by arch-router.ts.

import { RouterError } from '../intent-router.ts';
import { NO_ROUTE } from './prompt.ts';

/** The answer is some 32 tokens; whatever comes after this many UTF-16 units is not looked at. */
const LONGEST_REPLY = 2_048;

const DEEPEST_NESTING = 4;

const FENCE = '```';

/** A `route` key with its colon, in JSON, Python or bare spelling, not the end of a longer name. */
const ROUTE_KEY = /(?<![\w-])(["'`]?)route\1\s*:\s*/gi;

const NO_MATCH_WORDS: ReadonlySet<string> = new Set([NO_ROUTE, 'null', 'none', '']);

/**
 * The name of one of `routeNames`, or null where the model says that none fits.
 * @throws RouterError `unknown-route` for a name that is none of them, `bad-answer` for text without an answer or with
 * several different ones.
 */
export function parseReply(text: string, routeNames: readonly string[]): string | null {
  const reply = text.slice(0, LONGEST_REPLY).trim();
  const whole = parseJson(unfence(reply));
  if (whole !== undefined) return interpret(whole.value, routeNames, DEEPEST_NESTING);
  const values = findRouteValues(reply);
  if (values.length > 0) return agree(values, routeNames);
  return interpretBare(reply, routeNames);
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function unfence(text: string): string {
  if (!text.startsWith(FENCE) || !text.endsWith(FENCE) || text.length < 2 * FENCE.length) return text;
  return text
    .slice(FENCE.length, -FENCE.length)
    .replace(/^(json|jsonc|text|python)\b/i, '')
    .trim();
}

function interpret(value: unknown, routeNames: readonly string[], depth: number): string | null {
  if (value === null) return null;
  if (typeof value === 'string') return resolveName(value, routeNames);
  if (typeof value !== 'object' || depth === 0) throw badAnswer();
  if (Array.isArray(value)) {
    // The newer list form ranks intents; the first is the one that matters.
    return value.length === 0 ? null : interpret(value[0], routeNames, depth - 1);
  }
  if (!Object.hasOwn(value, 'route')) throw badAnswer();
  return interpret((value as { readonly route: unknown }).route, routeNames, depth - 1);
}

/** Gives the policy's own string, never a slice that would keep the reply in memory with the cached answer. */
function resolveName(said: string, routeNames: readonly string[]): string | null {
  const name = said.trim();
  const exact =
    routeNames.find((routeName) => routeName === said) ?? routeNames.find((routeName) => routeName === name);
  if (exact !== undefined) return exact;
  const lower = name.toLowerCase();
  const alike = routeNames.filter((routeName) => routeName.toLowerCase() === lower);
  if (alike.length === 1 && alike[0] !== undefined) return alike[0];
  if (NO_MATCH_WORDS.has(lower)) return null;
  throw new RouterError('unknown-route', 'the model named a route that does not exist');
}

/** Every value that follows a `route` key anywhere in the text; undefined stands for one that cannot be read. */
function findRouteValues(text: string): (string | null | undefined)[] {
  return Array.from(text.matchAll(ROUTE_KEY), (match) => readValue(text, match.index + match[0].length));
}

/** Several objects are fine as long as they say the same. */
function agree(values: readonly (string | null | undefined)[], routeNames: readonly string[]): string | null {
  const [first, ...others] = new Set(values);
  if (first === undefined || others.length > 0) throw badAnswer();
  return interpret(first, routeNames, DEEPEST_NESTING);
}

function readValue(text: string, at: number): string | null | undefined {
  const start = text.slice(at, at + 64).search(/[^\s[]/);
  if (start === -1) return undefined;
  const position = at + start;
  const first = text.charAt(position);
  if (first === ']') return null;
  if (first === '"' || first === "'") return readQuoted(text, position + 1, first);
  const word = /^[\w.-]+/.exec(text.slice(position, position + 256))?.[0];
  return word?.toLowerCase() === 'null' || word === 'None' ? null : word;
}

function readQuoted(text: string, start: number, quote: string): string | undefined {
  let value = '';
  for (let index = start; index < text.length; index++) {
    const unit = text.charAt(index);
    if (unit === quote) return value;
    if (unit === '\\') index++;
    value += text.charAt(index);
  }
  return undefined;
}

/** Some models say only the name, quoted or fenced or not. */
function interpretBare(reply: string, routeNames: readonly string[]): string | null {
  if (reply === '') throw badAnswer();
  try {
    return resolveName(unfence(reply).replace(/^(['"`])(.*)\1$/s, '$2'), routeNames);
  } catch {
    throw badAnswer();
  }
}

function badAnswer(): RouterError {
  return new RouterError('bad-answer', "the model's text holds no route, or more than one");
}
