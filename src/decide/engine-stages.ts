// The engines of a router chain in the order in which they are asked, each with its circuit breaker. Called by
// router-chain.ts; which of their answers counts is not its business.

import { CircuitBreaker } from './circuit-breaker.ts';
import { DecisionCache } from './decision-cache.ts';
import { EngineStage } from './engine-stage.ts';
import type { EngineName, IntentRouter, RouterError } from './intent-router.ts';
import type { RouterChainOptions } from './router-chain-options.ts';

const FAILURES_TO_OPEN = 3;

/**
 * A model server that is down stays down for a while. The embedded router is back a moment after its process is, and
 * nobody answers in its place.
 */
const BACKOFF: Readonly<Record<EngineName, { readonly first: number; readonly longest: number }>> = {
  'arch-router': { first: 5_000, longest: 60_000 },
  embedded: { first: 250, longest: 5_000 },
};

export function buildStages(options: RouterChainOptions): readonly EngineStage[] {
  const cache = new DecisionCache(options.cacheEntries);
  return routersInOrder(options).map((router) => stageOf(router, cache, options));
}

function routersInOrder({ engine, archRouter, embedded }: RouterChainOptions): IntentRouter[] {
  switch (engine) {
    case 'auto':
    case 'cascade':
      return [embedded, archRouter].filter((router) => router !== undefined);
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
    // Nobody said that there is a model server: no request waits to find out.
    beginsOpen: options.engine === 'auto' && engine === 'arch-router',
    onOpen: (wait) =>
      options.log('warn', 'router engine does not answer and is left alone for a while', {
        engine,
        cause: lastError?.failure ?? 'unreachable',
        detail: lastError?.message ?? '',
        retry_in_ms: wait,
      }),
    onClose: () => options.log('info', 'router engine answers', { engine }),
  });
  const onFailure = (error: RouterError): void => {
    lastError = error;
  };
  return new EngineStage({ router, breaker, cache, now: options.now, onFailure });
}
