// The vocabulary of deciding: what an intent router is asked and what it answers. Implemented by arch-router/ and
// embedded/, and by the proxy to the process that holds the embedded model.

import type { Route } from '../contract/route.ts';
import type { Turn } from '../conversation/turn.ts';

export interface RouterQuestion {
  readonly routes: readonly Route[];
  /** Identifies `routes`: equal ids mean equal names, descriptions, examples and order. */
  readonly routesId: string;
  /** True where the routes came with the request: the engine may never have seen them, and may need long to read them. */
  readonly isInline?: boolean;
  /** Oldest first, text only, ending with the latest user turn that has text. Never empty. */
  readonly turns: readonly Turn[];
}

export interface RouterAnswer {
  /** The matching route's name, or null where none fits. */
  readonly route: string | null;
  /** In the order of the question's routes; empty where the router gives none. */
  readonly scores: readonly RouteScore[];
  /** The probability that no route fits. Where it is given the scores are probabilities too, and all add up to 1. */
  readonly none?: number;
}

export interface RouteScore {
  readonly route: string;
  readonly score: number;
}

/** How likely the answer is right by the router's own account; undefined where it says nothing of that. */
export function certaintyOf({ route, scores, none }: RouterAnswer): number | undefined {
  if (none === undefined || route === null) return none;
  return scores.find((score) => score.route === route)?.score;
}

export type EngineName = 'arch-router' | 'embedded';

/** Why an engine gave no answer. Everything else that goes wrong inside one is mapped to one of these. */
export type RouterFailure =
  | 'unreachable'
  | 'timeout'
  | 'http-error'
  | 'bad-answer'
  | 'unknown-route'
  | 'circuit-open';

export interface RouterErrorOptions extends ErrorOptions {
  readonly concernsQuestion?: boolean;
}

export class RouterError extends Error {
  readonly failure: RouterFailure;
  /** The engine is well, and refused this one question: no reason not to ask it the next. */
  readonly concernsQuestion: boolean;

  constructor(failure: RouterFailure, message: string, options: RouterErrorOptions = {}) {
    super(message, options);
    this.name = 'RouterError';
    this.failure = failure;
    this.concernsQuestion = options.concernsQuestion ?? false;
  }
}

export interface IntentRouter {
  readonly engine: EngineName;
  /** Rejects with RouterError, also when `signal` fires. */
  decide(question: RouterQuestion, signal: AbortSignal): Promise<RouterAnswer>;
}
