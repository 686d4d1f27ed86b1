// Why a model was chosen, in one short line for a response header. Called by the request stage and the `route` command.

import type { ChainDecision } from './router-chain.ts';

/** Longest value that `headerSafe` returns, in bytes: Envoy bounds the size of all headers together. */
const LONGEST_VALUE = 512;

/**
 * `matched engine=embedded score=0.57`, `no-match engine=arch-router`, `cached matched …`,
 * `… fallback=arch-router:timeout`, `no-decision failed=arch-router:timeout,embedded:unreachable`, `no-router`.
 * Visible ASCII and single spaces only.
 */
export function explain(decision: ChainDecision): string {
  const failures = decision.failures.map(({ engine, failure }) => `${engine}:${failure}`).join(',');
  if (decision.engine === null) return failures === '' ? 'no-router' : `no-decision failed=${failures}`;
  const words = [decision.route === null ? 'no-match' : 'matched', `engine=${decision.engine}`];
  if (decision.cached) words.unshift('cached');
  const score = decidingScore(decision);
  if (score !== undefined) words.push(`score=${score.toFixed(2)}`);
  if (failures !== '') words.push(`fallback=${failures}`);
  return words.join(' ');
}

/** That of the route; the best one where none was good enough. */
function decidingScore({ route, scores }: ChainDecision): number | undefined {
  if (route !== null) return scores.find((score) => score.route === route)?.score;
  return scores.reduce<number | undefined>(
    (best, { score }) => (best === undefined || score > best ? score : best),
    undefined,
  );
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
