// Once at start, in the background: is the router's model server there, and has it the model loaded? What is found is
// for the operator's eyes; requests do not wait for it, and a stop does not either.

import type { GatewayConfig } from '../config/gateway-config.ts';
import { ArchRouter, CHECK_LIMIT_MS, WARM_UP_LIMIT_MS } from '../decide/arch-router/arch-router.ts';
import { routesIdOf } from '../decide/routes-id.ts';
import type { Log } from '../telemetry/log.ts';

/** @param signal ends it without a word */
export async function warmUpArchRouter(config: GatewayConfig, log: Log, signal: AbortSignal): Promise<void> {
  const { engine, baseUrl, model, accessKey } = config.routing;
  const routes = config.policy?.routes ?? [];
  if (engine === 'embedded' || engine === 'none' || routes.length === 0) return;
  const router = new ArchRouter({ baseUrl, model, accessKey });
  try {
    const findings = await router.checkServer(AbortSignal.any([signal, AbortSignal.timeout(CHECK_LIMIT_MS)]));
    if (signal.aborted) return;
    for (const finding of findings) log(engine === 'auto' ? 'info' : 'warn', finding);
    if (findings.length > 0) {
      log(engine === 'auto' ? 'info' : 'warn', 'decisions are made by the embedded router meanwhile');
      return;
    }
    const routesId = routesIdOf(routes);
    const begun = performance.now();
    const question = { routes, routesId, turns: [{ role: 'user', text: 'Hello' }] } as const;
    await router.warmUp(question, AbortSignal.any([signal, AbortSignal.timeout(WARM_UP_LIMIT_MS)]));
    log('info', 'Arch-Router is loaded', { model, milliseconds: Math.round(performance.now() - begun) });
  } catch (error) {
    if (signal.aborted) return;
    log('warn', 'Arch-Router could not be warmed up', {
      cause: error instanceof Error ? error.message : String(error),
    });
  } finally {
    router.close();
  }
}
