// The order of attempts, made once by the request stage and read by the retry stage. It travels in Envoy's metadata as JSON,
// beside the client's own body, so that no worker has to remember anything.

import type { ClientDialect } from '../contract/dialect.ts';
import type { HeaderPair } from '../contract/exchange.ts';

export interface Plan {
  readonly dialect: ClientDialect;
  readonly stream: boolean;
  readonly query: string;
  readonly seed: string;
  readonly created: number;
  readonly resumed?: boolean;
  readonly keepAs?: string;
  /** Of every attempt in its order, the first included: the target's name and the provider's model id. */
  readonly attempts: readonly (readonly [target: string, modelId: string])[];
  /** The client's headers that an attempt may need and an earlier one has removed or replaced. Credentials only for a target that passes them. */
  readonly headers: readonly HeaderPair[];
}

export function writePlan(plan: Plan): string {
  return JSON.stringify(plan);
}

/** @param text what writePlan gave; nobody else writes there */
export function readPlan(text: string): Plan {
  return JSON.parse(text) as Plan;
}
