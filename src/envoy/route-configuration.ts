// Two virtual hosts, that the request stage chooses between: one for requests with more than one target, one for all others.
// Both lead to the clusters that it named.
// Retries, time limits and header hygiene live here.

import type { GatewayConfig, ListenerConfig } from '../config/gateway-config.ts';
import { servedCluster, skippableCluster } from '../contract/cluster-names.ts';
import {
  AFFINITY_HEADER,
  ATTEMPT_HEADER,
  CLUSTER_HEADER,
  MANY_TARGETS,
  METADATA_NAMESPACE,
  RESPONSE_HEADER_OF_METADATA,
  TARGETS_HEADER,
  WAIT_HEADER,
} from '../contract/owned-headers.ts';
import { clusterByAttempt, failoverRetryPolicy, keepClusters } from './failover-route.ts';
import { duration, type EnvoyMessage } from './json-config.ts';

/** What Envoy and its neighbours add, and what means nothing to a provider. */
const NOT_FOR_PROVIDERS = [
  CLUSTER_HEADER,
  TARGETS_HEADER,
  AFFINITY_HEADER,
  'x-envoy-external-address',
  'x-envoy-internal',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'forwarded',
  'via',
  'cookie',
  'cookie2',
  'proxy-authorization',
  'x-auth-token',
  'x-litellm-api-key',
  'x-portkey-api-key',
];

/**
 * What providers say of their own host and connection: cookies, which none gets back, and where and how else to reach it. And
 * whose account the gateway's key belongs to.
 */
const NOT_FOR_CLIENTS = [
  'set-cookie',
  'alt-svc',
  'strict-transport-security',
  'openai-organization',
  'openai-project',
  'anthropic-organization-id',
];

const RETRY_BACK_OFF = { base_interval: '0.1s', max_interval: '2s' };
/** A longer retry-after is not waited for: it is tried again after the ordinary pause, then the caller gets the answer. */
const LONGEST_RETRY_AFTER = '30s';

export function routeConfiguration({ listener, failover, clusters }: GatewayConfig): EnvoyMessage {
  const limits = { timeout: duration(listener.timeout), idle_timeout: duration(listener.idleTimeout) };
  return {
    name: 'pointsman',
    vhost_header: TARGETS_HEADER,
    virtual_hosts: [
      {
        ...virtualHost('one target', '*', listener, NOT_FOR_PROVIDERS),
        routes: [
          {
            match: { prefix: '/' },
            route: { cluster_header: CLUSTER_HEADER, ...limits, retry_policy: retryPolicy(listener) },
          },
        ],
      },
      {
        // Envoy numbers the attempts before it takes headers away, and takes them away once: the first provider sees no number.
        ...virtualHost('many targets', MANY_TARGETS, listener, [...NOT_FOR_PROVIDERS, ATTEMPT_HEADER]),
        include_request_attempt_count: true,
        typed_per_filter_config: keepClusters(),
        routes: [
          {
            match: { prefix: '/' },
            route: {
              ...clusterByAttempt(
                clusters.flatMap(({ name }) => [servedCluster(name), skippableCluster(name)]),
              ),
              ...limits,
              retry_policy: failoverRetryPolicy(failover),
            },
          },
        ],
      },
    ],
  };
}

function virtualHost(
  name: string,
  domain: string,
  { maxBodyBytes }: ListenerConfig,
  request_headers_to_remove: string[],
): EnvoyMessage {
  return {
    name,
    domains: [domain],
    request_body_buffer_limit: maxBodyBytes,
    request_headers_to_remove,
    response_headers_to_add: [
      ...Object.entries(RESPONSE_HEADER_OF_METADATA).map(([key, header]) =>
        responseHeader(header, `%DYNAMIC_METADATA(${METADATA_NAMESPACE}:${key})%`),
      ),
      responseHeader('x-pointsman-attempts', '%UPSTREAM_REQUEST_ATTEMPT_COUNT%'),
    ],
    // Envoy removes before it adds, and adds nothing where there is nothing to say.
    response_headers_to_remove: [
      WAIT_HEADER,
      ...Object.values(RESPONSE_HEADER_OF_METADATA),
      ...NOT_FOR_CLIENTS,
    ],
  };
}

function responseHeader(key: string, value: string): EnvoyMessage {
  return { header: { key, value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' };
}

function retryPolicy(listener: ListenerConfig): EnvoyMessage {
  return {
    retry_on: '5xx,connect-failure,refused-stream,retriable-status-codes',
    retriable_status_codes: [429],
    num_retries: listener.maxRetries,
    ...(listener.perTryTimeout > 0 ? { per_try_timeout: duration(listener.perTryTimeout) } : {}),
    retry_back_off: RETRY_BACK_OFF,
    rate_limited_retry_back_off: {
      reset_headers: [{ name: 'retry-after', format: 'SECONDS' }],
      max_interval: LONGEST_RETRY_AFTER,
    },
  };
}
