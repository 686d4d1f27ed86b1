// The route of requests that have more than one target: each attempt goes to the cluster that the request stage named for it,
// by Envoy's matcher cluster specifier. https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/router/cluster_specifiers/matcher/v3/matcher.proto

import type { FailoverConfig } from '../config/gateway-config.ts';
import {
  ATTEMPT_HEADER,
  CLUSTER_HEADER,
  clusterMember,
  METADATA_NAMESPACE,
  MOST_ATTEMPTS,
  WAIT_HEADER,
} from '../contract/owned-headers.ts';
import { byHeader } from './filter-matchers.ts';
import { duration, type EnvoyMessage, typed } from './json-config.ts';

/** A longer retry-after is not waited for: it is tried again after the ordinary pause. */
const LONGEST_RETRY_AFTER = '30s';

const LATER_ATTEMPTS = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, index) => index + 2);

const FILTER = 'envoy.filters.http.set_filter_state';
const FILTER_STATE = 'envoy.extensions.filters.http.set_filter_state.v3.Config';

/** The specifier cannot read metadata, so that the clusters' names are put where it can: on the virtual host that needs them. */
export function clusterKeeper(): EnvoyMessage {
  return { name: FILTER, typed_config: typed(FILTER_STATE) };
}

export function keepClusters(): EnvoyMessage {
  return {
    [FILTER]: typed(FILTER_STATE, {
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
  const targets = Object.fromEntries(clusters.map((cluster) => [cluster, action(cluster)]));
  const kept = (attempt: number): EnvoyMessage => ({
    matcher: {
      matcher_tree: { input: stateInput(stateKey(attempt)), exact_match_map: { map: { ...targets } } },
    },
  });
  // When the cluster is chosen again, the header still counts the attempt that failed. The first attempt has taken both
  // headers away.
  const first = { matcher: byHeader(CLUSTER_HEADER, targets, kept(2)) };
  const later = LATER_ATTEMPTS.slice(1).map((attempt) => [`${attempt - 1}`, kept(attempt)] as const);
  return {
    inline_cluster_specifier_plugin: {
      extension: {
        name: 'envoy.router.cluster_specifier_plugin.matcher',
        typed_config: typed('envoy.extensions.router.cluster_specifiers.matcher.v3.MatcherClusterSpecifier', {
          cluster_matcher: byHeader(ATTEMPT_HEADER, Object.fromEntries(later), first),
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
