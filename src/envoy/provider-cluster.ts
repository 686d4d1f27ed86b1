// The Envoy clusters of one provider endpoint: its address, TLS and limits, and two more ways to the same hosts, with our
// filters. Keys are not here; the request stage sets them.

import { isIP } from 'node:net';
import type { OutlierDetection, ProviderCluster } from '../config/gateway-config.ts';
import { nowhereCluster, servedCluster, skippableCluster } from '../contract/cluster-names.ts';
import { duration, type EnvoyMessage, typed } from './json-config.ts';
import { upstreamFilters } from './upstream-filters.ts';

export interface ProviderClusterOptions {
  /** The trust store for clusters without one of their own. */
  readonly caFile: string;
  /** What attempts pass through that our service may have to make, or whose answer it may have to read. */
  readonly filters: readonly EnvoyMessage[];
  /** An answer that has to be translated is held as a whole, as a request is. */
  readonly bufferBytes: number;
  readonly outlierDetection: OutlierDetection | undefined;
}

export function providerClusters(cluster: ProviderCluster, options: ProviderClusterOptions): EnvoyMessage[] {
  const { outlierDetection, bufferBytes } = options;
  const own = { ...providerCluster(cluster, options), per_connection_buffer_limit_bytes: bufferBytes };
  const served = wayTo([cluster.name], servedCluster(cluster.name), cluster, options);
  if (outlierDetection === undefined) return [own, served];
  return [
    { ...own, outlier_detection: ejection(outlierDetection) },
    served,
    wayTo([cluster.name, nowhereCluster(cluster.name)], skippableCluster(cluster.name), cluster, options),
    nowhere(nowhereCluster(cluster.name)),
  ];
}

/** Without filters of ours: a request in the client's own dialect, with one target, passes straight through. */
export function providerCluster(
  cluster: ProviderCluster,
  { caFile }: Pick<ProviderClusterOptions, 'caFile'>,
): EnvoyMessage {
  const message: EnvoyMessage = {
    name: cluster.name,
    ...discovery(cluster),
    connect_timeout: CONNECT_TIMEOUT,
    load_assignment: {
      cluster_name: cluster.name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: addressOf(cluster) } }] }],
    },
    typed_extension_protocol_options: {
      [HTTP_OPTIONS]: typed(HTTP_OPTIONS, httpOptions(cluster, upstreamFilters(cluster))),
    },
    circuit_breakers: UNLIMITED,
  };
  if (cluster.tls !== undefined) message['transport_socket'] = transportSocket(cluster.tls, caFile);
  return message;
}

const CONNECT_TIMEOUT = '5s';
const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** Envoy's defaults suit small services: 1,024 requests, and 3 retries at a time. */
const UNLIMITED: EnvoyMessage = {
  thresholds: [
    {
      max_connections: 100_000,
      max_pending_requests: 100_000,
      max_requests: 100_000,
      max_retries: 100_000,
    },
  ],
};

function httpOptions({ tls }: ProviderCluster, filters: EnvoyMessage[] | undefined): EnvoyMessage {
  return {
    // ALPN picks HTTP/2 over TLS; plain connections speak HTTP/1.1, which every local model server does.
    ...(tls === undefined
      ? { explicit_http_config: { http_protocol_options: {} } }
      : { auto_config: { http_protocol_options: {}, http2_protocol_options: {} } }),
    // Shorter than the idle time of common load balancers, so that few requests meet a connection being closed.
    common_http_protocol_options: { idle_timeout: '50s' },
    ...(filters === undefined ? {} : { http_filters: filters }),
  };
}

/**
 * The first of `clusters` that has a host that is not ejected. Hosts, connections and what is known of their health are those
 * of the clusters; all else, filters above all, is its own.
 * https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/aggregate_cluster
 */
function wayTo(
  clusters: readonly string[],
  name: string,
  cluster: ProviderCluster,
  { caFile, filters, bufferBytes }: ProviderClusterOptions,
): EnvoyMessage {
  const { tls } = cluster;
  return {
    name,
    connect_timeout: CONNECT_TIMEOUT,
    lb_policy: 'CLUSTER_PROVIDED',
    cluster_type: {
      name: 'envoy.clusters.aggregate',
      typed_config: typed('envoy.extensions.clusters.aggregate.v3.ClusterConfig', {
        clusters: [...clusters],
      }),
    },
    per_connection_buffer_limit_bytes: bufferBytes,
    typed_extension_protocol_options: {
      [HTTP_OPTIONS]: typed(HTTP_OPTIONS, httpOptions(cluster, upstreamFilters(cluster, filters))),
    },
    circuit_breakers: UNLIMITED,
    // Unused, but Envoy wants to see where ALPN is to be asked.
    ...(tls === undefined ? {} : { transport_socket: transportSocket(tls, caFile) }),
  };
}

/** Envoy lengthens an ejection each time that it follows another. Milliseconds. */
const LONGEST_EJECTION = 300_000;

/** Refuses every connection at once, so that Envoy goes on to the next cluster: nothing can listen below a device. */
function nowhere(name: string): EnvoyMessage {
  return {
    name,
    type: 'STATIC',
    connect_timeout: '1s',
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path: '/dev/null/nowhere' } } } }] }],
    },
    circuit_breakers: UNLIMITED,
  };
}

/**
 * Statuses from 500 on count, and connections and answers that do not come; 429 does not. All of an endpoint may be ejected: who
 * has nowhere else to go is then sent there all the same, by Envoy's panic mode.
 */
function ejection({ consecutiveFailures, ejectionTime }: OutlierDetection): EnvoyMessage {
  return {
    consecutive_5xx: consecutiveFailures,
    enforcing_consecutive_5xx: 100,
    enforcing_success_rate: 0,
    interval: '1s',
    base_ejection_time: duration(ejectionTime),
    max_ejection_time: duration(Math.max(ejectionTime, LONGEST_EJECTION)),
    max_ejection_percent: 100,
  };
}

function discovery(cluster: ProviderCluster): EnvoyMessage {
  const { endpoint } = cluster;
  if (endpoint.type === 'pipe' || isIP(endpoint.host) !== 0) return { type: 'STATIC' };
  return { type: 'LOGICAL_DNS', dns_lookup_family: 'V4_PREFERRED' };
}

function addressOf({ endpoint }: ProviderCluster): EnvoyMessage {
  if (endpoint.type === 'pipe') return { pipe: { path: endpoint.path } };
  return { socket_address: { address: endpoint.host, port_value: endpoint.port } };
}

/** The certificate must be valid for the name that is asked for. */
function transportSocket(tls: { sni: string; caFile: string | undefined }, caFile: string): EnvoyMessage {
  const isAddress = isIP(tls.sni) !== 0;
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: typed('envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', {
      ...(isAddress ? {} : { sni: tls.sni }),
      common_tls_context: {
        validation_context: {
          trusted_ca: { filename: tls.caFile ?? caFile },
          match_typed_subject_alt_names: [
            { san_type: isAddress ? 'IP_ADDRESS' : 'DNS', matcher: { exact: tls.sni } },
          ],
        },
      },
    }),
  };
}
