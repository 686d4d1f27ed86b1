// Every header that belongs to the gateway: who sets it, who reads it, who strips it. Client copies of the request
// headers are stripped at the door by Envoy (envoy/routes.ts), and none of them reaches a provider.

/** Request header. Set by the request stage, read by Envoy's `cluster_header`, stripped by the route. */
export const CLUSTER_HEADER = 'x-pointsman-cluster';

/** Request header. Set by the client: the session that keeps its first choice. Stripped by the route. */
export const AFFINITY_HEADER = 'x-model-affinity';

/** Response headers, filled from the dynamic metadata of METADATA_NAMESPACE by the route. */
export const RESPONSE_HEADER_OF_METADATA: Readonly<Record<string, string>> = {
  model: 'x-pointsman-model',
  route: 'x-pointsman-route',
  reason: 'x-pointsman-reason',
  decision_ms: 'x-pointsman-decision-ms',
};

/** Envoy dynamic metadata namespace in which the request stage says what it decided. */
export const METADATA_NAMESPACE = 'pointsman';

/**
 * Every header a client may bring its credentials in, or say whose account they belong to: OpenAI refuses a key together
 * with another account's organization or project. All are removed before the target's own are set.
 */
export const CREDENTIAL_HEADERS: readonly string[] = [
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'openai-organization',
  'openai-project',
];
