// The composition root of a worker: configuration in, a gRPC server that answers Envoy out. It alone knows which parts
// make up the service; each part gets what it needs from here.

import type { GatewayConfig } from './config/gateway-config.ts';
import type { GatewayError } from './contract/gateway-error.ts';
import { ArchRouter } from './decide/arch-router/arch-router.ts';
import type { IntentRouter } from './decide/intent-router.ts';
import { RouterChain } from './decide/router-chain.ts';
import { GrpcServer } from './extproc/grpc-server.ts';
import type { SessionPins } from './request/choose-route.ts';
import { createSeeds } from './request/exchange-seed.ts';
import { createRequestStage } from './request/request-stage.ts';
import { createResponseStage } from './response/response-stage.ts';
import { createRetryStage } from './retry/retry-stage.ts';
import type { Log } from './telemetry/log.ts';
import type { RequestTracer } from './telemetry/request-tracer.ts';

export interface GatewayParts {
  readonly config: GatewayConfig;
  /** Undefined where no process holds the embedded model. */
  readonly embedded: IntentRouter | undefined;
  readonly pins: SessionPins;
  readonly count: (name: string, labels: Record<string, string>) => void;
  readonly log: Log;
  /** Undefined = no traces. */
  readonly tracer?: RequestTracer | undefined;
}

/** The decision engines in their order, as the configuration wants them. */
export function createRouterChain({ config, embedded, count, log }: Omit<GatewayParts, 'pins'>): RouterChain {
  const { engine, baseUrl, model, accessKey, cacheEntries } = config.routing;
  const asksArchRouter = engine === 'auto' || engine === 'arch-router';
  return new RouterChain({
    engine,
    ...(asksArchRouter ? { archRouter: new ArchRouter({ baseUrl, model, accessKey }) } : {}),
    ...(embedded === undefined ? {} : { embedded }),
    cacheEntries,
    now: () => performance.now(),
    count,
    log,
  });
}

/** A server that is not listening yet. */
export function createGateway(parts: GatewayParts): GrpcServer {
  const { config, pins, log, tracer, count } = parts;
  const onInternalError = (error: GatewayError): void =>
    log('error', 'a request failed inside the gateway', { cause: describe(error.cause) });
  const onUnreadable = (cause: unknown): void => {
    count('pointsman_unreadable_answers_total', {});
    log('warn', "a provider's answer could not be read", { cause: describe(cause) });
  };
  const request = createRequestStage({
    config,
    decider: createRouterChain(parts),
    pins,
    tracer,
    newSeed: createSeeds(),
    unixTime: () => Math.floor(Date.now() / 1000),
    onInternalError,
  });
  return new GrpcServer({
    stages: {
      request,
      retry: createRetryStage({ config, count, onInternalError, onUnreadable }),
      response: createResponseStage(onUnreadable),
    },
    maxBodyBytes: config.listener.maxBodyBytes,
    onError: (message, cause) => log('error', message, { cause: describe(cause) }),
  });
}

/** The error's own text and place: enough to find the fault, and nothing of the request. */
function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
