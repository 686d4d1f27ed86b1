// From vectors to comparable scores: how well a query fits each route of a policy. Pure; called by embedded-router.ts.
// The constants were chosen on labelled sets (model/README.md); all scores of a policy share one threshold.

import type { VectorsOfRoute } from './route-vectors.ts';

/** Two utterances of one intent are closer to each other than an utterance to its description, by about this much. */
const EXAMPLE_HEADROOM = 0.15;
/** One example stands for less than the description does. */
const EXAMPLE_WEIGHT = 0.5;
/** A winner that stands out is right at a lower cosine than one among equals. */
const MARGIN_WEIGHT = 0.2;
/** Puts the best threshold of the sum where that of the bare cosine was, at 0.23. */
const OFFSET = 0.02;

/** One score per route, in their order; the order of the scores is that of the similarities. */
export function scoreRoutes(query: Float32Array, routes: readonly VectorsOfRoute[]): number[] {
  const similarities = routes.map((route) => similarity(query, route));
  return similarities.map((own, index) => {
    const rival = similarities.reduce((best, other, at) => (at === index ? best : Math.max(best, other)), 0);
    return own + MARGIN_WEIGHT * (own - rival) + OFFSET;
  });
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
