// Says of every accepted key that this version does not act on it, and plainly where someone might think that it
// protects. Called by load-config.ts.

import type { ConfigFile } from './config-file.ts';
import type { LoadContext } from './load-context.ts';
import { providersKey } from './targets.ts';

const TOP_LEVEL: Readonly<Record<string, string>> = {
  ratelimits: 'accepted but NOT enforced by this version; no request is limited',
  prompt_guards: 'accepted but NOT enforced by this version; no prompt is checked',
  filters: 'accepted but NOT applied by this version; requests and answers pass unfiltered',
  agents: 'accepted but not served by this gateway; it routes to models only',
  endpoints: 'accepted but not used by this gateway; it routes to models only',
  prompt_targets: 'accepted but not served by this gateway; it routes to models only',
  error_target: 'accepted but not used by this gateway',
  system_prompt: 'accepted but not sent to any model by this version',
  model_metrics_sources: 'accepted but not read by this version; models keep the order of the file',
  prompt_caching: 'accepted but not acted on by this version',
  mode: 'accepted but not used by this gateway',
};

const OVERRIDES_IN_USE: ReadonlySet<string> = new Set([
  'llm_routing_model',
  'router_model',
  'upstream_tls_ca_path',
]);

const RETRIES =
  'accepted but not acted on by this version; max_retries of the model listener repeats failed requests at the same provider';

const PROVIDERS: Readonly<Record<string, string>> = {
  arbitrage_policy: 'accepted but not acted on by this version; no other provider is asked instead',
  capabilities: 'accepted but not acted on by this version',
  max_retries: RETRIES,
  retry: RETRIES,
  retry_backoff_base_ms: RETRIES,
  retry_backoff_max_ms: RETRIES,
  retry_on_ratelimit: RETRIES,
  retry_policy: RETRIES,
  retry_to_same_provider: RETRIES,
};

const ROUTING: Readonly<Record<string, string>> = {
  route_on_user_turn:
    'accepted but not acted on by this version; every request outside a pinned session is routed',
  routing_budget: 'accepted but not acted on by this version',
};

export function warnAboutUnusedKeys(file: ConfigFile, context: LoadContext): void {
  for (const [key, message] of Object.entries(TOP_LEVEL)) {
    const value = file[key];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0))
      context.warn(`${key}: ${message}`);
  }
  for (const [key, value] of Object.entries(file.overrides ?? {})) {
    if (value === undefined || OVERRIDES_IN_USE.has(key)) continue;
    context.warn(`overrides.${key}: accepted but not acted on by this version`);
  }
  const cache = file.routing?.session_cache;
  if (cache?.type === 'redis') {
    context.warn(
      'routing.session_cache: type: redis is not supported; sessions are kept in memory, shared by the workers of one instance but not between instances',
    );
  }
  if (cache?.tenant_header !== undefined) {
    context.warn(
      'routing.session_cache.tenant_header: NOT acted on; sessions of all tenants share one space of ids',
    );
  }
  for (const [name, message] of Object.entries(ROUTING))
    if (file.routing?.[name] !== undefined) context.warn(`routing.${name}: ${message}`);
  const key = providersKey(file);
  for (const [index, entry] of (file[key] ?? []).entries()) {
    for (const [name, message] of Object.entries(PROVIDERS))
      if (entry?.[name] !== undefined) context.warn(`${key}[${index}].${name}: ${message}`);
  }
}
