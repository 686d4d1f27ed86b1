// The answers that the gateway gives itself: the model list, the health check, decisions, and errors.

import type { RoutePolicy } from '../config/gateway-config.ts';
import type { HeaderPair, Respond } from '../contract/exchange.ts';
import type { GatewayError } from '../contract/gateway-error.ts';
import type { DialectModule } from '../dialects/dialect-module.ts';
import type { RouteChoice } from './choose-route.ts';

const JSON_HEADERS: readonly HeaderPair[] = [['content-type', 'application/json']];

export function respondModels(body: string): Respond {
  return respondJson(body, 'pointsman_models');
}

export function respondHealthy(): Respond {
  return respondJson('{"status":"ok"}', 'pointsman_health');
}

export function respondJson(body: string, details: string): Respond {
  return { type: 'respond', status: 200, headers: JSON_HEADERS, body, details };
}

export interface DecisionContext {
  readonly form: RoutePolicy['form'];
  readonly traceId: string;
  readonly sessionId: string | undefined;
}

/** The union of both generations' decision bodies, and why. */
export function respondDecision(choice: RouteChoice, context: DecisionContext): Respond {
  const models = choice.models.length === 0 ? ['none'] : choice.models;
  const noRoute = context.form === 'early' ? 'null' : null;
  const body = JSON.stringify({
    model: models[0],
    models,
    route: choice.route ?? noRoute,
    trace_id: context.traceId,
    ...(context.sessionId === undefined ? {} : { session_id: context.sessionId }),
    pinned: choice.pinned,
    switched: false,
    reason: choice.reason,
    latency_ms: round(choice.milliseconds),
  });
  return respondJson(body, 'pointsman_decision');
}

export function respondError(error: GatewayError, dialect: DialectModule): Respond {
  return {
    type: 'respond',
    status: error.status,
    headers: JSON_HEADERS,
    body: dialect.encodeError(error),
    details: `pointsman_${error.kind.replaceAll('-', '_')}`,
  };
}

/** Errors of the decision endpoints: Plano's body, with the field in `details` and OpenAI's members beside. */
export function respondDecisionError(error: GatewayError): Respond {
  const body = JSON.stringify({
    error: {
      code: error.kind === 'internal' ? 'InternalError' : 'InvalidRequest',
      message: error.message,
      type: error.kind === 'internal' ? 'server_error' : 'invalid_request_error',
      param: error.param ?? null,
      details: error.param === undefined ? {} : { field: error.param },
    },
  });
  const details = `pointsman_${error.kind.replaceAll('-', '_')}`;
  return { type: 'respond', status: error.status, headers: JSON_HEADERS, body, details };
}

/** Milliseconds with two decimals. */
export function round(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
