// One engine as the router chain sees it: cache, circuit breaker and one shared call for identical questions around an
// IntentRouter that may do anything. Called by router-chain.ts; knows no other engine.

import type { CircuitBreaker } from './circuit-breaker.ts';
import type { DecisionCache, QuestionKey } from './decision-cache.ts';
import {
  type EngineName,
  type IntentRouter,
  type RouterAnswer,
  RouterError,
  type RouterFailure,
  type RouterQuestion,
} from './intent-router.ts';

export type StageOutcome =
  | { readonly type: 'answer'; readonly answer: RouterAnswer }
  | { readonly type: 'failure'; readonly failure: RouterFailure }
  /** The caller went away. */
  | { readonly type: 'aborted' };

export interface EngineStageOptions {
  readonly router: IntentRouter;
  readonly breaker: CircuitBreaker;
  readonly cache: DecisionCache;
  readonly now: () => number;
  /** Called once per failed call that counts, however many wait for it, and before the breaker learns of it. */
  readonly onFailure: (error: RouterError) => void;
}

/** A probe may have to wait for a model to be loaded; whether the engine is fast enough is another matter. */
const PROBE_PATIENCE_MS = 60_000;

interface SharedCall {
  /** Never rejects; stays pending where nobody waits any more. */
  readonly outcome: Promise<StageOutcome>;
  /** When the call is given up, on the stage's clock. */
  readonly endsAt: number;
  waiting: number;
  /** Ends the call because its last caller left. */
  readonly abandon: () => void;
}

export class EngineStage {
  readonly engine: EngineName;
  readonly #options: EngineStageOptions;
  readonly #calls = new Map<QuestionKey, SharedCall>();

  constructor(options: EngineStageOptions) {
    this.#options = options;
    this.engine = options.router.engine;
  }

  /** False while the circuit breaker keeps callers away. */
  get isPassable(): boolean {
    return this.#options.breaker.isPassable;
  }

  /** False once it failed too often, until it answers again. */
  get isTrusted(): boolean {
    return this.#options.breaker.state === 'closed';
  }

  /** False where nobody said that the engine is there, and it has not shown yet. */
  get isKnown(): boolean {
    return this.#options.breaker.wasClosed;
  }

  cached(key: QuestionKey): RouterAnswer | undefined {
    return this.#options.cache.get(this.engine, key);
  }

  /** Asks the engine, or waits with those who asked the same; never rejects, and takes `limit` milliseconds at most. */
  async ask(
    question: RouterQuestion,
    key: QuestionKey,
    limit: number,
    signal: AbortSignal,
  ): Promise<StageOutcome> {
    const end = this.#options.now() + limit;
    for (let left = limit; ; left = end - this.#options.now()) {
      if (signal.aborted) return { type: 'aborted' };
      if (left <= 0) return { type: 'failure', failure: 'timeout' };
      const present = this.#calls.get(key);
      const call = present ?? this.#begin(question, key, left);
      if (call === undefined) return { type: 'failure', failure: 'circuit-open' };
      const outcome = await this.#wait(call, left, signal);
      // A call that others began may have had less time than this caller still has: then it is worth another one.
      const isShort = outcome.type === 'failure' && outcome.failure === 'timeout' && present !== undefined;
      if (!isShort) return outcome;
    }
  }

  /**
   * Asks the engine for nobody: an answer within `limit` milliseconds lets callers through again. Does nothing where it
   * is not to be asked now. A late answer is kept for who asks the same again, and is a failure all the same.
   */
  async probe(question: RouterQuestion, key: QuestionKey, limit: number): Promise<void> {
    const { breaker, cache, now, onFailure } = this.#options;
    const permit = breaker.acquire();
    if (permit === undefined) return;
    const begun = now();
    const signal = AbortSignal.timeout(PROBE_PATIENCE_MS);
    const { promise: ended, reject: end } = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => end(new RouterError('timeout', `${this.engine} hangs`)));
    try {
      const answer = await Promise.race([this.#decide(question, signal), ended]);
      cache.set(this.engine, key, answer);
      if (now() - begun <= limit) permit.succeed();
      else permit.fail();
    } catch (thrown) {
      const error = thrown instanceof RouterError ? thrown : asRouterError(this.engine, thrown);
      if (this.#isEnginesFault(error, question)) {
        onFailure(error);
        permit.fail();
      } else {
        permit.abandon();
      }
    }
  }

  async #wait(call: SharedCall, limit: number, signal: AbortSignal): Promise<StageOutcome> {
    const { promise, resolve } = Promise.withResolvers<StageOutcome>();
    // The call has a timer already; a caller needs its own only where it has less time than those before it.
    const isFirstToEnd = this.#options.now() + limit < call.endsAt;
    const timer = isFirstToEnd
      ? setTimeout(() => resolve({ type: 'failure', failure: 'timeout' }), limit)
      : undefined;
    const onAbort = (): void => resolve({ type: 'aborted' });
    signal.addEventListener('abort', onAbort, { once: true });
    void call.outcome.then(resolve);
    call.waiting++;
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      call.waiting--;
      if (call.waiting === 0) call.abandon();
    }
  }

  #begin(question: RouterQuestion, key: QuestionKey, limit: number): SharedCall | undefined {
    const permit = this.#options.breaker.acquire();
    if (permit === undefined) return undefined;
    const controller = new AbortController();
    const { promise, resolve } = Promise.withResolvers<StageOutcome>();
    let isOver = false;
    /** False where the call was over before. */
    const finish = (): boolean => {
      if (isOver) return false;
      isOver = true;
      clearTimeout(timer);
      this.#calls.delete(key);
      return true;
    };
    const fail = (error: RouterError): void => {
      if (!finish()) return;
      if (this.#isEnginesFault(error, question)) {
        this.#options.onFailure(error);
        permit.fail();
      } else {
        permit.abandon();
      }
      resolve({ type: 'failure', failure: error.failure });
      controller.abort();
    };
    const timer = setTimeout(
      () => fail(new RouterError('timeout', `${this.engine} gave no answer within ${Math.round(limit)} ms`)),
      limit,
    );
    const call: SharedCall = {
      outcome: promise,
      endsAt: this.#options.now() + limit,
      waiting: 0,
      abandon: () => {
        if (!finish()) return;
        permit.abandon();
        controller.abort();
      },
    };
    this.#calls.set(key, call);
    void this.#decide(question, controller.signal).then((answer) => {
      if (!finish()) return;
      permit.succeed();
      this.#options.cache.set(this.engine, key, answer);
      resolve({ type: 'answer', answer });
    }, fail);
    return call;
  }

  /**
   * Whether others are to be kept from the engine because of it. The embedded router reads unseen routes one by one, so
   * a time-out over routes that one caller brought says how many they were; whether it is alive shows with the routes
   * of the configuration, which it keeps. Arch-Router has someone to answer in its place, and its time-outs always
   * count: with routes of callers alone, nothing else would show that it hangs.
   */
  #isEnginesFault(error: RouterError, question: RouterQuestion): boolean {
    if (error.concernsQuestion) return false;
    return !(this.engine === 'embedded' && error.failure === 'timeout' && question.isInline === true);
  }

  /** Rejects with RouterError only, whatever the engine does. */
  async #decide(question: RouterQuestion, signal: AbortSignal): Promise<RouterAnswer> {
    let answer: RouterAnswer;
    try {
      answer = await this.#options.router.decide(question, signal);
    } catch (thrown) {
      throw thrown instanceof RouterError ? thrown : asRouterError(this.engine, thrown);
    }
    if (answer.route !== null && !question.routes.some((route) => route.name === answer.route)) {
      throw new RouterError('unknown-route', `${this.engine} named a route that does not exist`);
    }
    return answer;
  }
}

function asRouterError(engine: EngineName, thrown: unknown): RouterError {
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  return new RouterError('bad-answer', `${engine} broke off: ${kind}`, { cause: thrown });
}
