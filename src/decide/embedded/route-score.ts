// From vectors to comparable scores: how well a query fits each route of a policy. Pure; called by embedded-router.ts.
// The constants were chosen on labelled sets (model/README.md); all scores of a policy share one threshold.

import type { VectorsOfRoute } from './route-vectors.ts';

/** Two utterances of one intent are closer to each other than an utterance to its description, by about this much. */
const EXAMPLE_HEADROOM = 0.15;
/** One example stands for less than the description does. */
const EXAMPLE_WEIGHT = 0.5;
/** A winner that stands out is right at a lower cosine than one among equals. */
const LEAD_WEIGHT = 0.3;

/**
 * One score per route, in their order: the similarity, plus a share of its lead over the best other route. Higher is
 * better; the scores may leave [-1, 1], and rank the routes as the similarities do.
 */
export function scoreRoutes(query: Float32Array, routes: readonly VectorsOfRoute[]): number[] {
  const similarities = routes.map((route) => similarity(query, route));
  let best = -1;
  let rival = 0;
  similarities.forEach((own, index) => {
    if (best < 0 || own > (similarities[best] ?? 0)) {
      rival = Math.max(rival, similarities[best] ?? 0);
      best = index;
    } else {
      rival = Math.max(rival, own);
    }
  });
  const top = Math.max(0, similarities[best] ?? 0);
  return similarities.map((own, index) => own + LEAD_WEIGHT * (own - (index === best ? rival : top)));
}

/** The description's cosine. The nearest example lifts it; examples that are far away say nothing against a route. */
function similarity(query: Float32Array, route: VectorsOfRoute): number {
  const description = dot(query, route.description);
  const nearest = route.examples.reduce((best, example) => Math.max(best, dot(query, example)), -1);
  return description + EXAMPLE_WEIGHT * Math.max(0, nearest - EXAMPLE_HEADROOM - description);
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += (left[index] ?? 0) * (right[index] ?? 0);
  return sum;
}
