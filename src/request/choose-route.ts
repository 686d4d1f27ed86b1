// Which route, and so which models, a request gets: the session's pin, else a cached decision, else the router's.
// Answers without a promise where nothing has to be waited for, which is the common case.

import type { RoutePolicy } from '../config/gateway-config.ts';
import type { Turn } from '../conversation/turn.ts';
import type { Pin } from '../decide/affinity.ts';
import { certaintyOf, type EngineName, type RouterQuestion } from '../decide/intent-router.ts';
import { explain } from '../decide/reason.ts';
import type { Cascade, ChainDecision, EngineFailure } from '../decide/router-chain.ts';

export interface RouteChoice {
  /** null where no route matched. */
  readonly route: string | null;
  /** `provider/model` in order of preference; empty where no route matched. */
  readonly models: readonly string[];
  readonly pinned: boolean;
  /** Header-safe; see decide/reason.ts. */
  readonly reason: string;
  /** Who decided; null where nobody was asked or answered. */
  readonly engine: EngineName | null;
  /** How likely the decision is right by its engine's own account; absent where it says nothing of that. */
  readonly confidence?: number | undefined;
  /** Absent where no second engine was asked because the first was not sure. */
  readonly cascade?: Cascade['outcome'] | undefined;
  readonly failures: readonly EngineFailure[];
  readonly milliseconds: number;
}

/** The part of RouterChain that is used here. */
export interface RouteDecider {
  peek(question: RouterQuestion): ChainDecision | undefined;
  decide(question: RouterQuestion, deadlineMs: number, signal: AbortSignal): Promise<ChainDecision>;
}

/** First choices of sessions, shared by all workers. */
export interface SessionPins {
  get(sessionId: string): Promise<Pin | undefined>;
  /** Gives the pin that holds: the one already there, if another request was first. */
  pinIfAbsent(sessionId: string, pin: Pin): Promise<Pin>;
}

export interface IdentifiedPolicy {
  readonly policy: RoutePolicy;
  /** It came with the request. */
  readonly isInline: boolean;
  /** Equal for equal routes; see RouterQuestion. */
  readonly routesId: string;
}

export interface RouteRequest {
  /** Undefined where nothing is routed: the caller names the model, and nothing is pinned. */
  readonly policy: IdentifiedPolicy | undefined;
  readonly turns: readonly Turn[];
  readonly sessionId: string | undefined;
  readonly signal: () => AbortSignal;
}

export class RouteChooser {
  private readonly decider: RouteDecider;
  private readonly pins: SessionPins;
  private readonly deadlineMs: number;

  constructor(decider: RouteDecider, pins: SessionPins, deadlineMs: number) {
    this.decider = decider;
    this.pins = pins;
    this.deadlineMs = deadlineMs;
  }

  choose(request: RouteRequest): RouteChoice | Promise<RouteChoice> {
    if (request.policy === undefined) return UNROUTED;
    if (request.sessionId !== undefined)
      return this.chooseForSession(request, request.policy, request.sessionId);
    return this.decide(request, request.policy);
  }

  private async chooseForSession(
    request: RouteRequest,
    policy: IdentifiedPolicy,
    sessionId: string,
  ): Promise<RouteChoice> {
    const pin = await this.pins.get(sessionId);
    return pin === undefined ? this.decide(request, policy) : choiceOf(pin);
  }

  private decide(
    { turns, signal }: RouteRequest,
    { policy, isInline, routesId }: IdentifiedPolicy,
  ): RouteChoice | Promise<RouteChoice> {
    if (policy.routes.length === 0) return unrouted('no-routes');
    if (turns.length === 0) return unrouted('no-user-text');
    const question = { routes: policy.routes, routesId, isInline, turns };
    const known = this.decider.peek(question);
    if (known !== undefined) return choiceFrom(policy, known);
    return this.decider
      .decide(question, this.deadlineMs, signal())
      .then((decision) => choiceFrom(policy, decision));
  }
}

/** Where nothing is routed: the name in the request decides. */
export const UNROUTED: RouteChoice = unrouted('not-routed');

/** The choice that a pin stands for. */
export function choiceOf(pin: Pin): RouteChoice {
  return { ...unrouted('pinned'), route: pin.route, models: pin.models, pinned: true };
}

function unrouted(reason: string): RouteChoice {
  return { route: null, models: [], pinned: false, reason, engine: null, failures: [], milliseconds: 0 };
}

function choiceFrom(policy: RoutePolicy, decision: ChainDecision): RouteChoice {
  const route = policy.routes.find((candidate) => candidate.name === decision.route);
  return {
    route: route?.name ?? null,
    models: route?.models ?? [],
    pinned: false,
    reason: explain(decision),
    engine: decision.engine,
    confidence: certaintyOf(decision),
    cascade: decision.cascade?.outcome,
    failures: decision.failures,
    milliseconds: decision.milliseconds,
  };
}
