import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ArchRouter } from '../../../src/decide/arch-router/arch-router.ts';
import { type IntentRouter, type RouterAnswer, RouterError } from '../../../src/decide/intent-router.ts';
import { RouterChain } from '../../../src/decide/router-chain.ts';
import type { RouterChainOptions } from '../../../src/decide/router-chain-options.ts';
import {
  type Answer,
  refusedUrl,
  sendJson,
  sendOllamaText,
  startFakeModelServer,
} from './fake-model-server.ts';
import { ask, scriptedRouter } from './questions.ts';

const MATCH: RouterAnswer = { route: 'code_generation', scores: [] };
const SCORED: RouterAnswer = {
  route: 'complex_reasoning',
  scores: [
    { route: 'code_generation', score: 0.2 },
    { route: 'complex_reasoning', score: 0.6 },
  ],
};

let counts: string[] = [];
let logs: string[] = [];
const closers: (() => unknown)[] = [];

beforeEach(() => {
  counts = [];
  logs = [];
});

afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers.splice(0)) await close();
});

function chainOf(options: Partial<RouterChainOptions>): RouterChain {
  return new RouterChain({
    engine: 'arch-router',
    confidence: 0.8,
    timeout: 1_000,
    cacheEntries: 100,
    now: () => performance.now(),
    count: (name, labels) =>
      counts.push(`${name.replace(/^pointsman_router_|_total$/g, '')} ${Object.values(labels).join(' ')}`),
    log: (level, message, fields) => logs.push(`${level} ${message} ${JSON.stringify(fields)}`),
    ...options,
  });
}

const never = () => new AbortController().signal;
const answers = (engine: IntentRouter['engine'], answer: RouterAnswer) =>
  scriptedRouter(engine, async () => answer);
const fails = (engine: IntentRouter['engine'], failure: RouterError['failure']) =>
  scriptedRouter(engine, () => Promise.reject(new RouterError(failure, 'as told')));
/** An engine that ignores its signal. */
const hangs = (engine: IntentRouter['engine']) => scriptedRouter(engine, () => new Promise(() => undefined));

async function archAt(answer: Answer): Promise<ArchRouter> {
  const server = await startFakeModelServer(answer);
  const router = new ArchRouter({ baseUrl: server.url, model: 'm' });
  closers.push(
    () => router.close(),
    () => server.close(),
  );
  return router;
}

describe('which engine answers', () => {
  test('arch-router asks Arch-Router and leaves the embedded router alone', async () => {
    const embedded = answers('embedded', SCORED);
    const chain = chainOf({ archRouter: answers('arch-router', MATCH), embedded });
    expect(await chain.decide(ask('x'), 1_000, never())).toEqual({
      route: 'code_generation',
      engine: 'arch-router',
      cached: false,
      scores: [],
      failures: [],
      milliseconds: expect.any(Number),
    });
    expect(embedded.calls).toBe(0);
    expect(counts).toEqual(['decisions arch-router matched']);
  });

  test('"none fits" is an answer, not a failure', async () => {
    const embedded = answers('embedded', SCORED);
    const chain = chainOf({ archRouter: answers('arch-router', { route: null, scores: [] }), embedded });
    expect(await chain.decide(ask('x'), 1_000, never())).toMatchObject({
      route: null,
      engine: 'arch-router',
      failures: [],
    });
    expect(embedded.calls).toBe(0);
    expect(counts).toEqual(['decisions arch-router none']);
  });

  test('arch-router falls back to the embedded router', async () => {
    const chain = chainOf({
      archRouter: fails('arch-router', 'http-error'),
      embedded: answers('embedded', SCORED),
    });
    expect(await chain.decide(ask('x'), 1_000, never())).toMatchObject({
      ...SCORED,
      engine: 'embedded',
      cached: false,
      failures: [{ engine: 'arch-router', failure: 'http-error' }],
    });
    expect(counts).toEqual(['fallbacks arch-router embedded http-error', 'decisions embedded matched']);
  });

  test('without Arch-Router the embedded router answers', async () => {
    const chain = chainOf({ embedded: answers('embedded', SCORED) });
    expect(await chain.decide(ask('x'), 1_000, never())).toMatchObject({ engine: 'embedded', failures: [] });
  });

  test('embedded never asks Arch-Router', async () => {
    const archRouter = answers('arch-router', MATCH);
    const chain = chainOf({ engine: 'embedded', archRouter, embedded: answers('embedded', SCORED) });
    expect((await chain.decide(ask('x'), 1_000, never())).engine).toBe('embedded');
    expect(archRouter.calls).toBe(0);
  });

  test('none answers at once', async () => {
    const chain = chainOf({ engine: 'none', archRouter: answers('arch-router', MATCH) });
    const nobody = { route: null, engine: null, cached: false, scores: [], failures: [] };
    expect(chain.peek(ask('x'))).toMatchObject(nobody);
    expect(await chain.decide(ask('x'), 1_000, never())).toMatchObject(nobody);
  });

  test('without routes nobody is asked', async () => {
    const archRouter = answers('arch-router', MATCH);
    const chain = chainOf({ archRouter });
    expect(chain.peek({ ...ask('x'), routes: [] })).toMatchObject({ route: null, engine: null });
    expect(archRouter.calls).toBe(0);
  });

  test('when all fail, the reasons are kept', async () => {
    const chain = chainOf({
      archRouter: fails('arch-router', 'bad-answer'),
      embedded: fails('embedded', 'unreachable'),
    });
    expect(await chain.decide(ask('x'), 1_000, never())).toMatchObject({
      route: null,
      engine: null,
      failures: [
        { engine: 'arch-router', failure: 'bad-answer' },
        { engine: 'embedded', failure: 'unreachable' },
      ],
    });
    expect(counts).toEqual([
      'fallbacks arch-router embedded bad-answer',
      'fallbacks embedded default unreachable',
      'decisions none failed',
    ]);
  });

  test.each<[string, IntentRouter['decide'], string]>([
    [
      'throws',
      () => {
        throw new TypeError('boom');
      },
      'bad-answer',
    ],
    ['rejects with anything', () => Promise.reject('boom'), 'bad-answer'],
    ['names an unknown route', async () => ({ route: 'cooking', scores: [] }), 'unknown-route'],
  ])('an engine that %s has failed', async (_name, decide, failure) => {
    const chain = chainOf({
      archRouter: scriptedRouter('arch-router', decide),
      embedded: answers('embedded', SCORED),
    });
    expect(await chain.decide(ask('x'), 1_000, never())).toMatchObject({
      engine: 'embedded',
      failures: [{ engine: 'arch-router', failure }],
    });
  });
});

describe('with a real server behind Arch-Router', () => {
  test.each<[string, Answer, string]>([
    ['down', (response) => response.socket?.resetAndDestroy(), 'unreachable'],
    ['failing', (response) => sendJson(response, {}, 500), 'http-error'],
    ['talking nonsense', (response) => sendOllamaText(response, 'Sure thing!'), 'bad-answer'],
    ['answering HTML', (response) => response.end('<html>'), 'bad-answer'],
    ['naming an unknown route', (response) => sendOllamaText(response, '{"route":"x"}'), 'unknown-route'],
    ['hanging', () => undefined, 'timeout'],
    [
      'slow',
      (response) => setTimeout(() => sendOllamaText(response, '{"route":"code_generation"}'), 1_500),
      'timeout',
    ],
  ])('%s: the embedded router answers within the deadline', async (_name, answer, failure) => {
    const chain = chainOf({ archRouter: await archAt(answer), embedded: answers('embedded', SCORED) });
    const begun = performance.now();
    const decision = await chain.decide(ask('x'), 400, never());
    expect(performance.now() - begun).toBeLessThan(400);
    expect(decision).toMatchObject({ engine: 'embedded', failures: [{ engine: 'arch-router', failure }] });
  });

  test('a machine without a model server pays a few refused connections, then none', async () => {
    const archRouter = new ArchRouter({ baseUrl: await refusedUrl(), model: 'm' });
    const chain = chainOf({ archRouter, embedded: answers('embedded', SCORED) });
    const failures: unknown[] = [];
    for (let index = 0; index < 6; index++) {
      const decision = await chain.decide(ask(`q${index}`), 1_000, never());
      expect(decision.engine).toBe('embedded');
      expect(decision.milliseconds).toBeLessThan(100);
      failures.push(decision.failures[0]?.failure);
    }
    expect(failures).toEqual([
      'unreachable',
      'unreachable',
      'unreachable',
      'circuit-open',
      'circuit-open',
      'circuit-open',
    ]);
    expect(logs).toEqual([
      expect.stringMatching(/^warn .*"cause":"unreachable".*ECONNREFUSED.*"retry_in_ms":5000/),
    ]);
    archRouter.close();
  });
});

describe('the deadline', () => {
  test('leaves the embedded router a reserve', async () => {
    vi.useFakeTimers();
    const embedded = scriptedRouter('embedded', async () => SCORED);
    const chain = chainOf({ archRouter: hangs('arch-router'), embedded });
    const decision = chain.decide(ask('x'), 2_000, never());
    await vi.advanceTimersByTimeAsync(1_749);
    expect(embedded.calls).toBe(0);
    await vi.advanceTimersByTimeAsync(2);
    expect(await decision).toMatchObject({
      engine: 'embedded',
      failures: [{ engine: 'arch-router', failure: 'timeout' }],
    });
  });

  test('is a quarter of a short one', async () => {
    vi.useFakeTimers();
    const embedded = scriptedRouter('embedded', async () => SCORED);
    const chain = chainOf({ archRouter: hangs('arch-router'), embedded });
    const decision = chain.decide(ask('x'), 100, never());
    await vi.advanceTimersByTimeAsync(74);
    expect(embedded.calls).toBe(0);
    await vi.advanceTimersByTimeAsync(2);
    await decision;
    expect(embedded.calls).toBe(1);
  });

  test('is all Arch-Router’s where it is alone', async () => {
    vi.useFakeTimers();
    const chain = chainOf({ archRouter: hangs('arch-router') });
    const done = vi.fn();
    const decision = chain.decide(ask('x'), 2_000, never()).then(done);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(done).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await decision;
    expect(done).toHaveBeenCalledWith(expect.objectContaining({ route: null, engine: null }));
  });

  test('holds where every engine hangs and ignores its signal', async () => {
    const chain = chainOf({ archRouter: hangs('arch-router'), embedded: hangs('embedded') });
    const begun = performance.now();
    const decision = await chain.decide(ask('x'), 120, never());
    expect(performance.now() - begun).toBeLessThan(160);
    expect(decision).toMatchObject({ route: null, engine: null });
    expect(decision.failures.map((failure) => failure.failure)).toEqual(['timeout', 'timeout']);
  });

  test('of zero asks nobody', async () => {
    const archRouter = answers('arch-router', MATCH);
    const chain = chainOf({ archRouter });
    expect(await chain.decide(ask('x'), 0, never())).toMatchObject({ engine: null });
    expect(archRouter.calls).toBe(0);
  });

  test('no timer outlives its decision', async () => {
    vi.useFakeTimers();
    const chain = chainOf({ archRouter: answers('arch-router', MATCH) });
    await chain.decide(ask('x'), 60_000, never());
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the cache', () => {
  test('a second identical question is answered without waiting', async () => {
    const archRouter = answers('arch-router', MATCH);
    const chain = chainOf({ archRouter });
    expect(chain.peek(ask('x'))).toBeUndefined();
    await chain.decide(ask('x'), 1_000, never());
    expect(chain.peek(ask('x'))).toMatchObject({ ...MATCH, engine: 'arch-router', cached: true });
    expect(await chain.decide(ask('x'), 1_000, never())).toMatchObject({ ...MATCH, cached: true });
    expect(archRouter.calls).toBe(1);
    expect(counts).toEqual([
      'decisions arch-router matched',
      'decisions arch-router cached',
      'decisions arch-router cached',
    ]);
  });

  test('a look that finds nothing counts nothing', () => {
    chainOf({ archRouter: answers('arch-router', MATCH) }).peek(ask('x'));
    expect(counts).toEqual([]);
  });

  test('failures are not remembered', async () => {
    let isUp = false;
    const archRouter = scriptedRouter('arch-router', async () => {
      if (!isUp) throw new RouterError('http-error', 'down');
      return MATCH;
    });
    const chain = chainOf({ archRouter });
    await chain.decide(ask('x'), 1_000, never());
    isUp = true;
    expect(await chain.decide(ask('x'), 1_000, never())).toMatchObject({ ...MATCH, cached: false });
  });

  test('what the embedded router said in an emergency does not stand in for Arch-Router later', async () => {
    let isUp = false;
    const archRouter = scriptedRouter('arch-router', async () => {
      if (!isUp) throw new RouterError('timeout', 'slow');
      return MATCH;
    });
    const embedded = answers('embedded', SCORED);
    const chain = chainOf({ archRouter, embedded });
    await chain.decide(ask('x'), 1_000, never());
    expect(chain.peek(ask('x'))).toBeUndefined();
    expect(await chain.decide(ask('x'), 1_000, never())).toMatchObject({ engine: 'embedded', cached: true });
    expect(embedded.calls).toBe(1);
    isUp = true;
    expect(await chain.decide(ask('x'), 1_000, never())).toMatchObject({
      engine: 'arch-router',
      cached: false,
    });
  });

  test('while Arch-Router is left alone, an embedded answer is cached well enough, and still counted as fallback', async () => {
    const chain = chainOf({
      archRouter: fails('arch-router', 'unreachable'),
      embedded: answers('embedded', SCORED),
    });
    for (let round = 0; round < 3; round++) await chain.decide(ask('x'), 1_000, never());
    counts = [];
    expect(chain.peek(ask('x'))).toMatchObject({
      engine: 'embedded',
      cached: true,
      failures: [{ engine: 'arch-router', failure: 'circuit-open' }],
    });
    expect(counts).toEqual(['fallbacks arch-router embedded circuit-open', 'decisions embedded cached']);
  });
});

describe('identical questions at once', () => {
  test('share one call', async () => {
    const { promise, resolve } = Promise.withResolvers<RouterAnswer>();
    const archRouter = scriptedRouter('arch-router', () => promise);
    const chain = chainOf({ archRouter });
    const decisions = Array.from({ length: 50 }, () => chain.decide(ask('x'), 1_000, never()));
    const other = chain.decide(ask('y'), 1_000, never());
    resolve(MATCH);
    expect((await Promise.all(decisions)).every((decision) => decision.route === 'code_generation')).toBe(
      true,
    );
    await other;
    expect(archRouter.calls).toBe(2);
    expect(counts.filter((count) => count === 'decisions arch-router matched')).toHaveLength(51);
  });

  test('a failed call counts once against the engine', async () => {
    const archRouter = fails('arch-router', 'http-error');
    const chain = chainOf({ archRouter });
    await Promise.all(Array.from({ length: 10 }, () => chain.decide(ask('x'), 1_000, never())));
    expect(archRouter.calls).toBe(1);
    expect(logs).toEqual([]);
  });

  test('one caller’s abort neither ends the call nor the others’ waiting', async () => {
    const { promise, resolve } = Promise.withResolvers<RouterAnswer>();
    let engineSignal: AbortSignal | undefined;
    const archRouter = scriptedRouter('arch-router', (_question, signal) => {
      engineSignal = signal;
      return promise;
    });
    const chain = chainOf({ archRouter });
    const first = new AbortController();
    const gone = chain.decide(ask('x'), 1_000, first.signal);
    const stays = chain.decide(ask('x'), 1_000, never());
    first.abort();
    expect(await gone).toMatchObject({ route: null, engine: null });
    expect(engineSignal?.aborted).toBe(false);
    resolve(MATCH);
    expect(await stays).toMatchObject(MATCH);
    expect(archRouter.calls).toBe(1);
    expect(counts).toEqual(['decisions none aborted', 'decisions arch-router matched']);
  });

  test('when the last caller leaves, the engine is told, and nobody is blamed', async () => {
    const signals: AbortSignal[] = [];
    const archRouter = scriptedRouter('arch-router', (_question, signal) => {
      signals.push(signal);
      return new Promise(() => undefined);
    });
    const embedded = answers('embedded', SCORED);
    const chain = chainOf({ archRouter, embedded });
    for (let round = 0; round < 5; round++) {
      const controller = new AbortController();
      const decision = chain.decide(ask('x'), 1_000, controller.signal);
      controller.abort();
      await decision;
    }
    expect(signals).toHaveLength(5);
    expect(signals.every((signal) => signal.aborted)).toBe(true);
    expect(embedded.calls).toBe(0);
    expect(logs).toEqual([]);
  });

  test('a call that others began with little time left does not cut short who has more', async () => {
    vi.useFakeTimers();
    let calls = 0;
    const embedded = scriptedRouter('embedded', async (): Promise<RouterAnswer> => {
      calls++;
      await new Promise((resolve) => setTimeout(resolve, 80));
      return SCORED;
    });
    const chain = chainOf({ engine: 'embedded', embedded });
    const hurried = chain.decide(ask('x'), 50, never());
    const patient = chain.decide(ask('x'), 1_000, never());
    await vi.advanceTimersByTimeAsync(200);
    expect(await hurried).toMatchObject({
      engine: null,
      failures: [{ engine: 'embedded', failure: 'timeout' }],
    });
    expect(await patient).toMatchObject({ engine: 'embedded', failures: [] });
    expect(calls).toBe(2);
  });

  test('who has less time than the call leaves it alone', async () => {
    vi.useFakeTimers();
    const embedded = scriptedRouter('embedded', async (): Promise<RouterAnswer> => {
      await new Promise((resolve) => setTimeout(resolve, 80));
      return SCORED;
    });
    const chain = chainOf({ engine: 'embedded', embedded });
    const patient = chain.decide(ask('x'), 1_000, never());
    const hurried = chain.decide(ask('x'), 50, never());
    await vi.advanceTimersByTimeAsync(200);
    expect(await hurried).toMatchObject({ engine: null });
    expect(await patient).toMatchObject({ engine: 'embedded' });
    expect(embedded.calls).toBe(1);
  });
});

describe('the circuit breaker', () => {
  test('takes a failing Arch-Router out of the path, probes it in the background, and logs each change once', async () => {
    let now = 0;
    let isUp = false;
    const archRouter = scriptedRouter('arch-router', async () => {
      if (!isUp) throw new RouterError('http-error', 'answered 500');
      return MATCH;
    });
    const chain = chainOf({ archRouter, embedded: answers('embedded', SCORED), now: () => now });
    const decide = (text: string) => chain.decide(ask(text), 1_000, never());
    for (let index = 0; index < 10; index++) await decide(`q${index}`);
    expect(archRouter.calls).toBe(3);
    expect(logs).toEqual([
      'warn router engine does not answer and is left alone for a while {"engine":"arch-router","cause":"http-error","detail":"answered 500","retry_in_ms":5000}',
    ]);
    now = 5_000;
    await Promise.all([decide('a'), decide('b'), decide('c')]);
    expect(archRouter.calls).toBe(4);
    now = 14_999;
    await decide('d');
    expect(archRouter.calls).toBe(4);
    isUp = true;
    now = 15_000;
    expect((await decide('e')).engine).toBe('embedded');
    expect((await decide('f')).engine).toBe('arch-router');
    expect(logs.slice(1)).toEqual(['info router engine answers {"engine":"arch-router"}']);
  });

  test('a probe whose caller went away leaves the turn to the next request', async () => {
    let now = 0;
    let mode: 'fail' | 'hang' | 'answer' = 'fail';
    const archRouter = scriptedRouter('arch-router', () => {
      if (mode === 'hang') return new Promise(() => undefined);
      return mode === 'answer'
        ? Promise.resolve(MATCH)
        : Promise.reject(new RouterError('http-error', 'down'));
    });
    const chain = chainOf({ archRouter, now: () => now });
    for (let index = 0; index < 3; index++) await chain.decide(ask(`q${index}`), 1_000, never());
    now = 5_000;
    mode = 'hang';
    const controller = new AbortController();
    const probe = chain.decide(ask('a'), 1_000, controller.signal);
    controller.abort();
    await probe;
    mode = 'answer';
    expect((await chain.decide(ask('b'), 1_000, never())).engine).toBe('arch-router');
  });

  test.each([400, 413, 422])(
    'a prompt that Arch-Router refuses with %i says nothing of others',
    async (status) => {
      const archRouter = await archAt((response) => sendJson(response, { error: 'too long' }, status));
      const chain = chainOf({ archRouter, embedded: answers('embedded', SCORED) });
      for (let index = 0; index < 6; index++) {
        const decision = await chain.decide(ask(`q${index}`), 1_000, never());
        expect(decision.failures).toEqual([{ engine: 'arch-router', failure: 'http-error' }]);
      }
      expect(logs).toEqual([]);
    },
  );

  test.each([401, 403, 404, 429, 500])('%i is trouble for all', async (status) => {
    const archRouter = await archAt((response) => sendJson(response, {}, status));
    const chain = chainOf({ archRouter, embedded: answers('embedded', SCORED) });
    for (let index = 0; index < 3; index++) await chain.decide(ask(`q${index}`), 1_000, never());
    expect((await chain.decide(ask('x'), 1_000, never())).failures).toEqual([
      { engine: 'arch-router', failure: 'circuit-open' },
    ]);
  });

  test('a refused prompt does not excuse the failures around it', async () => {
    const archRouter = await archAt((response, _call, index) =>
      sendJson(response, {}, index === 1 ? 400 : 500),
    );
    const chain = chainOf({ archRouter });
    for (let index = 0; index < 4; index++) await chain.decide(ask(`q${index}`), 1_000, never());
    expect(logs).toHaveLength(1);
  });

  test('time that the embedded router needs for the routes of single requests is not held against it', async () => {
    const embedded = scriptedRouter('embedded', (question) =>
      question.isInline === true ? new Promise(() => undefined) : Promise.resolve(SCORED),
    );
    const chain = chainOf({ engine: 'embedded', embedded });
    for (let index = 0; index < 6; index++) {
      const decision = await chain.decide({ ...ask(`q${index}`), isInline: true }, 20, never());
      expect(decision.failures).toEqual([{ engine: 'embedded', failure: 'timeout' }]);
    }
    expect(await chain.decide(ask('x'), 1_000, never())).toMatchObject({ engine: 'embedded', failures: [] });
    expect(logs).toEqual([]);
  });

  test.each([
    ['the embedded router and the configured routes', 'embedded', false],
    ['Arch-Router, whoever brings the routes', 'arch-router', true],
  ] as const)('time-outs count for %s', async (_what, engine, isInline) => {
    const router = hangs(engine);
    const chain = chainOf(
      engine === 'embedded' ? { engine, embedded: router } : { engine, archRouter: router },
    );
    for (let index = 0; index < 4; index++)
      await chain.decide({ ...ask(`q${index}`), isInline }, 20, never());
    expect(router.calls).toBe(3);
  });

  test('a dead embedded router is left alone too, for a moment', async () => {
    let now = 0;
    const embedded = fails('embedded', 'unreachable');
    const chain = chainOf({ engine: 'embedded', embedded, now: () => now });
    for (let index = 0; index < 10; index++) await chain.decide(ask('x'), 1_000, never());
    expect(embedded.calls).toBe(3);
    now = 250;
    await chain.decide(ask('x'), 1_000, never());
    expect(embedded.calls).toBe(4);
  });
});
