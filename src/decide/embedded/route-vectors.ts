// Remembers the vectors of route texts, so that a route is encoded once, not per request, whether it comes from the
// configuration or in a request's own policy. Called by embedded-router.ts; knows nothing of scores.

import type { Route } from '../../contract/route.ts';
import type { Encoder } from './encoder.ts';

export interface VectorsOfRoute {
  readonly description: Float32Array;
  readonly examples: readonly Float32Array[];
}

/** The form in which the encoder was trained to read a route. */
export function routeText(route: Route): string {
  return `route: ${route.name.replace(/[_-]/g, ' ')}: ${route.description}`;
}

export class RouteVectors {
  readonly #encoder: Encoder;
  readonly #maxEntries: number;
  /** In the order of use, least recent first. */
  readonly #vectors = new Map<string, Float32Array>();

  /** A vector takes about 1.6 kB; `maxEntries` bounds them. */
  constructor(encoder: Encoder, maxEntries: number) {
    this.#encoder = encoder;
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#vectors.size;
  }

  /** Encodes what is not known yet. Stops by throwing the signal's reason; what was encoded by then stays known. */
  async of(route: Route, signal: AbortSignal): Promise<VectorsOfRoute> {
    const description = await this.#vectorOf(routeText(route), signal);
    const examples: Float32Array[] = [];
    for (const example of route.examples) examples.push(await this.#vectorOf(example, signal));
    return { description, examples };
  }

  async #vectorOf(text: string, signal: AbortSignal): Promise<Float32Array> {
    let vector = this.#vectors.get(text);
    if (vector === undefined) {
      signal.throwIfAborted();
      vector = await this.#encoder.encode({ text, context: '' });
    } else {
      this.#vectors.delete(text);
    }
    this.#vectors.set(text, vector);
    const oldest = this.#vectors.keys().next();
    if (this.#vectors.size > this.#maxEntries && !oldest.done) this.#vectors.delete(oldest.value);
    return vector;
  }
}
