// The route of requests that have more than one target: each attempt goes to the cluster that the request stage named for it,
// by Envoy's matcher cluster specifier. https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/router/cluster_specifiers/matcher/v3/matcher.proto

import type { FailoverConfig } from '../config/gateway-config.ts';
import {
  CLUSTER_HEADER,
  clusterMember,
  METADATA_NAMESPACE,
  MOST_ATTEMPTS,
  WAIT_HEADER,
} from '../contract/owned-headers.ts';
import { headerInput } from './filter-matchers.ts';
import { duration, type EnvoyMessage, typed } from './json-config.ts';

/** A longer retry-after is not waited for: it is tried again after the ordinary pause. */
const LONGEST_RETRY_AFTER = '30s';

const LATER_ATTEMPTS = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, index) => index + 2);

/** True of requests that the request stage named a second cluster for. */
export const HAS_MORE_TARGETS: EnvoyMessage = {
  filter: METADATA_NAMESPACE,
  path: [{ key: clusterMember(2) }],
  value: { present_match: true },
};

/** The specifier cannot read metadata, so that the clusters' names are put where it can. */
export function keepClusters(): EnvoyMessage {
  return {
    name: 'envoy.filters.http.set_filter_state',
    typed_config: typed('envoy.extensions.filters.http.set_filter_state.v3.Config', {
      on_request_headers: LATER_ATTEMPTS.map((attempt) => ({
        object_key: stateKey(attempt),
        factory_key: 'envoy.string',
        skip_if_empty: true,
        format_string: {
          text_format_source: {
            inline_string: `%DYNAMIC_METADATA(${METADATA_NAMESPACE}:${clusterMember(attempt)})%`,
          },
          omit_empty_values: true,
        },
      })),
    }),
  };
}

/** What of a route action makes it choose anew on every attempt. */
export function clusterByAttempt(clusters: readonly string[]): EnvoyMessage {
  const named = (input: EnvoyMessage): EnvoyMessage => ({
    matcher: {
      matcher_tree: {
        input,
        exact_match_map: { map: Object.fromEntries(clusters.map((cluster) => [cluster, action(cluster)])) },
      },
    },
  });
  return {
    inline_cluster_specifier_plugin: {
      extension: {
        name: 'envoy.router.cluster_specifier_plugin.matcher',
        typed_config: typed('envoy.extensions.router.cluster_specifiers.matcher.v3.MatcherClusterSpecifier', {
          cluster_matcher: {
            matcher_list: {
              // When the cluster is chosen again, the header still counts the attempt that failed.
              matchers: LATER_ATTEMPTS.map((attempt) => ({
                predicate: {
                  single_predicate: {
                    input: headerInput('x-envoy-attempt-count'),
                    value_match: { exact: `${attempt - 1}` },
                  },
                },
                on_match: named(stateInput(stateKey(attempt))),
              })),
            },
            on_no_match: named(headerInput(CLUSTER_HEADER)),
          },
        }),
      },
    },
  };
}

export function failoverRetryPolicy(failover: FailoverConfig): EnvoyMessage {
  const { on, attemptsPerTarget, perTryTimeout, backOff } = failover;
  const serverErrors = on.serverErrors ? Array.from({ length: 100 }, (_, index) => 500 + index) : [];
  const statuses = [...new Set([...on.statuses, ...serverErrors])];
  const conditions = [
    ...(on.connectFailure ? ['connect-failure', 'refused-stream'] : []),
    // Envoy counts a try that ran out of time as a reset.
    ...(on.reset || on.firstByteTimeout ? ['reset'] : []),
    ...(statuses.length > 0 ? ['retriable-status-codes'] : []),
  ];
  return {
    retry_on: conditions.join(','),
    ...(statuses.length > 0 ? { retriable_status_codes: statuses } : {}),
    num_retries: MOST_ATTEMPTS - 1,
    refresh_cluster_on_retry: true,
    ...(perTryTimeout > 0 ? { per_try_timeout: duration(perTryTimeout) } : {}),
    retry_back_off: {
      base_interval: duration(backOff.base),
      max_interval: duration(Math.max(backOff.base, backOff.max)),
    },
    ...(attemptsPerTarget > 1
      ? {
          rate_limited_retry_back_off: {
            reset_headers: [{ name: WAIT_HEADER, format: 'SECONDS' }],
            max_interval: LONGEST_RETRY_AFTER,
          },
        }
      : {}),
  };
}

const stateKey = (attempt: number): string => `${METADATA_NAMESPACE}.${clusterMember(attempt)}`;

function stateInput(key: string): EnvoyMessage {
  return {
    name: 'envoy.matching.inputs.filter_state',
    typed_config: typed('envoy.extensions.matching.common_inputs.network.v3.FilterStateInput', { key }),
  };
}

function action(cluster: string): EnvoyMessage {
  return {
    action: {
      name: 'cluster',
      typed_config: typed('envoy.extensions.router.cluster_specifiers.matcher.v3.ClusterAction', { cluster }),
    },
  };
}
