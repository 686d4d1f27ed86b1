// Why a model was chosen, in one short line for a response header. Called by the request stage and the `route` command.

import { certaintyOf } from './intent-router.ts';
import type { ChainDecision } from './router-chain.ts';

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
