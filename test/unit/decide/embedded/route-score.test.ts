// Logits on plain two-dimensional vectors, where every cosine is known.

import { describe, expect, it } from 'vitest';
import { noneLogit, routeLogits } from '../../../../src/decide/embedded/route-score.ts';
import { calibrationOf } from './calibration-of.ts';

/** A unit vector whose cosine to the query [1, 0] is `cosine`. */
const at = (cosine: number): Float32Array => Float32Array.of(cosine, Math.sqrt(1 - cosine * cosine));
const QUERY = at(1);
const route = (description: number, ...examples: number[]) => ({
  description: at(description),
  examples: examples.map(at),
});
const logits = (...routes: ReturnType<typeof route>[]): number[] =>
  routeLogits(QUERY, routes, calibrationOf({ scale: 10 }));

describe('routeLogits', () => {
  it('gives none without routes', () => {
    expect(logits()).toEqual([]);
  });

  it('scales the cosine', () => {
    expect(logits(route(0.3), route(-0.2)).map((logit) => logit.toFixed(4))).toEqual(['3.0000', '-2.0000']);
  });

  it('adds the level that the route sets', () => {
    const calibration = calibrationOf({ scale: 10, routeLevel: { weights: [2, 0], bias: 1 } });
    expect(routeLogits(QUERY, [route(0.5)], calibration)[0]).toBeCloseTo(5 + 1 + 1, 5);
  });

  it('lets the nearest example lift its route', () => {
    const [plain = 0] = logits(route(0.2));
    const [lifted] = logits(route(0.2, 0.1, 0.6));
    expect(lifted).toBeGreaterThan(plain + 1);
  });

  it('holds no distant example against a route', () => {
    expect(logits(route(0.2, -0.4, 0.1))).toEqual(logits(route(0.2)));
  });
});

describe('noneLogit', () => {
  it('is what the query sets', () => {
    const calibration = calibrationOf({ noneLevel: { weights: [3, 4], bias: 0.5 } });
    expect(noneLogit(at(1), calibration)).toBeCloseTo(3.5, 5);
    expect(noneLogit(at(0), calibration)).toBeCloseTo(4.5, 5);
  });
});
