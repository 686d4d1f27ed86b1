import { describe, expect, test } from 'vitest';
import type { ChainDecision } from '../../../src/decide/router-chain.ts';
import { calibrationError, levelsOf } from '../../../src/evaluate/calibration-summary.ts';
import { type DecidedTask, describeResults, isRight } from '../../../src/evaluate/report.ts';

const ROUTES = ['code', 'travel'].map((name) => ({ name, description: name, examples: [] }));

function embedded(route: string | null, certainty: number): ChainDecision {
  const chance = (name: string | null): number => (name === route ? certainty : (1 - certainty) / 2);
  return {
    route,
    engine: 'embedded',
    cached: false,
    scores: ROUTES.map(({ name }) => ({ route: name, score: chance(name) })),
    none: chance(null),
    failures: [],
    milliseconds: 2,
  };
}
const task = (text: string, expected: string | null, decision: ChainDecision): DecidedTask => ({
  task: { routes: ROUTES, turns: [{ role: 'user', text }], expected },
  decision,
});

const RESULTS: readonly DecidedTask[] = [
  task('a parser', 'code', embedded('code', 0.9)),
  task('a trip', 'travel', embedded('code', 0.7)),
  task('another trip', 'travel', embedded('code', 0.95)),
  task('hello\n  there', null, embedded(null, 0.6)),
  task('what is up', null, {
    route: 'travel',
    engine: 'arch-router',
    cached: false,
    scores: [],
    cascade: { doubted: embedded(null, 0.5), outcome: 'changed' },
    failures: [],
    milliseconds: 40,
  }),
  task('a bug', 'code', {
    route: null,
    engine: null,
    cached: false,
    scores: [],
    failures: [{ engine: 'embedded', failure: 'timeout' }],
    milliseconds: 9,
  }),
];

describe('isRight', () => {
  test('nobody who gave no answer is right, also where nothing fits', () => {
    const [, , , , , silent] = RESULTS;
    if (silent === undefined) throw new Error('no such task');
    expect(isRight({ ...silent, task: { ...silent.task, expected: null } })).toBe(false);
  });
});

test('the report says what is right, what is confused, what is worst, and what certainty is worth', () => {
  expect(describeResults(RESULTS, 0.85)).toMatchInlineSnapshot(`
    "Per cent right ± standard error (tasks)
      overall   33.3 ±19.2 (6)
      in scope  25.0 ±21.7 (4)
      none      50.0 ±35.4 (2)
    Milliseconds  p50 2.0, p95 9.0

    Engines
      embedded  50.0 ±25.0 (4)
      arch-router  0.0 ±0.0 (1)
      no answer  0.0 ±0.0 (1)
      without an answer: embedded:timeout (1)
      cascades: 1, of which 1 changed the route, 0 for the better and 1 for the worse

    Routes
      code    1 of 2 found; 1 of 3 answers right
      none    1 of 2 found; 1 of 1 answers right
      travel  0 of 2 found; 0 of 1 answers right

    Most frequent confusions
      2  travel taken for code, such as: a trip
      1  none taken for travel, such as: what is up

    Worst cases, the surest first
      0.95  code instead of travel: another trip
      0.70  code instead of travel: a trip
         ?  travel instead of none: what is up
         ?  no answer instead of code: a bug

    Confidence of the embedded router
      at least 0.50 sure  100 % of the tasks, 60.0 % of them right
      at least 0.60 sure   80 % of the tasks, 50.0 % of them right
      at least 0.70 sure   60 % of the tasks, 33.3 % of them right
      at least 0.80 sure   40 % of the tasks, 50.0 % of them right
      at least 0.85 sure   40 % of the tasks, 50.0 % of them right   routing.confidence
      at least 0.90 sure   40 % of the tasks, 50.0 % of them right
      at least 0.95 sure   20 % of the tasks, 0.0 % of them right
      expected calibration error 0.490
    "
  `);
});

describe('levelsOf', () => {
  test('counts what is at least that sure', () => {
    const decisions = [
      { certainty: 0.5, isRight: false },
      { certainty: 0.8, isRight: true },
      { certainty: 0.9, isRight: true },
    ];
    expect(levelsOf(decisions, [0.5, 0.8, 0.95])).toEqual([
      { confidence: 0.5, count: 3, right: 2 },
      { confidence: 0.8, count: 2, right: 2 },
      { confidence: 0.95, count: 0, right: 0 },
    ]);
  });
});

describe('calibrationError', () => {
  const many = (count: number, certainty: number, right: number) =>
    Array.from({ length: count }, (_, index) => ({ certainty, isRight: index < right }));

  test('is nothing where what is 80 % sure is right in 8 of 10', () => {
    expect(calibrationError(many(10, 0.8, 8))).toBeCloseTo(0);
    expect(calibrationError([])).toBe(0);
  });

  test('is the distance otherwise, weighted by the size of the bin', () => {
    expect(calibrationError(many(10, 1, 5))).toBeCloseTo(0.5);
    expect(calibrationError([...many(10, 1, 5), ...many(30, 0.8, 24)])).toBeCloseTo(0.125);
  });
});
