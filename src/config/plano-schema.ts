// Keys of Plano's configuration that this version accepts without acting on them (unused-keys.ts says so for each). They
// are still checked, so that a typing mistake does not go unseen. Only schema.ts uses this.

import * as z from 'zod';
import type { LegacyListeners, OverridesEntry, TracingEntry } from './config-file.ts';
import { duration, opaque, port, positiveInteger, text, texts } from './schema-values.ts';

/** Keys, by their dotted path, whose texts keep their `$VAR`: a variable that nobody reads need not be set. */
export const UNUSED_SECTIONS: ReadonlySet<string> = new Set([
  'agents',
  'endpoints',
  'error_target',
  'filters',
  'mode',
  'model_metrics_sources',
  'prompt_caching',
  'prompt_guards',
  'prompt_targets',
  'ratelimits',
  'state_storage',
  'state_storage_v1_responses',
  'system_prompt',
  'tracing.custom_attributes',
  'tracing.exporters',
  'tracing.span_attributes',
]);

const agent = z.strictObject({
  id: text,
  url: text.optional(),
  description: text.optional(),
  default: z.boolean().optional(),
  input_filters: texts.optional(),
  filter_chain: texts.optional(),
  streaming: z.boolean().optional(),
  type: text.optional(),
  transport: text.optional(),
  tool: text.optional(),
});

export const listenerExtras: z.ZodRawShape = {
  router: text.optional(),
  agents: z.array(agent).optional(),
  input_filters: texts.optional(),
  output_filters: texts.optional(),
  filter_chain: texts.optional(),
};

/** Of an entry of `model_providers`. */
export const providerExtras: z.ZodRawShape = {
  arbitrage_policy: opaque.optional(),
  capabilities: opaque.optional(),
  max_retries: opaque.optional(),
  retry: opaque.optional(),
  retry_backoff_base_ms: opaque.optional(),
  retry_backoff_max_ms: opaque.optional(),
  retry_on_ratelimit: opaque.optional(),
  retry_policy: opaque.optional(),
  retry_to_same_provider: opaque.optional(),
};

/** Of the block `routing`. */
export const routingExtras: z.ZodRawShape = {
  route_on_user_turn: opaque.optional(),
  routing_budget: opaque.optional(),
};

const legacyListener = z.strictObject({
  address: text.optional(),
  port: port.optional(),
  message_format: text.optional(),
  timeout: duration.optional(),
});

/** The form before version 0.3: a mapping of two. `egress_traffic` is the model listener. */
export const legacyListeners: z.ZodType<LegacyListeners> = z.strictObject({
  ingress_traffic: legacyListener.optional(),
  egress_traffic: legacyListener.optional(),
});

const ratelimit = z.strictObject({
  model: text,
  selector: z.strictObject({ key: text, value: text.optional() }),
  limit: z.strictObject({ tokens: positiveInteger, unit: z.enum(['second', 'minute', 'hour', 'day']) }),
});

const metricsSource = z.strictObject({
  // Both spellings that Plano documented.
  type: z.enum(['cost', 'latency', 'cost_metrics', 'digitalocean_pricing', 'prometheus_metrics']),
  provider: text.optional(),
  url: text.optional(),
  query: text.optional(),
  refresh_interval: positiveInteger.optional(),
  model_aliases: z.record(z.string(), text).optional(),
  auth: z.strictObject({ type: text, token: text }).optional(),
});

/** Two of its keys are acted on. */
export const tracing: z.ZodType<TracingEntry> = z.strictObject({
  random_sampling: z.number().min(0).max(100).optional(),
  sampling_rate: z.number().optional(),
  trace_arch_internal: z.boolean().optional(),
  opentracing_grpc_endpoint: text.optional(),
  custom_attributes: opaque.optional(),
  span_attributes: z
    .strictObject({ header_prefixes: texts.optional(), static: z.record(z.string(), z.string()).optional() })
    .optional(),
  exporters: z.array(opaque).optional(),
});

const guardException = z.strictObject({
  message: text.optional(),
  error_handler: text.optional(),
  forward_to_error_target: z.boolean().optional(),
});

const promptGuards = z.strictObject({
  input_guards: z.strictObject({
    jailbreak: z.strictObject({ on_exception: guardException.optional() }).optional(),
  }),
});

const endpoint = z.strictObject({
  endpoint: text,
  connect_timeout: text.optional(),
  protocol: text.optional(),
  http_host: text.optional(),
});

export const unusedSections: z.ZodRawShape = {
  version: z.unknown().optional(),
  agents: z.array(agent).optional(),
  endpoints: z.record(z.string(), endpoint).optional(),
  error_target: opaque.optional(),
  filters: z.array(agent).optional(),
  mode: text.optional(),
  model_metrics_sources: z.array(metricsSource).optional(),
  prompt_caching: opaque.optional(),
  prompt_guards: promptGuards.optional(),
  prompt_targets: z.array(opaque).optional(),
  ratelimits: z.array(ratelimit).optional(),
  state_storage: z.strictObject({ type: text, connection_string: text.optional() }).optional(),
  state_storage_v1_responses: opaque.optional(),
  system_prompt: text.optional(),
};

export const overrides: z.ZodType<OverridesEntry> = z.strictObject({
  llm_routing_model: text.optional(),
  /** Early name of `llm_routing_model`. */
  router_model: text.optional(),
  upstream_tls_ca_path: text.optional(),
  upstream_connect_timeout: text.optional(),
  upstream_timeout_ms: z.number().optional(),
  prompt_target_intent_matching_threshold: z.number().optional(),
  optimize_context_window: z.boolean().optional(),
  use_agent_orchestrator: z.boolean().optional(),
  agent_orchestration_model: text.optional(),
  orchestrator_model: text.optional(),
  orchestrator_model_context_length: positiveInteger.optional(),
  disable_signals: z.boolean().optional(),
  empty_pool_behavior: text.optional(),
  model_capabilities_source: opaque.optional(),
});
