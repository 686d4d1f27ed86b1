// The intent router that needs no model server: compares the vector of the conversation's end with those of the routes.
// Used where no Arch-Router is reachable; knows nothing of how it is chosen, and of no clock but the caller's signal.

import type { Route } from '../../contract/route.ts';
import type { Turn } from '../../conversation/turn.ts';
import { type IntentRouter, type RouterAnswer, RouterError, type RouterQuestion } from '../intent-router.ts';
import type { EmbeddedModel } from './embedded-model.ts';
import { EncodingQueue } from './encoding-queue.ts';
import { probabilitiesOf } from './probabilities.ts';
import { noneLogit, routeLogits } from './route-score.ts';
import { RouteVectors, type VectorsOfRoute } from './route-vectors.ts';

export interface EmbeddedRouterOptions {
  /** A route matches where the probability that any fits reaches this. */
  readonly threshold: number;
  /** Route and example vectors kept, about 1.6 kB each. */
  readonly cacheEntries?: number;
}

const DEFAULT_CACHE_ENTRIES = 4096;

/** A turn this long speaks for itself: read with what came before, a change of subject would be missed. */
const WORDS_THAT_STAND_ALONE = 12;
const CHARACTERS_THAT_STAND_ALONE = 400;
/** The encoder reads only the end of the context. */
const CONTEXT_CHARACTERS = 4096;

export class EmbeddedRouter implements IntentRouter {
  readonly engine = 'embedded';
  readonly #model: EmbeddedModel;
  readonly #threshold: number;
  readonly #vectors: RouteVectors;
  readonly #queue = new EncodingQueue();

  constructor(model: EmbeddedModel, options: EmbeddedRouterOptions) {
    this.#model = model;
    this.#threshold = options.threshold;
    this.#vectors = new RouteVectors(
      model.encoder,
      this.#queue,
      options.cacheEntries ?? DEFAULT_CACHE_ENTRIES,
    );
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

  async #answer({ routes, turns }: RouterQuestion, signal: AbortSignal): Promise<RouterAnswer> {
    const vectors = await this.#vectorsOf(routes, signal);
    const text = turns.at(-1)?.text ?? '';
    const context = standsAlone(text) ? '' : contextOf(turns);
    const { encoder, calibration } = this.#model;
    const query = await this.#queue.run('query', () => encoder.encode({ text, context }), signal);
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

  async #vectorsOf(routes: readonly Route[], signal: AbortSignal): Promise<VectorsOfRoute[]> {
    const vectors: VectorsOfRoute[] = [];
    for (const route of routes) vectors.push(await this.#vectors.of(route, signal));
    return vectors;
  }
}

/** The two messages before the latest, as one text. */
function contextOf(turns: readonly Turn[]): string {
  const previous = turns.slice(-3, -1).map((turn) => turn.text.slice(-CONTEXT_CHARACTERS));
  return previous.join(' ');
}

function standsAlone(text: string): boolean {
  if (text.length >= CHARACTERS_THAT_STAND_ALONE) return true;
  return text.trim().split(/\s+/).length >= WORDS_THAT_STAND_ALONE;
}
