// Remembers the vectors of whole policies, those of requests' own included, so that a known policy costs one look-up.
// Called by embedded-router.ts; the single texts are remembered by route-vectors.ts, which policies share.

import type { Route } from '../../contract/route.ts';
import type { RouteVectors, VectorsOfRoute } from './route-vectors.ts';

export class PolicyVectors {
  readonly #vectors: RouteVectors;
  readonly #mostVectors: number;
  /** In the order of use, least recent first. */
  readonly #policies = new Map<string, readonly VectorsOfRoute[]>();
  #size = 0;

  /** `mostVectors` bounds what all policies hold together. */
  constructor(vectors: RouteVectors, mostVectors: number) {
    this.#vectors = vectors;
    this.#mostVectors = mostVectors;
  }

  /** Number of vectors that are held. */
  get size(): number {
    return this.#size;
  }

  /** @param routesId equal for equal routes only */
  async of(
    routesId: string,
    routes: readonly Route[],
    signal: AbortSignal,
  ): Promise<readonly VectorsOfRoute[]> {
    const known = this.#policies.get(routesId);
    if (known !== undefined) {
      this.#policies.delete(routesId);
      this.#policies.set(routesId, known);
      return known;
    }
    const vectors: VectorsOfRoute[] = [];
    for (const route of routes) vectors.push(await this.#vectors.of(route, signal));
    // Another request for it may have been faster.
    if (!this.#policies.has(routesId)) this.#remember(routesId, vectors);
    return vectors;
  }

  #remember(routesId: string, vectors: readonly VectorsOfRoute[]): void {
    this.#policies.set(routesId, vectors);
    this.#size += countOf(vectors);
    for (const [oldest, held] of this.#policies) {
      if (this.#size <= this.#mostVectors) return;
      this.#policies.delete(oldest);
      this.#size -= countOf(held);
    }
  }
}

function countOf(vectors: readonly VectorsOfRoute[]): number {
  return vectors.reduce((sum, { examples }) => sum + 1 + examples.length, 0);
}
