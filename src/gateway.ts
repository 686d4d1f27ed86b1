// The composition root of a worker: configuration in, a gRPC server that answers Envoy out. It alone knows which parts
// make up the service; each part gets what it needs from here.

import type { GatewayConfig } from './config/gateway-config.ts';
import { keyRedactor } from './config/redact-keys.ts';
import { bufferBytes } from './contract/buffer-bytes.ts';
import type { GatewayError } from './contract/gateway-error.ts';
import type { Route } from './contract/route.ts';
import { ArchRouter } from './decide/arch-router/arch-router.ts';
import type { IntentRouter, RouterQuestion } from './decide/intent-router.ts';
import { RouterChain } from './decide/router-chain.ts';
import { routesIdOf } from './decide/routes-id.ts';
import { GrpcServer } from './extproc/grpc-server.ts';
import type { SessionPins } from './request/choose-route.ts';
import { createSeeds } from './request/exchange-seed.ts';
import { createRequestStage } from './request/request-stage.ts';
import { parentSpanOf } from './request/trace-context.ts';
import { createResponseStage } from './response/response-stage.ts';
import { createRetryStage } from './retry/retry-stage.ts';
import type { ConversationStore } from './store/conversation-store.ts';
import type { Log } from './telemetry/log.ts';
import type { RequestTracer } from './telemetry/request-tracer.ts';

export interface GatewayParts {
  readonly config: GatewayConfig;
  /** Undefined where no process holds the embedded model. */
  readonly embedded: IntentRouter | undefined;
  readonly pins: SessionPins;
  /** Undefined = no answers are kept to be gone on from. */
  readonly conversations?: ConversationStore | undefined;
  readonly count: (name: string, labels: Record<string, string>) => void;
  readonly log: Log;
  /** Undefined = no traces. */
  readonly tracer?: RequestTracer | undefined;
}

/** The decision engines in their order, as the configuration wants them. */
export function createRouterChain({ config, embedded, count, log }: Omit<GatewayParts, 'pins'>): RouterChain {
  const { engine, baseUrl, model, accessKey, cacheEntries, confidence, timeout } = config.routing;
  const asksArchRouter = engine !== 'embedded' && engine !== 'none';
  return new RouterChain({
    engine,
    ...(asksArchRouter ? { archRouter: new ArchRouter({ baseUrl, model, accessKey }) } : {}),
    ...(embedded === undefined ? {} : { embedded }),
    confidence,
    timeout,
    cacheEntries,
    now: () => performance.now(),
    count,
    log,
  });
}

/** A server that is not listening yet. */
export function createGateway(parts: GatewayParts): GrpcServer {
  const { config, pins, conversations, log, tracer, count } = parts;
  const onInternalError = (error: GatewayError): void =>
    log('error', 'a request failed inside the gateway', { cause: describe(error.cause) });
  const onUnreadable = (cause: unknown): void => {
    count('pointsman_unreadable_answers_total', {});
    log('warn', "a provider's answer could not be read", { cause: describe(cause) });
  };
  const chain = createRouterChain(parts);
  const routes = config.policy?.routes ?? [];
  if (routes.length > 0) chain.lookForEngines(firstQuestion(routes));
  const request = createRequestStage({
    config,
    decider: chain,
    pins,
    conversations,
    tracer,
    newSeed: createSeeds(),
    unixTime: () => Math.floor(Date.now() / 1000),
    onInternalError,
  });
  return new GrpcServer({
    stages: {
      request,
      retry: createRetryStage({
        config,
        conversations,
        count,
        onInternalError,
        onUnreadable,
        onAttempt:
          tracer &&
          ((attempt, traceparent) => {
            const parent = parentSpanOf(traceparent);
            if (parent !== undefined) tracer.recordLaterAttempt({ ...attempt, parent });
          }),
      }),
      response: createResponseStage({
        report: onUnreadable,
        redact: keyRedactor(config.targets),
        keep: conversations && ((key, answer) => conversations.complete(key, answer)),
      }),
    },
    maxBodyBytes: bufferBytes(config.listener.maxBodyBytes),
    onError: (message, cause) => log('error', message, { cause: describe(cause) }),
    onFailedAttempt: (attempt) => {
      const { provider, reason, traceparent } = attempt;
      count('pointsman_failed_attempts_total', { provider, reason });
      const parent = parentSpanOf(traceparent);
      if (parent !== undefined) tracer?.recordAttempt({ ...attempt, parent });
    },
  });
}

/** Unlike what the supervisor warms a model server up with, so that no cached prompt makes it look fast. */
function firstQuestion(routes: readonly Route[]): RouterQuestion {
  const text = 'Which of these do I want, if I want any of them? I have not said anything yet.';
  return { routes, routesId: routesIdOf(routes), turns: [{ role: 'user', text }] };
}

/** The error's own text and place: enough to find the fault, and nothing of the request. */
function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
