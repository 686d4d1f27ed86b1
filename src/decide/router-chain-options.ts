// What a router chain is made of, for the chain and for the stages that are built from it.

import type { RoutingConfig } from '../config/gateway-config.ts';
import type { IntentRouter } from './intent-router.ts';

export interface RouterChainOptions {
  readonly engine: RoutingConfig['engine'];
  /** Asked first under `arch-router`; under `cascade` and `auto` where the embedded router is not sure. */
  readonly archRouter?: IntentRouter;
  /** Asked first but under `arch-router`: there where Arch-Router gave no answer. */
  readonly embedded?: IntentRouter;
  /** 0 to 1: an answer of the embedded router that is this likely right is not put to Arch-Router. */
  readonly confidence: number;
  /** The usual deadline in milliseconds: what an engine that was left alone has to keep before requests wait for it. */
  readonly timeout: number;
  readonly cacheEntries: number;
  /** Milliseconds on a clock that never runs backwards, with fractions: `performance.now`. */
  readonly now: () => number;
  readonly count: (name: string, labels: Record<string, string>) => void;
  readonly log: (level: 'info' | 'warn', message: string, fields: Record<string, string | number>) => void;
}
