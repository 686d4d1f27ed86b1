// From vectors to logits: how well a query fits each route of a policy, and how willing it is to fit none. Pure; called by
// embedded-router.ts; probabilities.ts makes probabilities of them.

import type { Calibration } from './calibration.ts';
import type { VectorsOfRoute } from './route-vectors.ts';

/** One example stands for less than the description does. Chosen on the routes held out for that (model/README.md). */
const EXAMPLE_WEIGHT = 0.6;

/** One logit per route, in their order. */
export function routeLogits(
  query: Float32Array,
  routes: readonly VectorsOfRoute[],
  { scale, routeLevel }: Calibration,
): number[] {
  return routes.map(
    (route) =>
      scale * similarity(query, route) + dot(route.description, routeLevel.weights) + routeLevel.bias,
  );
}

/** The logit of "nothing fits", on the scale of the routes'. */
export function noneLogit(query: Float32Array, { noneLevel }: Calibration): number {
  return dot(query, noneLevel.weights) + noneLevel.bias;
}

/** The description's cosine. The nearest example lifts it; examples that are far away say nothing against a route. */
function similarity(query: Float32Array, route: VectorsOfRoute): number {
  const description = dot(query, route.description);
  const nearest = route.examples.reduce((best, example) => Math.max(best, dot(query, example)), -1);
  return description + EXAMPLE_WEIGHT * Math.max(0, nearest - description);
}

function dot(left: Float32Array, right: Float32Array | readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += (left[index] ?? 0) * (right[index] ?? 0);
  return sum;
}
