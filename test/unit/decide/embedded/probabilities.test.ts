// From logits to probabilities, with constants that can be computed by hand.

import { describe, expect, it } from 'vitest';
import { probabilitiesOf } from '../../../../src/decide/embedded/probabilities.ts';
import { calibrationOf } from './calibration-of.ts';

const PLAIN = calibrationOf({}).none;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('probabilitiesOf', () => {
  it('adds up to one', () => {
    const { routes, none } = probabilitiesOf([1, -2, 40], -3, calibrationOf({}));
    expect(sum(routes) + none).toBeCloseTo(1, 12);
  });

  it('is undecided where none is level with the best route', () => {
    const { routes, none } = probabilitiesOf([2], 2, calibrationOf({}));
    expect(none).toBeCloseTo(0.5, 12);
    expect(routes[0]).toBeCloseTo(0.5, 12);
  });

  it('divides what is left by the exponentials of the logits', () => {
    const { routes, none } = probabilitiesOf([Math.log(3), 0], -50, calibrationOf({}));
    expect(none).toBeCloseTo(0, 9);
    expect(routes[0]).toBeCloseTo(0.75, 9);
  });

  it('makes less of a difference where the calibration is blunter', () => {
    const { routes } = probabilitiesOf([2 * Math.log(3), 0], -50, calibrationOf({ sharpness: 0.5 }));
    expect(routes[0]).toBeCloseTo(0.75, 9);
  });

  it('weighs the lead over the second, as far as it counts', () => {
    const calibration = calibrationOf({ none: { ...PLAIN, ahead: 0, lead: -1, longestLead: 3 } });
    const noneAt = (...logits: number[]): number => probabilitiesOf(logits, 0, calibration).none;
    expect(noneAt(5, 4)).toBeCloseTo(1 / (1 + Math.E), 9);
    expect(noneAt(5, 2)).toBe(noneAt(5, -40));
    expect(noneAt(5)).toBe(noneAt(5, 5));
  });

  it('weighs how many routes there are', () => {
    const calibration = calibrationOf({ none: { ...PLAIN, ahead: 0, logRoutes: -1 } });
    expect(probabilitiesOf([1, 1, 1, 1], 0, calibration).none).toBeCloseTo(1 / 5, 9);
  });

  it('stays finite at the extremes', () => {
    const { routes, none } = probabilitiesOf([-1e6, 1e6], -1e6, calibrationOf({}));
    expect([...routes, none]).toEqual([0, 1, 0]);
  });
});
