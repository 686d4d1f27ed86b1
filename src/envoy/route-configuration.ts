// One route: the cluster is the one that the request stage named. Retries, time limits and header hygiene live here.

import type { ListenerConfig } from '../config/gateway-config.ts';
import {
  AFFINITY_HEADER,
  CLUSTER_HEADER,
  METADATA_NAMESPACE,
  RESPONSE_HEADER_OF_METADATA,
} from '../contract/owned-headers.ts';
import { duration, type EnvoyMessage } from './json-config.ts';

/** What Envoy and its neighbours add, and what means nothing to a provider. */
const NOT_FOR_PROVIDERS = [
  CLUSTER_HEADER,
  AFFINITY_HEADER,
  'x-envoy-external-address',
  'x-envoy-internal',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'forwarded',
  'via',
  'cookie',
  'proxy-authorization',
];

const RETRY_BACK_OFF = { base_interval: '0.1s', max_interval: '2s' };
/** A longer retry-after is not waited for: it is tried again after the ordinary pause, then the caller gets the answer. */
const LONGEST_RETRY_AFTER = '30s';

export function routeConfiguration(listener: ListenerConfig): EnvoyMessage {
  return {
    name: 'pointsman',
    virtual_hosts: [
      {
        name: 'pointsman',
        domains: ['*'],
        request_body_buffer_limit: listener.maxBodyBytes,
        request_headers_to_remove: NOT_FOR_PROVIDERS,
        response_headers_to_add: Object.entries(RESPONSE_HEADER_OF_METADATA).map(([key, name]) => ({
          header: { key: name, value: `%DYNAMIC_METADATA(${METADATA_NAMESPACE}:${key})%` },
          append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
        })),
        routes: [
          {
            match: { prefix: '/' },
            route: {
              cluster_header: CLUSTER_HEADER,
              timeout: duration(listener.timeout),
              idle_timeout: duration(listener.idleTimeout),
              retry_policy: retryPolicy(listener),
            },
          },
        ],
      },
    ],
  };
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
