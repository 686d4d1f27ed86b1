import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type IntentRouter, type RouterAnswer, RouterError } from '../../../src/decide/intent-router.ts';
import { RouterChain } from '../../../src/decide/router-chain.ts';
import type { RouterChainOptions } from '../../../src/decide/router-chain-options.ts';
import { ask, scriptedRouter } from './questions.ts';

/** The embedded router's answer, this sure of it. */
function embeddedSays(route: string | null, certainty: number): RouterAnswer {
  const rest = (1 - certainty) / 2;
  const chance = (name: string | null): number => (name === route ? certainty : rest);
  return {
    route,
    scores: ['code_generation', 'complex_reasoning'].map((name) => ({ route: name, score: chance(name) })),
    none: chance(null),
  };
}
const SURE = embeddedSays('code_generation', 0.9);
const UNSURE = embeddedSays('code_generation', 0.5);
const REASONING: RouterAnswer = { route: 'complex_reasoning', scores: [] };

let counts: string[] = [];
let logs: string[] = [];
let now = 0;

beforeEach(() => {
  counts = [];
  logs = [];
  now = 0;
});
afterEach(() => void vi.useRealTimers());

function chainOf(options: Partial<RouterChainOptions>): RouterChain {
  return new RouterChain({
    engine: 'cascade',
    confidence: 0.8,
    timeout: 2_000,
    cacheEntries: 100,
    now: () => now,
    count: (name, labels) =>
      counts.push(`${name.replace(/^pointsman_router_|_total$/g, '')} ${Object.values(labels).join(' ')}`),
    log: (_level, message, { engine, cause }) => logs.push([engine, message, cause].join(' ').trim()),
    ...options,
  });
}

const never = () => new AbortController().signal;
const answers = (engine: IntentRouter['engine'], answer: RouterAnswer) =>
  scriptedRouter(engine, async () => answer);
const fails = (failure: RouterError['failure']) =>
  scriptedRouter('arch-router', () => Promise.reject(new RouterError(failure, 'as told')));
/** What runs in the background is done after it. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('cascade', () => {
  test('where the embedded router is sure, Arch-Router is not asked', async () => {
    const archRouter = answers('arch-router', REASONING);
    const chain = chainOf({ archRouter, embedded: answers('embedded', SURE) });
    const decision = await chain.decide(ask('x'), 2_000, never());
    expect(decision).toMatchObject({ route: 'code_generation', engine: 'embedded', failures: [] });
    expect(decision.cascade).toBeUndefined();
    expect(archRouter.calls).toBe(0);
    expect(counts).toEqual(['decisions embedded matched']);
  });

  test('being sure that nothing fits is being sure', async () => {
    const archRouter = answers('arch-router', REASONING);
    const chain = chainOf({ archRouter, embedded: answers('embedded', embeddedSays(null, 0.85)) });
    expect(await chain.decide(ask('x'), 2_000, never())).toMatchObject({ route: null, engine: 'embedded' });
    expect(archRouter.calls).toBe(0);
  });

  test('the confidence itself is enough', async () => {
    const embedded = answers('embedded', embeddedSays('code_generation', 0.8));
    const archRouter = answers('arch-router', REASONING);
    await chainOf({ archRouter, embedded }).decide(ask('x'), 2_000, never());
    expect(archRouter.calls).toBe(0);
    await chainOf({ archRouter, embedded, confidence: 0.801 }).decide(ask('x'), 2_000, never());
    expect(archRouter.calls).toBe(1);
  });

  test.each([
    ['changed', REASONING],
    ['changed', { route: null, scores: [] }],
    ['agreed', { route: 'code_generation', scores: [] }],
  ] as const)('where it is not sure, Arch-Router decides: %s', async (outcome, answer) => {
    const chain = chainOf({
      archRouter: answers('arch-router', answer),
      embedded: answers('embedded', UNSURE),
    });
    expect(await chain.decide(ask('x'), 2_000, never())).toMatchObject({
      route: answer.route,
      engine: 'arch-router',
      cascade: { doubted: UNSURE, outcome },
      failures: [],
    });
    expect(counts[0]).toBe(`cascades ${outcome}`);
  });

  test('an answer without a probability is not sure', async () => {
    const embedded = answers('embedded', { route: 'code_generation', scores: [] });
    const chain = chainOf({ archRouter: answers('arch-router', REASONING), embedded });
    expect((await chain.decide(ask('x'), 2_000, never())).engine).toBe('arch-router');
  });

  test('where Arch-Router fails, the embedded answer stands', async () => {
    const chain = chainOf({ archRouter: fails('bad-answer'), embedded: answers('embedded', UNSURE) });
    expect(await chain.decide(ask('x'), 2_000, never())).toMatchObject({
      ...UNSURE,
      engine: 'embedded',
      cascade: { outcome: 'failed' },
      failures: [{ engine: 'arch-router', failure: 'bad-answer' }],
    });
    expect(counts).toEqual([
      'fallbacks arch-router embedded bad-answer',
      'cascades failed',
      'decisions embedded matched',
    ]);
  });

  test('where Arch-Router is late, the embedded answer stands at the deadline', async () => {
    vi.useFakeTimers();
    const archRouter = scriptedRouter('arch-router', () => new Promise(() => undefined));
    const chain = chainOf({
      archRouter,
      embedded: answers('embedded', UNSURE),
      now: () => performance.now(),
    });
    const done = vi.fn();
    const decision = chain.decide(ask('x'), 2_000, never()).then(done);
    await vi.advanceTimersByTimeAsync(1_990);
    expect(done).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(11);
    await decision;
    expect(done).toHaveBeenCalledWith(
      expect.objectContaining({
        engine: 'embedded',
        failures: [{ engine: 'arch-router', failure: 'timeout' }],
      }),
    );
  });

  test('where the embedded router fails, Arch-Router decides', async () => {
    const embedded = scriptedRouter('embedded', () => Promise.reject(new RouterError('unreachable', 'died')));
    const chain = chainOf({ archRouter: answers('arch-router', REASONING), embedded });
    const decision = await chain.decide(ask('x'), 2_000, never());
    expect(decision).toMatchObject({
      ...REASONING,
      failures: [{ engine: 'embedded', failure: 'unreachable' }],
    });
    expect(decision.cascade).toBeUndefined();
    expect(counts).toEqual(['fallbacks embedded arch-router unreachable', 'decisions arch-router matched']);
  });

  test('a hanging embedded router leaves Arch-Router half of the deadline', async () => {
    vi.useFakeTimers();
    const embedded = scriptedRouter('embedded', () => new Promise(() => undefined));
    const archRouter = answers('arch-router', REASONING);
    const chain = chainOf({ archRouter, embedded, now: () => performance.now() });
    const decision = chain.decide(ask('x'), 2_000, never());
    await vi.advanceTimersByTimeAsync(1_001);
    expect(await decision).toMatchObject({ engine: 'arch-router' });
  });

  test('both answers are remembered', async () => {
    const archRouter = answers('arch-router', REASONING);
    const embedded = answers('embedded', UNSURE);
    const chain = chainOf({ archRouter, embedded });
    await chain.decide(ask('x'), 2_000, never());
    expect(chain.peek(ask('x'))).toMatchObject({
      ...REASONING,
      engine: 'arch-router',
      cached: true,
      cascade: { doubted: UNSURE, outcome: 'changed' },
    });
    expect([archRouter.calls, embedded.calls]).toEqual([1, 1]);
  });

  test('a remembered answer that was not sure is put to Arch-Router once that can answer', async () => {
    let isUp = false;
    const archRouter = scriptedRouter('arch-router', async () => {
      if (!isUp) throw new RouterError('http-error', 'down');
      return REASONING;
    });
    const chain = chainOf({ archRouter, embedded: answers('embedded', UNSURE) });
    await chain.decide(ask('x'), 2_000, never());
    isUp = true;
    expect(chain.peek(ask('x'))).toBeUndefined();
    expect((await chain.decide(ask('x'), 2_000, never())).engine).toBe('arch-router');
  });
});

describe('a model server that does not keep the deadline', () => {
  test('is probed in the background; no request waits for the probe', async () => {
    let answer: (route: string) => void = () => undefined;
    const archRouter = scriptedRouter(
      'arch-router',
      () => new Promise((resolve) => (answer = (route) => resolve({ route, scores: [] }))),
    );
    const chain = chainOf({ archRouter, embedded: answers('embedded', UNSURE), now: () => now });
    for (let index = 0; index < 3; index++) await chain.decide(ask(`q${index}`), 20, never());
    expect(logs).toEqual(['arch-router router engine does not answer and is left alone for a while timeout']);

    now = 5_000;
    expect(await chain.decide(ask('a'), 20, never())).toMatchObject({
      engine: 'embedded',
      failures: [{ engine: 'arch-router', failure: 'circuit-open' }],
    });
    expect(archRouter.calls).toBe(4);
    // Too late to be of use to a request, so the next probe is ten seconds away.
    now = 7_000;
    answer('complex_reasoning');
    await settled();
    now = 16_999;
    await chain.decide(ask('b'), 20, never());
    expect(archRouter.calls).toBe(4);
    // But the answer is as good as any other.
    expect(chain.peek(ask('a'))).toMatchObject({ engine: 'arch-router', cached: true });

    now = 17_000;
    await chain.decide(ask('c'), 20, never());
    expect(archRouter.calls).toBe(5);
    now = 18_000;
    answer('complex_reasoning');
    await settled();
    expect(logs.slice(1)).toEqual(['arch-router router engine answers']);
    const last = chain.decide(ask('d'), 2_000, never());
    await settled();
    answer('complex_reasoning');
    expect((await last).engine).toBe('arch-router');
  });

  test('a remembered answer sends a probe too', async () => {
    const archRouter = fails('unreachable');
    const chain = chainOf({ archRouter, embedded: answers('embedded', UNSURE) });
    for (let index = 0; index < 3; index++) await chain.decide(ask('x'), 2_000, never());
    now = 5_000;
    expect(chain.peek(ask('x'))).toMatchObject({ engine: 'embedded', cached: true });
    expect(archRouter.calls).toBe(4);
  });

  test('a probe that its question is to blame for says nothing of the engine', async () => {
    let error = new RouterError('http-error', 'down');
    const archRouter = scriptedRouter('arch-router', () => Promise.reject(error));
    const chain = chainOf({ archRouter, embedded: answers('embedded', UNSURE) });
    for (let index = 0; index < 3; index++) await chain.decide(ask(`q${index}`), 2_000, never());
    now = 5_000;
    error = new RouterError('http-error', 'too long', { concernsQuestion: true });
    await chain.decide(ask('a'), 2_000, never());
    await settled();
    await chain.decide(ask('b'), 2_000, never());
    expect(archRouter.calls).toBe(5);
  });
});

describe('auto', () => {
  test('no request waits to find out whether there is a model server', async () => {
    const archRouter = scriptedRouter('arch-router', () => new Promise(() => undefined));
    const chain = chainOf({ engine: 'auto', archRouter, embedded: answers('embedded', UNSURE) });
    const decision = await chain.decide(ask('x'), 2_000, never());
    expect(decision).toMatchObject({ ...UNSURE, engine: 'embedded', failures: [] });
    expect(decision.cascade).toBeUndefined();
    expect(archRouter.calls).toBe(1);
    expect(counts).toEqual(['decisions embedded matched']);
  });

  test('is cascade from the first answer of a model server', async () => {
    const chain = chainOf({
      engine: 'auto',
      archRouter: answers('arch-router', REASONING),
      embedded: answers('embedded', UNSURE),
    });
    chain.lookForEngines(ask('hello'));
    await settled();
    expect(logs).toEqual(['arch-router router engine answers']);
    expect(await chain.decide(ask('x'), 2_000, never())).toMatchObject({ ...REASONING });
  });

  test('stays embedded, silently, where there is none; it is looked for less and less often', async () => {
    const archRouter = fails('unreachable');
    const chain = chainOf({ engine: 'auto', archRouter, embedded: answers('embedded', UNSURE) });
    const calls: number[] = [];
    for (const time of [0, 4_999, 5_000, 14_999, 15_000]) {
      now = time;
      expect((await chain.decide(ask(`q${time}`), 2_000, never())).failures).toEqual([]);
      await settled();
      calls.push(archRouter.calls);
    }
    expect(calls).toEqual([1, 1, 2, 2, 3]);
    expect(logs).toEqual([]);
  });

  test('a model server that was there and is gone is a fallback like any other', async () => {
    let isUp = true;
    const archRouter = scriptedRouter('arch-router', async () => {
      if (!isUp) throw new RouterError('unreachable', 'gone');
      return REASONING;
    });
    const chain = chainOf({ engine: 'auto', archRouter, embedded: answers('embedded', UNSURE) });
    chain.lookForEngines(ask('hello'));
    await settled();
    isUp = false;
    for (let index = 0; index < 3; index++) {
      expect((await chain.decide(ask(`q${index}`), 2_000, never())).failures).toEqual([
        { engine: 'arch-router', failure: 'unreachable' },
      ]);
    }
    expect((await chain.decide(ask('x'), 2_000, never())).failures).toEqual([
      { engine: 'arch-router', failure: 'circuit-open' },
    ]);
  });

  test('asks an unknown model server all the same where nobody else answers', async () => {
    const chain = chainOf({ engine: 'auto', archRouter: answers('arch-router', REASONING) });
    expect(await chain.decide(ask('x'), 2_000, never())).toMatchObject({ ...REASONING });
  });
});
