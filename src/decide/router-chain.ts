// Asks the configured engines in order and always answers in time: the embedded router and, where it is not sure,
// Arch-Router; or Arch-Router and, where it gives no answer, the embedded router; then "no route". One per worker, called
// by the request stage. Every answer, cascade and fallback is counted; what is logged are the moments at which an engine
// leaves the path and comes back.

import { type QuestionKey, questionKey } from './decision-cache.ts';
import type { EngineStage } from './engine-stage.ts';
import { buildStages } from './engine-stages.ts';
import {
  certaintyOf,
  type EngineName,
  type RouterAnswer,
  type RouterFailure,
  type RouterQuestion,
} from './intent-router.ts';
import type { RouterChainOptions } from './router-chain-options.ts';

export interface ChainDecision extends RouterAnswer {
  /** The matching route's name; null where none fits or nobody answered. */
  readonly route: string | null;
  /** Who answered; null where nobody did. */
  readonly engine: EngineName | null;
  readonly cached: boolean;
  /** Absent where no engine was asked because another was not sure. */
  readonly cascade?: Cascade | undefined;
  /** The engines that gave no answer, in the order in which they were asked. */
  readonly failures: readonly EngineFailure[];
  readonly milliseconds: number;
}

export interface Cascade {
  /** What the first engine answered, without being sure of it. */
  readonly doubted: RouterAnswer;
  /** Whether the second one named the same route; `failed` where it gave no answer, so that the first one's stands. */
  readonly outcome: 'agreed' | 'changed' | 'failed';
}

export interface EngineFailure {
  readonly engine: EngineName;
  readonly failure: RouterFailure;
}

/** Labels: `engine` (`none` where nobody answered), `outcome` (`matched`, `none`, `cached`, `failed`, `aborted`). */
const DECISIONS_TOTAL = 'pointsman_router_decisions_total';

/** Labels: `outcome` (of a Cascade). */
const CASCADES_TOTAL = 'pointsman_router_cascades_total';

/** Labels: `from` and `to` (an engine, or `default`), `cause` (a RouterFailure). */
const FALLBACKS_TOTAL = 'pointsman_router_fallbacks_total';

/** Kept from the deadline for the engine that comes after: milliseconds, and a share for short deadlines. */
const RESERVE_MS = 250;
const RESERVE_SHARE = 0.25;

/** Kept for Arch-Router from a deadline that the embedded router may need for routes it never saw. */
const CASCADE_SHARE = 0.5;

interface Answered {
  readonly stage: EngineStage;
  readonly answer: RouterAnswer;
  readonly cached: boolean;
}

/** What came of the engines before the one at hand. */
interface Progress {
  /** An answer that its engine is not sure of. */
  doubted: Answered | undefined;
  readonly failures: EngineFailure[];
}

export class RouterChain {
  readonly #options: RouterChainOptions;
  readonly #stages: readonly EngineStage[];
  /** `peek` and `decide` are called with the same question, one after the other. */
  readonly #keys = new WeakMap<RouterQuestion, QuestionKey>();

  constructor(options: RouterChainOptions) {
    this.#options = options;
    this.#stages = buildStages(options);
  }

  /** Asks, in the background, the engines of which nobody knows yet whether they are there. */
  lookForEngines(question: RouterQuestion): void {
    for (const stage of this.#stages) if (!stage.isKnown) this.#probe(stage, question);
  }

  /** The decision where it takes no waiting: it is cached, or there is nobody to ask. Counted like any other. */
  peek(question: RouterQuestion): ChainDecision | undefined {
    const begun = this.#options.now();
    const progress: Progress = { doubted: undefined, failures: [] };
    if (this.#stages.length === 0 || question.routes.length === 0) {
      return this.#conclude(begun, progress, undefined);
    }
    const key = this.#keyOf(question);
    for (const stage of this.#stages) {
      const answer = stage.cached(key);
      if (answer !== undefined) {
        const answered = { stage, answer, cached: true };
        if (this.#isFinal(answered)) return this.#conclude(begun, progress, answered);
        progress.doubted = answered;
      } else if (!this.#isSkipped(stage, question, progress)) {
        // An engine that can be asked goes before what a later one said when this one could not.
        if (stage.isPassable) return undefined;
        progress.failures.push({ engine: stage.engine, failure: 'circuit-open' });
      }
    }
    return progress.doubted && this.#conclude(begun, progress, undefined);
  }

  /**
   * Never rejects and answers within `deadline` milliseconds: with an engine's answer, else with a route of null and
   * the reason of every failure. `signal` is the caller's own; its abort ends nobody else's waiting.
   */
  async decide(question: RouterQuestion, deadline: number, signal: AbortSignal): Promise<ChainDecision> {
    const peeked = this.peek(question);
    if (peeked !== undefined) return peeked;
    const begun = this.#options.now();
    const key = this.#keyOf(question);
    const progress: Progress = { doubted: undefined, failures: [] };
    for (const [index, stage] of this.#stages.entries()) {
      const cached = stage.cached(key);
      if (cached === undefined && this.#isSkipped(stage, question, progress)) continue;
      const left = deadline - this.#reserveAfter(index, deadline) - (this.#options.now() - begun);
      const outcome =
        cached === undefined
          ? await stage.ask(question, key, left, signal)
          : ({ type: 'answer', answer: cached } as const);
      switch (outcome.type) {
        case 'answer': {
          const answered = { stage, answer: outcome.answer, cached: cached !== undefined };
          if (this.#isFinal(answered)) return this.#conclude(begun, progress, answered);
          progress.doubted = answered;
          break;
        }
        case 'failure':
          progress.failures.push({ engine: stage.engine, failure: outcome.failure });
          break;
        case 'aborted':
          this.#options.count(DECISIONS_TOTAL, { engine: 'none', outcome: 'aborted' });
          return noAnswer(progress.failures, this.#options.now() - begun);
      }
    }
    return this.#conclude(begun, progress, undefined);
  }

  get #isCascading(): boolean {
    return this.#options.engine === 'cascade' || this.#options.engine === 'auto';
  }

  /** False where a later engine is to be heard before this answer counts. */
  #isFinal({ stage, answer }: Answered): boolean {
    if (!this.#isCascading || stage === this.#stages.at(-1) || stage.engine !== 'embedded') return true;
    return (certaintyOf(answer) ?? 0) >= this.#options.confidence;
  }

  /**
   * Whether no request is to wait for this engine: it failed too often or was never heard of, and there is another
   * answer. Then it is asked in the background, once its back-off has passed.
   */
  #isSkipped(stage: EngineStage, question: RouterQuestion, { doubted, failures }: Progress): boolean {
    if (stage.engine !== 'arch-router' || stage.isTrusted) return false;
    const later = this.#stages.slice(this.#stages.indexOf(stage) + 1);
    if (doubted === undefined && !later.some((other) => other.isPassable)) return false;
    this.#probe(stage, question);
    if (stage.isKnown) failures.push({ engine: stage.engine, failure: 'circuit-open' });
    return true;
  }

  #probe(stage: EngineStage, question: RouterQuestion): void {
    const { timeout } = this.#options;
    void stage.probe(question, this.#keyOf(question), timeout - fallbackReserve(timeout));
  }

  #reserveAfter(index: number, deadline: number): number {
    const next = this.#stages[index + 1];
    if (next === undefined) return 0;
    if (this.#isCascading) return next.isTrusted ? deadline * CASCADE_SHARE : 0;
    return fallbackReserve(deadline);
  }

  #keyOf(question: RouterQuestion): QuestionKey {
    const known = this.#keys.get(question);
    if (known !== undefined) return known;
    const key = questionKey(question);
    this.#keys.set(question, key);
    return key;
  }

  #conclude(begun: number, progress: Progress, final: Answered | undefined): ChainDecision {
    const { count, now } = this.#options;
    const { doubted, failures } = progress;
    const answered = final ?? doubted;
    for (const [index, { engine, failure }] of failures.entries()) {
      const to = failures[index + 1]?.engine ?? answered?.stage.engine ?? 'default';
      count(FALLBACKS_TOTAL, { from: engine, to, cause: failure });
    }
    if (answered === undefined) {
      count(DECISIONS_TOTAL, { engine: 'none', outcome: failures.length === 0 ? 'none' : 'failed' });
      return noAnswer(failures, now() - begun);
    }
    const { answer, cached } = answered;
    const { engine } = answered.stage;
    const cascade = doubted && cascadeOf(doubted.answer, final?.answer, failures);
    if (cascade !== undefined) count(CASCADES_TOTAL, { outcome: cascade.outcome });
    count(DECISIONS_TOTAL, {
      engine,
      outcome: cached ? 'cached' : answer.route === null ? 'none' : 'matched',
    });
    return { ...answer, engine, cached, cascade, failures, milliseconds: now() - begun };
  }
}

/** What the embedded router answered, also where Arch-Router decided instead; undefined where it answered nothing. */
export function embeddedAnswer(decision: ChainDecision): RouterAnswer | undefined {
  return decision.cascade?.doubted ?? (decision.engine === 'embedded' ? decision : undefined);
}

function fallbackReserve(deadline: number): number {
  return Math.min(RESERVE_MS, deadline * RESERVE_SHARE);
}

/** Undefined where there was no second engine to ask. */
function cascadeOf(
  doubted: RouterAnswer,
  final: RouterAnswer | undefined,
  failures: readonly EngineFailure[],
): Cascade | undefined {
  if (final === undefined) return failures.length === 0 ? undefined : { doubted, outcome: 'failed' };
  return { doubted, outcome: final.route === doubted.route ? 'agreed' : 'changed' };
}

function noAnswer(failures: readonly EngineFailure[], milliseconds: number): ChainDecision {
  return { route: null, engine: null, cached: false, scores: [], failures, milliseconds };
}
