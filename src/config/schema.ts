// The shape of a configuration file: both generations of Plano's keys and ours, strict at every level. Built once when
// the module loads. What depends on more than one value is checked after it (targets.ts, policy.ts, …).

import * as z from 'zod';
import { closestName } from './closest-name.ts';
import type {
  ConfigFile,
  ConversationStoreEntry,
  FailoverEntry,
  ListenerEntry,
  PreferenceEntry,
  ProviderEntry,
  RoutingEntry,
} from './config-file.ts';
import { FAILOVER_CONDITIONS } from './failover-settings.ts';
import {
  legacyListeners,
  listenerExtras,
  overrides,
  providerExtras,
  routingExtras,
  tracing,
  unusedSections,
} from './plano-schema.ts';
import { byteSize, duration, durationOrNone, port, text, texts } from './schema-values.ts';

const inlinePreference = z.strictObject({ name: text, description: text, examples: texts.optional() });

const preference = inlinePreference.extend({
  models: z.array(text).min(1),
  selection_policy: z
    .strictObject({ prefer: z.enum(['cheapest', 'fastest', 'long_context_quality', 'none']) })
    .optional(),
});

const provider = z.strictObject({
  model: text,
  name: text.optional(),
  access_key: text.optional(),
  default: z.boolean().optional(),
  base_url: text.optional(),
  passthrough_auth: z.boolean().optional(),
  http_host: text.optional(),
  provider_interface: text.optional(),
  headers: z.record(z.string(), z.string()).optional(),
  routing_preferences: z.array(inlinePreference).optional(),
  fallback: texts.optional(),
  tls: z.strictObject({ ca_file: text.optional(), sni: text.optional() }).optional(),
  ...providerExtras,
});

const listener = z.strictObject({
  type: z.enum(['model', 'model_listener', 'prompt', 'agent']),
  name: text.optional(),
  port: port.optional(),
  address: text.optional(),
  timeout: duration.optional(),
  max_retries: z.number().int().min(0).max(10).optional(),
  per_try_timeout: durationOrNone.optional(),
  idle_timeout: durationOrNone.optional(),
  ...listenerExtras,
});

const routing = z.strictObject({
  engine: z.enum(['auto', 'cascade', 'arch-router', 'embedded', 'none']).optional(),
  base_url: text.optional(),
  model: text.optional(),
  access_key: text.optional(),
  timeout: duration.optional(),
  threshold: z.number().min(0).max(1).optional(),
  confidence: z.number().min(0).max(1).optional(),
  cache_entries: z.number().int().min(0).max(1_000_000).optional(),
  session_ttl_seconds: z.number().int().min(1).max(31_536_000).optional(),
  session_max_entries: z.number().int().min(1).max(1_000_000).optional(),
  session_cache: z
    .strictObject({
      type: z.enum(['memory', 'redis']).optional(),
      url: text.optional(),
      tenant_header: text.optional(),
    })
    .optional(),
  /** Plano's names for the entry that is the router. */
  llm_provider: text.optional(),
  model_provider: text.optional(),
  ...routingExtras,
});

/** One of FAILOVER_CONDITIONS, or a single status, with or without quotes. */
const failoverCondition = z.unknown().transform((written, context): string => {
  const condition = typeof written === 'number' ? `${written}` : written;
  const isText = typeof condition === 'string';
  if (isText && (/^[45]\d\d$/.test(condition) || FAILOVER_CONDITIONS.some((name) => name === condition))) {
    return condition;
  }
  const meant = isText ? closestName(condition, FAILOVER_CONDITIONS) : undefined;
  const hint =
    meant === undefined
      ? `write one of ${FAILOVER_CONDITIONS.join(', ')}, or a status from 400 to 599`
      : `did you mean ${meant}?`;
  context.issues.push({
    code: 'custom',
    message: `this is no reason to try the next model; ${hint}`,
    input: written,
  });
  return z.NEVER;
});

const failover = z.strictObject({
  on: z.array(failoverCondition).min(1).optional(),
  attempts_per_target: z.number().int().min(1).max(5).optional(),
  per_try_timeout: durationOrNone.optional(),
  first_byte_timeout: duration.optional(),
  back_off: z.strictObject({ base: duration.optional(), max: duration.optional() }).optional(),
  outlier_detection: z
    .strictObject({
      consecutive_failures: z.number().int().min(0).max(1000).optional(),
      ejection_time: duration.optional(),
    })
    .optional(),
});

const conversationStore = z.strictObject({
  type: z.enum(['memory', 'redis', 'none']).optional(),
  ttl: duration.optional(),
  max_bytes: byteSize.optional(),
  max_entries: z.number().int().min(1).max(10_000_000).optional(),
  url: text.optional(),
  timeout: duration.optional(),
});

const singles = {
  model_aliases: z.record(z.string(), z.strictObject({ target: text })).optional(),
  overrides: overrides.optional(),
  routing: (routing satisfies z.ZodType<RoutingEntry>).optional(),
  workers: z.number().int().min(1).max(256).optional(),
  max_body_bytes: byteSize.optional(),
  metrics: z.strictObject({ address: text.optional(), port }).optional(),
  drain_timeout: durationOrNone.optional(),
  tracing: tracing.optional(),
  conversation_store: (conversationStore satisfies z.ZodType<ConversationStoreEntry>).optional(),
  failover: (failover satisfies z.ZodType<FailoverEntry>).optional(),
  ...unusedSections,
};

const lists = {
  model_providers: z.array(provider).optional(),
  llm_providers: z.array(provider).optional(),
  routing_preferences: z.array(preference).optional(),
};

const listenerForms = {
  list: z.strictObject({ ...singles, ...lists, listeners: z.array(listener).optional() }),
  legacy: z.strictObject({ ...singles, ...lists, listeners: legacyListeners.optional() }),
};

/** The strict schema for a file; `listeners` has two forms. */
export function schemaFor(value: Readonly<Record<string, unknown>>): z.ZodType {
  return isMapping(value['listeners']) ? listenerForms.legacy : listenerForms.list;
}

const LIST_ENTRIES: Readonly<Record<string, z.ZodType>> = {
  model_providers: provider satisfies z.ZodType<ProviderEntry>,
  llm_providers: provider,
  routing_preferences: preference satisfies z.ZodType<PreferenceEntry>,
  listeners: listener satisfies z.ZodType<ListenerEntry>,
};

/** Reads whatever fits, so that one mistake does not hide the next. */
export function readLeniently(value: Readonly<Record<string, unknown>>): ConfigFile {
  const file: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(singles)) {
    const read = Object.hasOwn(value, key) ? z.safeParse(schema, value[key]) : undefined;
    if (read?.success && read.data !== undefined) file[key] = read.data;
  }
  for (const [key, entry] of Object.entries(LIST_ENTRIES)) {
    const items = Object.hasOwn(value, key) ? value[key] : undefined;
    if (Array.isArray(items)) file[key] = items.map((item) => entry.safeParse(item).data ?? null);
  }
  if (isMapping(value['listeners'])) file['listeners'] = legacyListeners.safeParse(value['listeners']).data;
  return file;
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
