// Whatever the engines do, in whatever order: a question is answered, by an engine that said so, and the cascade asks
// Arch-Router for what the embedded router is not sure of and for nothing else.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  certaintyOf,
  type IntentRouter,
  type RouterAnswer,
  RouterError,
} from '../../src/decide/intent-router.ts';
import { type ChainDecision, RouterChain } from '../../src/decide/router-chain.ts';
import { ask, scriptedRouter } from '../unit/decide/questions.ts';

type Behaviour = RouterAnswer | RouterError | 'throws';

const CONFIDENCE = 0.8;

const routeName = fc.constantFrom('code_generation', 'complex_reasoning', null);
const embeddedAnswer = fc
  .record({ route: routeName, certainty: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(
    ({ route, certainty }): RouterAnswer => ({
      route,
      scores: [
        { route: 'code_generation', score: route === 'code_generation' ? certainty : 0 },
        { route: 'complex_reasoning', score: route === 'complex_reasoning' ? certainty : 0 },
      ],
      none: route === null ? certainty : 0,
    }),
  );
const failure: fc.Arbitrary<Behaviour> = fc.constantFrom<Behaviour>(
  'throws',
  new RouterError('unreachable', 'down'),
  new RouterError('http-error', 'too long', { concernsQuestion: true }),
);
const step = fc.record({
  text: fc.constantFrom('a', 'b', 'c', 'd'),
  later: fc.nat({ max: 20_000 }),
  embedded: fc.oneof({ weight: 3, arbitrary: embeddedAnswer as fc.Arbitrary<Behaviour> }, failure),
  archRouter: fc.oneof(
    { weight: 2, arbitrary: routeName.map((route): Behaviour => ({ route, scores: [] })) },
    failure,
  ),
});

const behaving = (engine: IntentRouter['engine'], current: () => Behaviour) =>
  scriptedRouter(engine, async () => {
    const behaviour = current();
    if (behaviour === 'throws') throw new TypeError('broken');
    if (behaviour instanceof RouterError) throw behaviour;
    return behaviour;
  });

test('every question is answered as the engines answered', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('auto', 'cascade', 'arch-router', 'embedded'),
      fc.array(step, { maxLength: 25 }),
      async (engine, steps) => {
        let now = 0;
        let at = steps[0];
        const behaviourOf = (name: 'embedded' | 'archRouter') => () => at?.[name] ?? 'throws';
        const archRouter = behaving('arch-router', behaviourOf('archRouter'));
        const chain = new RouterChain({
          engine,
          archRouter,
          embedded: behaving('embedded', behaviourOf('embedded')),
          confidence: CONFIDENCE,
          timeout: 1_000,
          cacheEntries: 3,
          now: () => now,
          count: () => undefined,
          log: () => undefined,
        });
        for (at of steps) {
          now += at.later;
          const before = archRouter.calls;
          const decision = await chain.decide(ask(at.text), 1_000, new AbortController().signal);
          expectConsistent(decision);
          if (engine === 'embedded') expect(archRouter.calls).toBe(0);
          const isCascading = engine === 'cascade' || engine === 'auto';
          const isSure = decision.engine === 'embedded' && (certaintyOf(decision) ?? 0) >= CONFIDENCE;
          if (isCascading && isSure) expect(archRouter.calls).toBe(before);
          // Background probes end before the next question.
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
    ),
    { numRuns: 200 },
  );
});

function expectConsistent({ route, engine, cascade, failures }: ChainDecision): void {
  if (engine === null) expect([route, failures.length > 0, cascade]).toEqual([null, true, undefined]);
  if (engine === 'arch-router' && cascade !== undefined) {
    expect(certaintyOf(cascade.doubted) ?? 0).toBeLessThan(CONFIDENCE);
    expect(cascade.outcome).toBe(cascade.doubted.route === route ? 'agreed' : 'changed');
  }
  if (engine === 'embedded' && cascade !== undefined) {
    expect(cascade.outcome).toBe('failed');
    expect(failures.at(-1)?.engine).toBe('arch-router');
  }
}
