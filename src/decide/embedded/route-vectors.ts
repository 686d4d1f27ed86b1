// Remembers the vectors of route texts, so that a route is encoded once, not per request, whether it comes from the
// configuration or in a request's own policy. Called by embedded-router.ts; knows nothing of scores.

import type { Route } from '../../contract/route.ts';
import type { Encoder } from './encoder.ts';
import type { EncodingQueue } from './encoding-queue.ts';

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
  readonly #queue: EncodingQueue;
  readonly #maxEntries: number;
  /** Of the routes that were prepared, which policies of single requests must not push out. */
  readonly #prepared = new Map<string, Float32Array>();
  /** In the order of use, least recent first. */
  readonly #vectors = new Map<string, Float32Array>();

  /** A vector takes about 1.6 kB; `maxEntries` bounds those that were not prepared. */
  constructor(encoder: Encoder, queue: EncodingQueue, maxEntries: number) {
    this.#encoder = encoder;
    this.#queue = queue;
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#prepared.size + this.#vectors.size;
  }

  /** Encodes a route that is to stay known. */
  async prepare(route: Route, signal: AbortSignal): Promise<void> {
    for (const text of [routeText(route), ...route.examples])
      this.#prepared.set(text, await this.#vectorOf(text, signal));
  }

  /** Encodes what is not known yet. Stops by throwing the signal's reason; what was encoded by then stays known. */
  async of(route: Route, signal: AbortSignal): Promise<VectorsOfRoute> {
    const description = await this.#vectorOf(routeText(route), signal);
    const examples: Float32Array[] = [];
    for (const example of route.examples) examples.push(await this.#vectorOf(example, signal));
    return { description, examples };
  }

  async #vectorOf(text: string, signal: AbortSignal): Promise<Float32Array> {
    const known = this.#find(text);
    if (known !== undefined) return known;
    return await this.#queue.run('route', async () => this.#find(text) ?? (await this.#encode(text)), signal);
  }

  #find(text: string): Float32Array | undefined {
    const prepared = this.#prepared.get(text);
    if (prepared !== undefined) return prepared;
    const vector = this.#vectors.get(text);
    if (vector === undefined) return undefined;
    this.#vectors.delete(text);
    this.#vectors.set(text, vector);
    return vector;
  }

  async #encode(text: string): Promise<Float32Array> {
    const vector = await this.#encoder.encode({ text, context: '' });
    this.#vectors.set(text, vector);
    const oldest = this.#vectors.keys().next();
    if (this.#vectors.size > this.#maxEntries && !oldest.done) this.#vectors.delete(oldest.value);
    return vector;
  }
}
