// Every header that belongs to the gateway: who sets it, who reads it, who strips it. Client copies of the request
// headers are stripped at the door by Envoy (envoy/listener.ts), and none of them reaches a provider.

import type { Dialect } from './dialect.ts';

/** Request header. Set by the request stage, read by Envoy's `cluster_header`, stripped by the route. */
export const CLUSTER_HEADER = 'x-pointsman-cluster';

/**
 * Members of METADATA_NAMESPACE, numbered from 2: the clusters of the attempts after the first, where there are any. Set by
 * the request stage, read by the cluster specifier.
 */
export function clusterMember(attempt: number): string {
  return `cluster_${attempt}`;
}

/**
 * Request header. Set by Envoy at the door, to ONE_TARGET; by the request stage, where there are more, to MANY_TARGETS. Envoy
 * chooses the virtual host by it, which strips it.
 */
export const TARGETS_HEADER = 'x-pointsman-targets';
export const ONE_TARGET = 'one';
export const MANY_TARGETS = 'many';

/** Request header. Set by Envoy on requests with more than one target: the number of the attempt, from 2 on. */
export const ATTEMPT_HEADER = 'x-envoy-attempt-count';

/** Attempts of one request, over all its targets; Envoy's configuration knows so many. */
export const MOST_ATTEMPTS = 8;

/** Member of METADATA_NAMESPACE: `1` where the first target's answer has to be translated. Read by the response filter. */
export const TRANSLATE_MEMBER = 'translate';

/** Member of METADATA_NAMESPACE: `1` on the last attempt that a request gets, where that is a later one. Set by the retry stage. */
export const LAST_MEMBER = 'last';

/** Member of METADATA_NAMESPACE: the bytes of a later attempt's body, which Envoy makes its `content-length`. */
export const LENGTH_MEMBER = 'length';

/** Member of METADATA_NAMESPACE: the order of attempts, for the retry stage. See plan/plan.ts. */
export const PLAN_MEMBER = 'plan';

/** Member of METADATA_NAMESPACE: how the first answer is to be read, for the response stage. See translate/translation.ts. */
export const TRANSLATION_MEMBER = 'translation';

/** Response header inside Envoy: a retry-after that is to be waited for, since the next attempt stays on its target. */
export const WAIT_HEADER = 'x-pointsman-wait';

/** Request header to the service, on the gRPC stream itself: which of our filters is speaking. Absent = the request stage. */
export const STAGE_HEADER = 'x-pointsman-stage';
export type StageName = 'retry' | 'response';

/** Request header. Set by the client: the session that keeps its first choice. Stripped by the route. */
export const AFFINITY_HEADER = 'x-model-affinity';

/** Response headers, filled from the dynamic metadata of METADATA_NAMESPACE by the route. */
export const RESPONSE_HEADER_OF_METADATA: Readonly<Record<string, string>> = {
  model: 'x-pointsman-model',
  route: 'x-pointsman-route',
  reason: 'x-pointsman-reason',
  decision_ms: 'x-pointsman-decision-ms',
  warnings: 'x-pointsman-warnings',
};

/** Envoy dynamic metadata namespace in which the request stage says what it decided. */
export const METADATA_NAMESPACE = 'pointsman';

/** Envoy's attribute that names the cluster of the attempt at hand. */
export const CLUSTER_ATTRIBUTE = 'xds.cluster_name';

/** Envoy dynamic metadata namespace for the body that later attempts are made from; forwarded to the retry stage only. */
export const ORIGINAL_NAMESPACE = 'pointsman.original';
export const ORIGINAL_MEMBER = 'body';

/**
 * Every header a client may bring its credentials in, or say whose account they belong to: OpenAI refuses a key together
 * with another account's organization or project. All are removed before the target's own are set.
 */
export const CREDENTIAL_HEADERS: readonly string[] = [
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  // Azure's API Management
  'ocp-apim-subscription-key',
  'x-goog-user-project',
  'openai-organization',
  'openai-project',
  'chatgpt-account-id',
];

/** What Envoy adds where it signs for AWS: of that attempt alone. The token is a secret. */
export const SIGNATURE_HEADERS: readonly string[] = [
  'x-amz-date',
  'x-amz-content-sha256',
  'x-amz-security-token',
];

/** What kinds of answer are taken. A translated attempt replaces them. */
export const ACCEPT_HEADERS: readonly string[] = ['accept', 'accept-encoding'];

/**
 * Headers that mean something to one vendor only, by the dialect it speaks. They pass where the target speaks that dialect
 * too, and reach nobody else.
 */
export const VENDOR_HEADERS: Readonly<Record<Dialect, readonly string[]>> = {
  'openai-chat': ['openai-beta'],
  'openai-responses': ['openai-beta'],
  'anthropic-messages': ['anthropic-version', 'anthropic-beta', 'anthropic-dangerous-direct-browser-access'],
  gemini: ['x-goog-api-client', 'x-server-timeout'],
  'bedrock-converse': [],
};
