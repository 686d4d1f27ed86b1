// The names that a span's attributes go by: those of OpenTelemetry's conventions, and ours beside them. Written out here,
// since the constants of its packages for GenAI are deprecated. Read by otlp-tracing.ts.
// https://github.com/open-telemetry/semantic-conventions-genai and https://opentelemetry.io/docs/specs/semconv/http/

export const SPAN_NAME = 'pointsman.request';

/** An attempt at a provider that failed, with CLUSTER and CAUSE. */
export const ATTEMPT_SPAN_NAME = 'pointsman.failed_attempt';
export const CLUSTER = 'pointsman.cluster';

/** An attempt after the first, with MODEL, GEN_AI_PROVIDER_NAME, ATTEMPT and a WARNING_EVENT for each warning. */
export const LATER_ATTEMPT_SPAN_NAME = 'pointsman.later_attempt';
/** From 2. */
export const ATTEMPT = 'pointsman.attempt';

export const HTTP_REQUEST_METHOD = 'http.request.method';
export const HTTP_RESPONSE_STATUS_CODE = 'http.response.status_code';
export const URL_PATH = 'url.path';

/** What the client named. */
export const GEN_AI_REQUEST_MODEL = 'gen_ai.request.model';
export const GEN_AI_PROVIDER_NAME = 'gen_ai.provider.name';

export const ROUTE = 'pointsman.route';
export const REASON = 'pointsman.reason';
/** `provider/model` that answers. */
export const MODEL = 'pointsman.model';
/** On the span: the router that answered. On an event: the one that did not. */
export const ENGINE = 'pointsman.engine';
/** 0 to 1; only of a router that gives probabilities. */
export const CONFIDENCE = 'pointsman.confidence';
/** `agreed`, `changed` or `failed`, where Arch-Router was asked because the embedded router was not sure. */
export const CASCADE = 'pointsman.cascade';
export const DECISION_MS = 'pointsman.decision_ms';
export const CAUSE = 'pointsman.cause';

/** One for each router that gave no answer, with ENGINE and CAUSE. */
export const FALLBACK_EVENT = 'pointsman.router_fallback';

/** One for each thing that a translation left out or changed, with PARAM and WARNING. */
export const WARNING_EVENT = 'pointsman.translation_warning';
export const PARAM = 'pointsman.param';
export const WARNING = 'pointsman.warning';

/** Providers whose name in the conventions is not the one they have in a configuration. */
const CONVENTIONAL_NAMES: ReadonlyMap<string, string> = new Map([
  ['amazon_bedrock', 'aws.bedrock'],
  ['azure_openai', 'azure.ai.openai'],
  ['gemini', 'gcp.gemini'],
  ['mistral', 'mistral_ai'],
  ['vertex_ai', 'gcp.vertex_ai'],
  ['xai', 'x_ai'],
]);

export function conventionalProviderName(provider: string): string {
  return CONVENTIONAL_NAMES.get(provider) ?? provider;
}

const METHODS: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
]);

/** A client may send any word as its method; the conventions name those that are none. */
export function conventionalMethod(method: string): string {
  return METHODS.has(method) ? method : '_OTHER';
}
