// Scores on plain two-dimensional vectors, where every cosine is known.

import { describe, expect, it } from 'vitest';
import { scoreRoutes } from '../../../../src/decide/embedded/route-score.ts';

/** A unit vector whose cosine to the query [1, 0] is `cosine`. */
const at = (cosine: number): Float32Array => Float32Array.of(cosine, Math.sqrt(1 - cosine * cosine));
const QUERY = at(1);
const route = (description: number, ...examples: number[]) => ({
  description: at(description),
  examples: examples.map(at),
});
const scores = (...routes: ReturnType<typeof route>[]): number[] => scoreRoutes(QUERY, routes);

describe('scoreRoutes', () => {
  it('gives no scores without routes', () => {
    expect(scores()).toEqual([]);
  });

  it('adds three tenths of the lead over the best other route', () => {
    const [first, second, third] = scores(route(0.3), route(0.2), route(0.1));
    expect(first).toBeCloseTo(0.3 + 0.03, 5);
    expect(second).toBeCloseTo(0.2 - 0.03, 5);
    expect(third).toBeCloseTo(0.1 - 0.06, 5);
  });

  it('measures the lead of a route without rivals, or with repellent ones, from zero', () => {
    expect(scores(route(0.3))[0]).toBeCloseTo(0.39, 5);
    expect(scores(route(0.3), route(-0.5))[0]).toBeCloseTo(0.39, 5);
  });

  it('lets the nearest example lift its route', () => {
    const [plain] = scores(route(0.2));
    const [lifted] = scores(route(0.2, 0.1, 0.6));
    expect(lifted).toBeGreaterThan((plain ?? 0) + 0.1);
  });

  it('holds no distant example against a route', () => {
    expect(scores(route(0.2, -0.4, 0.1))).toEqual(scores(route(0.2)));
  });
});
