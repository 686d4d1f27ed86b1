// The cluster of our own service, which Envoy asks about every request over gRPC.

import { type EnvoyMessage, typed } from './json-config.ts';

/**
 * Envoy 1.40 dies of a segmentation fault where an upstream ext_proc filter's message is larger than what it buffers towards
 * the service: the body that a later attempt is made from. So the buffer is as large as it can be.
 */
const LARGEST_WINDOW = 2_147_483_647;

export const SERVICE_CLUSTER = 'pointsman';

/** Where a worker listens: a Unix socket's path, or a host and port. */
export type ServiceEndpoint = { readonly path: string } | { readonly host: string; readonly port: number };

export function serviceCluster(endpoints: readonly ServiceEndpoint[]): EnvoyMessage {
  const byName = endpoints.some((endpoint) => 'host' in endpoint);
  return {
    name: SERVICE_CLUSTER,
    type: byName ? 'STRICT_DNS' : 'STATIC',
    connect_timeout: '1s',
    per_connection_buffer_limit_bytes: LARGEST_WINDOW,
    load_assignment: {
      cluster_name: SERVICE_CLUSTER,
      endpoints: [
        { lb_endpoints: endpoints.map((endpoint) => ({ endpoint: { address: addressOf(endpoint) } })) },
      ],
    },
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed(
        'envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        {
          explicit_http_config: {
            http2_protocol_options: {
              initial_stream_window_size: LARGEST_WINDOW,
              initial_connection_window_size: LARGEST_WINDOW,
            },
          },
        },
      ),
    },
    circuit_breakers: {
      thresholds: [{ max_connections: 100_000, max_pending_requests: 100_000, max_requests: 100_000 }],
    },
    // A worker is asked again when it is back, not when a time is over: one that starts slowly would fail requests anew.
    health_checks: [
      {
        timeout: '2s',
        interval: '0.5s',
        no_traffic_interval: '0.5s',
        unhealthy_threshold: 2,
        healthy_threshold: 1,
        grpc_health_check: {},
      },
    ],
    // A dead worker must not be asked again until it is back: without this, one of two killed under load failed 18 % of
    // the requests of 8 s; with it, only those it held. At most half are ejected: a busy worker beats none.
    outlier_detection: {
      consecutive_5xx: 1,
      split_external_local_origin_errors: true,
      consecutive_local_origin_failure: 1,
      enforcing_consecutive_5xx: 100,
      enforcing_consecutive_local_origin_failure: 100,
      interval: '0.1s',
      base_ejection_time: '2s',
      max_ejection_time: '2s',
      max_ejection_percent: 50,
    },
  };
}

function addressOf(endpoint: ServiceEndpoint): EnvoyMessage {
  if ('path' in endpoint) return { pipe: { path: endpoint.path } };
  return { socket_address: { address: endpoint.host, port_value: endpoint.port } };
}
