import { describe, expect, test } from 'vitest';
import { explain } from '../../../src/decide/reason.ts';
import type { ChainDecision } from '../../../src/decide/router-chain.ts';

const decided = (part: Partial<ChainDecision>): ChainDecision => ({
  route: null,
  engine: null,
  cached: false,
  scores: [],
  failures: [],
  milliseconds: 1,
  ...part,
});
const scores = [
  { route: 'a', score: 0.123 },
  { route: 'b', score: 0.567 },
];

describe('explain', () => {
  test.each<[string, ChainDecision]>([
    ['matched engine=embedded', decided({ route: 'b', engine: 'embedded', scores })],
    [
      'matched engine=embedded confidence=0.56',
      decided({ route: 'b', engine: 'embedded', scores, none: 0.31 }),
    ],
    ['no-match engine=embedded confidence=0.79', decided({ engine: 'embedded', scores, none: 0.7999 })],
    [
      'matched engine=arch-router embedded=0.12',
      decided({
        route: 'b',
        engine: 'arch-router',
        cascade: { doubted: { route: 'a', scores, none: 0.31 }, outcome: 'changed' },
      }),
    ],
    [
      'matched engine=embedded confidence=0.12 fallback=arch-router:timeout',
      decided({
        route: 'a',
        engine: 'embedded',
        scores,
        none: 0.31,
        cascade: { doubted: { route: 'a', scores, none: 0.31 }, outcome: 'failed' },
        failures: [{ engine: 'arch-router', failure: 'timeout' }],
      }),
    ],
    ['matched engine=arch-router', decided({ route: 'b', engine: 'arch-router' })],
    ['no-match engine=arch-router', decided({ engine: 'arch-router' })],
    ['cached matched engine=arch-router', decided({ route: 'b', engine: 'arch-router', cached: true })],
    ['cached no-match engine=arch-router', decided({ engine: 'arch-router', cached: true })],
    [
      'matched engine=embedded fallback=arch-router:timeout',
      decided({
        route: 'a',
        engine: 'embedded',
        scores,
        failures: [{ engine: 'arch-router', failure: 'timeout' }],
      }),
    ],
    [
      'no-decision failed=arch-router:circuit-open,embedded:unreachable',
      decided({
        failures: [
          { engine: 'arch-router', failure: 'circuit-open' },
          { engine: 'embedded', failure: 'unreachable' },
        ],
      }),
    ],
    ['no-router', decided({})],
  ])('%s', (reason, decision) => {
    expect(explain(decision)).toBe(reason);
  });
});
