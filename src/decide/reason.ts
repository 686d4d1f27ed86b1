// Why a model was chosen, in one short line for a response header. Called by the request stage and the `route` command.

import { certaintyOf } from './intent-router.ts';
import type { ChainDecision } from './router-chain.ts';

/** Longest value that `headerSafe` returns, in bytes: Envoy bounds the size of all headers together. */
const LONGEST_VALUE = 512;

/**
 * `matched engine=embedded confidence=0.93`, `no-match engine=arch-router`, `cached matched …`,
 * `matched engine=arch-router embedded=0.48` (the embedded router was that sure), `… fallback=arch-router:timeout`,
 * `no-decision failed=arch-router:timeout,embedded:unreachable`, `no-router`. Visible ASCII and single spaces only.
 */
export function explain(decision: ChainDecision): string {
  const failures = decision.failures.map(({ engine, failure }) => `${engine}:${failure}`).join(',');
  if (decision.engine === null) return failures === '' ? 'no-router' : `no-decision failed=${failures}`;
  const words = [decision.route === null ? 'no-match' : 'matched', `engine=${decision.engine}`];
  if (decision.cached) words.unshift('cached');
  const certainty = certaintyOf(decision);
  if (certainty !== undefined) words.push(`confidence=${inHundredths(certainty)}`);
  const doubt = decision.cascade && certaintyOf(decision.cascade.doubted);
  if (doubt !== undefined && decision.engine !== 'embedded') words.push(`embedded=${inHundredths(doubt)}`);
  if (failures !== '') words.push(`fallback=${failures}`);
  return words.join(' ');
}

/** Never rounded up: what is shown as the limit reached it, and only certainty is 1.00. */
function inHundredths(probability: number): string {
  return (Math.floor(probability * 100 + 1e-9) / 100).toFixed(2);
}

/**
 * Any text as a header value: each byte of its UTF-8 that is not visible ASCII, and `%`, is percent-encoded, so that
 * `decodeURIComponent` gives it back. Cut at 512 bytes, never inside a character.
 */
export function headerSafe(value: string): string {
  let safe = '';
  for (const character of value) {
    const encoded = /^[!-$&-~]$/.test(character) ? character : percentEncode(character);
    if (safe.length + encoded.length > LONGEST_VALUE) break;
    safe += encoded;
  }
  return safe;
}

function percentEncode(character: string): string {
  let encoded = '';
  for (const byte of Buffer.from(character)) {
    encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}
