// One router chain for a command that decides in the foreground. Called by `route` and `eval`.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GatewayConfig, RoutingConfig } from '../config/gateway-config.ts';
import type { Route } from '../contract/route.ts';
import type { Turn } from '../conversation/turn.ts';
import { ArchRouter } from '../decide/arch-router/arch-router.ts';
import { type EmbeddedModel, loadEmbeddedModel } from '../decide/embedded/embedded-model.ts';
import { EmbeddedRouter } from '../decide/embedded/embedded-router.ts';
import type { ChainDecision } from '../decide/router-chain.ts';
import { routesIdOf } from '../decide/routes-id.ts';
import { createRouterChain } from '../gateway.ts';
import { createLog } from '../telemetry/log.ts';
import type { CommandIo } from './command-io.ts';

export const MODEL_DIRECTORY: string = path.join(fileURLToPath(new URL('../..', import.meta.url)), 'model');

export interface Decider {
  /** `auto` is resolved: a command waits to find out whether there is a model server. */
  readonly engine: RoutingConfig['engine'];
  /** Undefined where nothing is to be routed. */
  readonly embedded: LoadedRouter | undefined;
  decide(routes: readonly Route[], turns: readonly Turn[]): Promise<ChainDecision>;
}

/** Nothing is cached, so that every decision is one. */
export async function createDecider(config: GatewayConfig, io: CommandIo): Promise<Decider> {
  const engine = await resolveEngine(config.routing);
  const embedded = engine === 'none' ? undefined : await loadEmbedded(config.routing);
  const chain = createRouterChain({
    config: { ...config, routing: { ...config.routing, engine, cacheEntries: 0 } },
    embedded: embedded?.router,
    count: () => {},
    log: createLog(io.stderr, () => new Date()),
  });
  return {
    engine,
    embedded,
    async decide(routes, turns) {
      // The first question about routes pays for reading them; a gateway has read its own before it serves.
      await embedded?.router.prepare(routes, new AbortController().signal);
      const question = { routes, routesId: routesIdOf(routes), turns };
      return await chain.decide(question, config.routing.timeout, new AbortController().signal);
    },
  };
}

export interface LoadedRouter {
  readonly model: EmbeddedModel;
  readonly router: EmbeddedRouter;
}

export async function loadEmbedded({ threshold }: RoutingConfig): Promise<LoadedRouter> {
  const model = await loadEmbeddedModel(MODEL_DIRECTORY);
  return { model, router: new EmbeddedRouter(model, { threshold }) };
}

async function resolveEngine(routing: RoutingConfig): Promise<RoutingConfig['engine']> {
  if (routing.engine !== 'auto') return routing.engine;
  const server = new ArchRouter(routing);
  try {
    return (await server.checkServer()).length === 0 ? 'cascade' : 'embedded';
  } finally {
    server.close();
  }
}
