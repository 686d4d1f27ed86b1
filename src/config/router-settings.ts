// The routing block, and Plano's ways of naming the model that decides. Called by load-config.ts.

import { parseEndpoint } from '../providers/endpoint.ts';
import type { ConfigPath } from './config-error.ts';
import type { ConfigFile, ProviderEntry } from './config-file.ts';
import { readKey } from './credential.ts';
import type { GatewayConfig, RoutingConfig } from './gateway-config.ts';
import type { LoadContext } from './load-context.ts';
import { providersKey } from './targets.ts';

const DEFAULTS: RoutingConfig = {
  engine: 'auto',
  // Ollama's own default: https://docs.ollama.com/faq
  baseUrl: 'http://127.0.0.1:11434',
  model: 'hf.co/katanemo/Arch-Router-1.5B.gguf:Q4_K_M',
  timeout: 2000,
  threshold: 0.6,
  // model/calibration.json has the same; a test keeps it so.
  confidence: 0.8,
  cacheEntries: 4096,
};

/** Plano's names for its own models: entries of these providers decide, they do not answer. */
const ROUTER_PROVIDERS: ReadonlySet<string> = new Set(['plano', 'arch']);

export interface RouterSettings {
  readonly routing: RoutingConfig;
  readonly affinity: GatewayConfig['affinity'];
  /** Indexes of provider entries that are routers and no models to call. */
  readonly routers: ReadonlySet<number>;
}

/**
 * `routing` wins. Else `overrides.llm_routing_model: plano/NAME` sets the model, and where it names a provider entry
 * with a `base_url`, that is the router's endpoint (Plano's documented set-up for an Arch-Router in Ollama).
 */
export function readRouterSettings(file: ConfigFile, context: LoadContext): RouterSettings {
  const block = file.routing ?? {};
  const named = readNamedRouter(file, context);
  if (block.base_url !== undefined) checkUrl(block.base_url, ['routing', 'base_url'], context);
  // Plano's routing.model is the name that its own hosted router has; the entry says which model its server has.
  const isEntryModel = named?.isFromRouting === true && named.baseUrl !== undefined && !block.base_url;
  if (isEntryModel) {
    if (block.model !== undefined && block.model !== named.model)
      context.warn(
        `routing.model: not used; ${named.where} names an entry, whose server is asked for ${named.model}`,
      );
  } else if (named !== undefined && (block.base_url !== undefined || block.model !== undefined)) {
    context.warn(`${named.where}: not used where routing sets base_url or model`);
  }
  return {
    routing: {
      engine: block.engine ?? DEFAULTS.engine,
      baseUrl: (block.base_url ?? named?.baseUrl ?? DEFAULTS.baseUrl).replace(/\/+$/, ''),
      model: (isEntryModel ? named.model : (block.model ?? named?.model)) ?? DEFAULTS.model,
      accessKey: readAccessKey(file, named, context),
      timeout: block.timeout ?? DEFAULTS.timeout,
      threshold: block.threshold ?? DEFAULTS.threshold,
      confidence: block.confidence ?? DEFAULTS.confidence,
      cacheEntries: block.cache_entries ?? DEFAULTS.cacheEntries,
    },
    affinity: {
      ttl: (block.session_ttl_seconds ?? 600) * 1000,
      maxEntries: block.session_max_entries ?? 10_000,
    },
    routers: findRouters(file, named?.entryIndex, context),
  };
}

/** The router's own key. That of a provider entry goes to the server of that entry and nowhere else. */
function readAccessKey(
  file: ConfigFile,
  named: NamedRouter | undefined,
  context: LoadContext,
): string | undefined {
  const own = file.routing?.access_key;
  if (own !== undefined) return readSetKey(own, ['routing', 'access_key'], context);
  if (file.routing?.base_url !== undefined || named?.baseUrl === undefined) return undefined;
  const key = providersKey(file);
  const written = file[key]?.[named.entryIndex ?? -1]?.access_key;
  return written && readSetKey(written, [key, named.entryIndex ?? -1, 'access_key'], context);
}

function readSetKey(written: string, path: ConfigPath, context: LoadContext): string | undefined {
  const isUnset = context.unsetVariables(path).length > 0 || context.problems.has(path);
  return isUnset ? undefined : readKey(written, path, context);
}

interface NamedRouter {
  readonly where: string;
  readonly model: string;
  readonly baseUrl: string | undefined;
  readonly isFromRouting: boolean;
  readonly entryIndex: number | undefined;
}

function readNamedRouter(file: ConfigFile, context: LoadContext): NamedRouter | undefined {
  const candidates: readonly [where: string, name: string | undefined][] = [
    ['overrides.llm_routing_model', file.overrides?.llm_routing_model],
    ['overrides.router_model', file.overrides?.router_model],
    ['routing.model_provider', file.routing?.model_provider],
    ['routing.llm_provider', file.routing?.llm_provider],
  ];
  const [where, name] = candidates.find(([, written]) => written !== undefined) ?? [];
  if (where === undefined || name === undefined) return undefined;
  const entries = file[providersKey(file)] ?? [];
  const entryIndex = entries.findIndex((entry) => entry?.model === name || entry?.name === name);
  const entry = entries[entryIndex] ?? undefined;
  const fullName = entry?.model ?? name;
  if (/orchestrator/i.test(fullName)) {
    context.warn(
      `${where}: Plano-Orchestrator is not supported; routing.engine and routing.model decide instead`,
    );
    return undefined;
  }
  const fromPlano = entry === undefined ? ROUTER_PROVIDERS.has(providerOf(fullName)) : isRouter(entry);
  if (
    (!fullName.includes('/') && !fromPlano) ||
    (entry === undefined ? !fromPlano : !fromPlano && entry.base_url === undefined)
  ) {
    context.warn(
      `${where}: not used; it must be plano/MODEL, or name a model_providers entry with the base_url of an Arch-Router`,
    );
    return undefined;
  }
  const baseUrl = entry?.base_url;
  if (baseUrl !== undefined && fromPlano) {
    checkUrl(baseUrl, [providersKey(file), entryIndex, 'base_url'], context);
  }
  return {
    where,
    model: fullName.slice(fullName.indexOf('/') + 1),
    baseUrl,
    isFromRouting: where.startsWith('routing.'),
    entryIndex: entry === undefined ? undefined : entryIndex,
  };
}

function findRouters(file: ConfigFile, named: number | undefined, context: LoadContext): ReadonlySet<number> {
  const key = providersKey(file);
  const routers = new Set<number>();
  for (const [index, entry] of (file[key] ?? []).entries()) {
    if (entry === null || !isRouter(entry)) continue;
    routers.add(index);
    if (index !== named)
      context.warn(`${key}[${index}]: ${entry.model} is a model of Plano's own and is not used`);
  }
  return routers;
}

function isRouter(entry: ProviderEntry): boolean {
  const spoken = entry.provider_interface ?? '';
  return ROUTER_PROVIDERS.has(providerOf(entry.model)) || ROUTER_PROVIDERS.has(spoken);
}

function providerOf(model: string): string {
  return model.slice(0, Math.max(0, model.indexOf('/')));
}

function checkUrl(url: string, path: ConfigPath, { problems }: LoadContext): void {
  const endpoint = parseEndpoint(url);
  if ('message' in endpoint) problems.add(path, endpoint.message, endpoint.hint);
}
