// How likely each route of a policy is meant, and how likely none of them. Pure; called by embedded-router.ts. All numbers
// are the calibration's; model/calibrate.py computes the same.

import type { Calibration } from './calibration.ts';

/** They add up to 1. */
export interface Probabilities {
  /** In the order of the routes. */
  readonly routes: readonly number[];
  readonly none: number;
}

/** Logits of routes as route-score.ts gives them, and the query's level of none. There is at least one route. */
export function probabilitiesOf(
  routes: readonly number[],
  noneLevel: number,
  { none: weights, sharpness }: Calibration,
): Probabilities {
  // A route without a rival leads nobody: taken for a lead, it would match whatever is asked.
  const [best = 0, second = best] = [...routes].sort((left, right) => right - left);
  const logOdds =
    weights.ahead * (noneLevel - best) +
    weights.lead * Math.min(best - second, weights.longestLead) +
    weights.logRoutes * Math.log(routes.length) +
    weights.bias;
  const none = 1 / (1 + Math.exp(-logOdds));
  const shares = routes.map((logit) => Math.exp(sharpness * (logit - best)));
  const sum = shares.reduce((total, share) => total + share, 0);
  return { routes: shares.map((share) => ((1 - none) * share) / sum), none };
}
