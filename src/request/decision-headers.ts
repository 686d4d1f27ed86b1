// What the answer's headers say of a decision: which route, why, how long it took, which model. Called by request-stage.ts.

import type { HeaderPair } from '../contract/exchange.ts';
import { headerSafe } from '../contract/header-safe.ts';
import { RESPONSE_HEADER_OF_METADATA } from '../contract/owned-headers.ts';
import type { ResolvedModel } from '../plan/model-resolver.ts';
import { round } from './answers.ts';
import type { RouteChoice } from './choose-route.ts';
import type { PickedModels } from './pick-model.ts';

/** For Envoy's metadata, by the keys of RESPONSE_HEADER_OF_METADATA. */
export function decisionMetadata(
  choice: RouteChoice,
  rule: PickedModels['rule'] | undefined,
  model: ResolvedModel | undefined,
): {
  readonly route: string;
  readonly reason: string;
  readonly decision_ms: string;
  readonly model?: string;
} {
  const { reason } = choice;
  const decided = {
    route: choice.route === null ? 'none' : headerSafe(choice.route),
    reason: rule === undefined || rule === 'route' ? reason : `${reason} model=${rule}`,
    decision_ms: `${round(choice.milliseconds)}`,
  };
  return model === undefined ? decided : { ...decided, model: headerSafe(model.id) };
}

/** For an answer of our own, which Envoy adds no header to. */
export function decisionHeaders(
  choice: RouteChoice,
  rule: PickedModels['rule'] | undefined,
  model: ResolvedModel | undefined,
): HeaderPair[] {
  return Object.entries(decisionMetadata(choice, rule, model)).flatMap(([key, value]): HeaderPair[] => {
    const name = RESPONSE_HEADER_OF_METADATA[key];
    return name === undefined ? [] : [[name, value]];
  });
}
