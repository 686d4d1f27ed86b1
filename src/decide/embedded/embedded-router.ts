// The intent router that needs no model server: compares the vector of the conversation's end with those of the routes.
// Used where no Arch-Router is reachable; knows nothing of how it is chosen, and of no clock but the caller's signal.

import type { Route } from '../../contract/route.ts';
import { type IntentRouter, type RouterAnswer, RouterError, type RouterQuestion } from '../intent-router.ts';
import type { EmbeddedModel } from './embedded-model.ts';
import { EncodingQueue } from './encoding-queue.ts';
import { PolicyVectors } from './policy-vectors.ts';
import { probabilitiesOf } from './probabilities.ts';
import { noneLogit, routeLogits } from './route-score.ts';
import { RouteVectors } from './route-vectors.ts';
import { selectText } from './select-text.ts';

export interface EmbeddedRouterOptions {
  /** A route matches where the probability that any fits reaches this. */
  readonly threshold: number;
  /** Route and example vectors kept, about 1.6 kB each. */
  readonly cacheEntries?: number;
}

const DEFAULT_CACHE_ENTRIES = 4096;

export class EmbeddedRouter implements IntentRouter {
  readonly engine = 'embedded';
  readonly #model: EmbeddedModel;
  readonly #threshold: number;
  readonly #vectors: RouteVectors;
  readonly #policies: PolicyVectors;
  readonly #queue = new EncodingQueue();

  constructor(model: EmbeddedModel, options: EmbeddedRouterOptions) {
    this.#model = model;
    this.#threshold = options.threshold;
    const cacheEntries = options.cacheEntries ?? DEFAULT_CACHE_ENTRIES;
    this.#vectors = new RouteVectors(model.encoder, this.#queue, cacheEntries);
    this.#policies = new PolicyVectors(this.#vectors, cacheEntries);
  }

  /**
   * Questions wait for each other's single encodings, and one whose routes are known for hardly any. Rejects with
   * RouterError `timeout` as soon as `signal` fires; no encoding begins after that.
   */
  async decide(question: RouterQuestion, signal: AbortSignal): Promise<RouterAnswer> {
    if (question.routes.length === 0) return { route: null, scores: [], none: 1 };
    try {
      return await this.#answer(question, signal);
    } catch (thrown) {
      if (signal.aborted)
        throw new RouterError('timeout', 'the embedded router ran out of time', { cause: thrown });
      throw new RouterError('bad-answer', 'the embedded model failed', { cause: thrown });
    }
  }

  /** Encodes routes ahead of the first question, and keeps them for good. */
  async prepare(routes: readonly Route[], signal: AbortSignal): Promise<void> {
    for (const route of routes) await this.#vectors.prepare(route, signal);
  }

  async #answer({ routes, routesId, turns }: RouterQuestion, signal: AbortSignal): Promise<RouterAnswer> {
    const vectors = await this.#policies.of(routesId, routes, signal);
    const { encoder, calibration } = this.#model;
    const query = await this.#queue.run('query', () => encoder.encode(selectText(turns)), signal);
    const logits = routeLogits(query, vectors, calibration);
    const likely = probabilitiesOf(logits, noneLogit(query, calibration), calibration);
    const best = likely.routes.indexOf(Math.max(...likely.routes));
    const matched = 1 - likely.none >= this.#threshold;
    return {
      route: matched ? (routes[best]?.name ?? null) : null,
      scores: routes.map((route, index) => ({ route: route.name, score: likely.routes[index] ?? 0 })),
      none: likely.none,
    };
  }
}
