// One Envoy cluster per provider endpoint: its address, TLS and limits. Keys are not here; the request stage sets them.

import { isIP } from 'node:net';
import type { ProviderCluster } from '../config/gateway-config.ts';
import { type EnvoyMessage, typed } from './json-config.ts';

export interface ProviderClusterOptions {
  /** The trust store for clusters without one of their own. */
  readonly caFile: string;
  /** What every attempt passes through; absent = nothing of ours. */
  readonly filters?: {
    readonly chain: EnvoyMessage[];
    /** An answer that has to be translated is held as a whole, as a request is. */
    readonly bufferBytes: number;
  };
}

export function providerCluster(cluster: ProviderCluster, options: ProviderClusterOptions): EnvoyMessage {
  const message: EnvoyMessage = {
    name: cluster.name,
    ...discovery(cluster),
    connect_timeout: '5s',
    ...(options.filters === undefined
      ? {}
      : { per_connection_buffer_limit_bytes: options.filters.bufferBytes }),
    load_assignment: {
      cluster_name: cluster.name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: addressOf(cluster) } }] }],
    },
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed(
        'envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        {
          // ALPN picks HTTP/2 over TLS; plain connections speak HTTP/1.1, which every local model server does.
          ...(cluster.tls === undefined
            ? { explicit_http_config: { http_protocol_options: {} } }
            : { auto_config: { http_protocol_options: {}, http2_protocol_options: {} } }),
          // Shorter than the idle time of common load balancers, so that few requests meet a connection being closed.
          common_http_protocol_options: { idle_timeout: '50s' },
          ...(options.filters === undefined ? {} : { http_filters: options.filters.chain }),
        },
      ),
    },
    // Envoy's defaults suit small services: 1,024 requests, and 3 retries at a time.
    circuit_breakers: {
      thresholds: [
        {
          max_connections: 100_000,
          max_pending_requests: 100_000,
          max_requests: 100_000,
          max_retries: 100_000,
        },
      ],
    },
  };
  if (cluster.tls !== undefined) message['transport_socket'] = transportSocket(cluster.tls, options.caFile);
  return message;
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
