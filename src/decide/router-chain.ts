// Asks the configured engines in order and always answers in time: Arch-Router, then the embedded router, then "no
// route". One per worker, called by the request stage. Every answer and every fallback is counted; what is logged are
// the moments at which an engine leaves the path and comes back.

import type { RoutingConfig } from '../config/gateway-config.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { DecisionCache, type QuestionKey, questionKey } from './decision-cache.ts';
import { EngineStage } from './engine-stage.ts';
import type {
  EngineName,
  IntentRouter,
  RouterAnswer,
  RouterError,
  RouterFailure,
  RouterQuestion,
  RouteScore,
} from './intent-router.ts';

export interface ChainDecision {
  /** The matching route's name; null where none fits or nobody answered. */
  readonly route: string | null;
  /** Who answered; null where nobody did. */
  readonly engine: EngineName | null;
  readonly cached: boolean;
  /** In the order of the question's routes; empty where the engine gives none. */
  readonly scores: readonly RouteScore[];
  /** The engines that gave no answer, in the order in which they were asked. */
  readonly failures: readonly EngineFailure[];
  readonly milliseconds: number;
}

export interface EngineFailure {
  readonly engine: EngineName;
  readonly failure: RouterFailure;
}

export interface RouterChainOptions {
  readonly engine: RoutingConfig['engine'];
  /** Asked first under `auto` and `arch-router`. */
  readonly archRouter?: IntentRouter;
  /** Asked alone under `embedded`; otherwise where Arch-Router gave no answer. */
  readonly embedded?: IntentRouter;
  readonly cacheEntries: number;
  /** Milliseconds on a clock that never runs backwards, with fractions: `performance.now`. */
  readonly now: () => number;
  readonly count: (name: string, labels: Record<string, string>) => void;
  readonly log: (level: 'info' | 'warn', message: string, fields: Record<string, string | number>) => void;
}

/** Labels: `engine` (`none` where nobody answered), `outcome` (`matched`, `none`, `cached`, `failed`, `aborted`). */
const DECISIONS_TOTAL = 'pointsman_router_decisions_total';

/** Labels: `from` and `to` (an engine, or `default`), `cause` (a RouterFailure). */
const FALLBACKS_TOTAL = 'pointsman_router_fallbacks_total';

/** Kept from the deadline for the engine that comes after: milliseconds, and a share for short deadlines. */
const RESERVE_MS = 250;
const RESERVE_SHARE = 0.25;

const FAILURES_TO_OPEN = 3;

/**
 * A model server that is down stays down for a while, and each probe may cost a request most of its deadline. The
 * embedded router is back a moment after its process is, and nobody answers in its place.
 */
const BACKOFF: Readonly<Record<EngineName, { readonly first: number; readonly longest: number }>> = {
  'arch-router': { first: 5_000, longest: 60_000 },
  embedded: { first: 250, longest: 5_000 },
};

export class RouterChain {
  readonly #options: RouterChainOptions;
  readonly #stages: readonly EngineStage[];
  /** `peek` and `decide` are called with the same question, one after the other. */
  readonly #keys = new WeakMap<RouterQuestion, QuestionKey>();

  constructor(options: RouterChainOptions) {
    this.#options = options;
    const cache = new DecisionCache(options.cacheEntries);
    this.#stages = routersInOrder(options).map((router) => stageOf(router, cache, options));
  }

  /** The decision where it takes no waiting: it is cached, or there is nobody to ask. Counted like any other. */
  peek(question: RouterQuestion): ChainDecision | undefined {
    const begun = this.#options.now();
    if (this.#stages.length === 0 || question.routes.length === 0) {
      return this.#conclude(begun, [], undefined, false);
    }
    const key = this.#keyOf(question);
    const failures: EngineFailure[] = [];
    for (const stage of this.#stages) {
      const answer = stage.cached(key);
      if (answer !== undefined) return this.#conclude(begun, failures, { stage, answer }, true);
      // An engine that can be asked goes before what a later one said when this one could not.
      if (stage.isPassable) return undefined;
      failures.push({ engine: stage.engine, failure: 'circuit-open' });
    }
    return undefined;
  }

  /**
   * Never rejects and answers within `deadline` milliseconds: with the first engine's answer, else with a route of
   * null and the reason of every failure. `signal` is the caller's own; its abort ends nobody else's waiting.
   */
  async decide(question: RouterQuestion, deadline: number, signal: AbortSignal): Promise<ChainDecision> {
    const peeked = this.peek(question);
    if (peeked !== undefined) return peeked;
    const begun = this.#options.now();
    const key = this.#keyOf(question);
    const failures: EngineFailure[] = [];
    for (const [index, stage] of this.#stages.entries()) {
      const cached = stage.cached(key);
      if (cached !== undefined) return this.#conclude(begun, failures, { stage, answer: cached }, true);
      const isLast = index === this.#stages.length - 1;
      const reserve = isLast ? 0 : Math.min(RESERVE_MS, deadline * RESERVE_SHARE);
      const left = deadline - reserve - (this.#options.now() - begun);
      const outcome = await stage.ask(question, key, left, signal);
      switch (outcome.type) {
        case 'answer':
          return this.#conclude(begun, failures, { stage, answer: outcome.answer }, false);
        case 'failure':
          failures.push({ engine: stage.engine, failure: outcome.failure });
          break;
        case 'aborted':
          this.#options.count(DECISIONS_TOTAL, { engine: 'none', outcome: 'aborted' });
          return noAnswer(failures, this.#options.now() - begun);
      }
    }
    return this.#conclude(begun, failures, undefined, false);
  }

  #keyOf(question: RouterQuestion): QuestionKey {
    const known = this.#keys.get(question);
    if (known !== undefined) return known;
    const key = questionKey(question);
    this.#keys.set(question, key);
    return key;
  }

  #conclude(
    begun: number,
    failures: readonly EngineFailure[],
    answered: { readonly stage: EngineStage; readonly answer: RouterAnswer } | undefined,
    cached: boolean,
  ): ChainDecision {
    const { count, now } = this.#options;
    for (const [index, { engine, failure }] of failures.entries()) {
      const to = failures[index + 1]?.engine ?? answered?.stage.engine ?? 'default';
      count(FALLBACKS_TOTAL, { from: engine, to, cause: failure });
    }
    if (answered === undefined) {
      count(DECISIONS_TOTAL, { engine: 'none', outcome: failures.length === 0 ? 'none' : 'failed' });
      return noAnswer(failures, now() - begun);
    }
    const { route, scores } = answered.answer;
    const { engine } = answered.stage;
    count(DECISIONS_TOTAL, { engine, outcome: cached ? 'cached' : route === null ? 'none' : 'matched' });
    return { route, engine, cached, scores, failures, milliseconds: now() - begun };
  }
}

function routersInOrder({ engine, archRouter, embedded }: RouterChainOptions): IntentRouter[] {
  switch (engine) {
    case 'auto':
    case 'arch-router':
      return [archRouter, embedded].filter((router) => router !== undefined);
    case 'embedded':
      return embedded === undefined ? [] : [embedded];
    case 'none':
      return [];
  }
}

function stageOf(router: IntentRouter, cache: DecisionCache, options: RouterChainOptions): EngineStage {
  const { engine } = router;
  const backoff = BACKOFF[engine];
  let lastError: RouterError | undefined;
  const breaker = new CircuitBreaker({
    now: options.now,
    failuresToOpen: FAILURES_TO_OPEN,
    firstBackoff: backoff.first,
    longestBackoff: backoff.longest,
    onOpen: (wait) =>
      options.log('warn', 'router engine does not answer and is left alone for a while', {
        engine,
        cause: lastError?.failure ?? 'unreachable',
        detail: lastError?.message ?? '',
        retry_in_ms: wait,
      }),
    onClose: () => options.log('info', 'router engine answers again', { engine }),
  });
  const onFailure = (error: RouterError): void => {
    lastError = error;
  };
  return new EngineStage({ router, breaker, cache, now: options.now, onFailure });
}

function noAnswer(failures: readonly EngineFailure[], milliseconds: number): ChainDecision {
  return { route: null, engine: null, cached: false, scores: [], failures, milliseconds };
}
