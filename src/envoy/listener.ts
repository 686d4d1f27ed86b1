// The listener: HTTP in, every request shown to our service by ext_proc, then forwarded by the router.

import type { GatewayConfig } from '../config/gateway-config.ts';
import { bufferBytes } from '../contract/buffer-bytes.ts';
import {
  METADATA_NAMESPACE,
  ONE_TARGET,
  ORIGINAL_NAMESPACE,
  TARGETS_HEADER,
} from '../contract/owned-headers.ts';
import { attemptLog } from './attempt-log.ts';
import { clusterKeeper } from './failover-route.ts';
import { duration, type EnvoyMessage, typed } from './json-config.ts';
import { localReplyConfig } from './local-replies.ts';
import { routeConfiguration } from './route-configuration.ts';
import { SERVICE_CLUSTER } from './service-cluster.ts';

/** What a request may take in our service beyond the routing decision's own deadline. */
const SERVICE_ALLOWANCE_MS = 5000;

export function listener(config: GatewayConfig): EnvoyMessage {
  const { address, port, idleTimeout } = config.listener;
  return {
    name: 'pointsman',
    address: { socket_address: { address, port_value: port } },
    // With Envoy's default, SO_REUSEPORT, a second Envoy would share the port in silence; connections are spread over
    // the threads by hand instead.
    enable_reuse_port: false,
    connection_balance_config: { exact_balance: {} },
    // Where a client reads more slowly than its provider writes, or our service does, Envoy would hold the provider back at
    // this; in an upstream ext_proc filter that streams an answer, Envoy 1.40 dies of it.
    per_connection_buffer_limit_bytes: bufferBytes(config.listener.maxBodyBytes),
    filter_chains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.http_connection_manager',
            typed_config: typed(
              'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
              {
                stat_prefix: 'ingress',
                route_config: routeConfiguration(config),
                http_filters: [extProc(config), clusterKeeper(), router(config)],
                local_reply_config: localReplyConfig(),
                early_header_mutation_extensions: [stripOwnedHeaders()],
                stream_idle_timeout: duration(idleTimeout),
                request_headers_timeout: '30s',
                normalize_path: true,
                // Otherwise Envoy closes the connection after each 400, our own included. Bytes whose end is unclear
                // close it all the same.
                http_protocol_options: { override_stream_error_on_invalid_http_message: true },
                // The provider must not learn who called, nor be told of our hop; and its own Server header stays.
                use_remote_address: true,
                skip_xff_append: true,
                server_header_transformation: 'PASS_THROUGH',
                preserve_external_request_id: true,
              },
            ),
          },
        ],
      },
    ],
  };
}

/** How long our service may take over one message. */
export function messageTimeout(config: GatewayConfig): string {
  return duration(config.routing.timeout + SERVICE_ALLOWANCE_MS);
}

function extProc(config: GatewayConfig): EnvoyMessage {
  return {
    name: 'envoy.filters.http.ext_proc',
    typed_config: typed('envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor', {
      grpc_service: { envoy_grpc: { cluster_name: SERVICE_CLUSTER } },
      // Requests are held until the body is answered; answers never leave Envoy.
      processing_mode: {
        request_header_mode: 'SEND',
        request_body_mode: 'BUFFERED',
        request_trailer_mode: 'SKIP',
        response_header_mode: 'SKIP',
        response_body_mode: 'NONE',
        response_trailer_mode: 'SKIP',
      },
      message_timeout: messageTimeout(config),
      failure_mode_allow: false,
      status_on_error: { code: 'ServiceUnavailable' },
      mutation_rules: { allow_all_routing: true, allow_envoy: true, disallow_is_error: true },
      allow_content_length_header: true,
      metadata_options: { receiving_namespaces: { untyped: [METADATA_NAMESPACE, ORIGINAL_NAMESPACE] } },
    }),
  };
}

function router({ tracing }: GatewayConfig): EnvoyMessage {
  return {
    name: 'envoy.filters.http.router',
    typed_config: typed('envoy.extensions.filters.http.router.v3.Router', {
      suppress_envoy_headers: true,
      upstream_log: [attemptLog(tracing !== undefined)],
    }),
  };
}

/** Before anything reads them: a caller can set neither our headers nor the ones that steer Envoy. */
function stripOwnedHeaders(): EnvoyMessage {
  return {
    name: 'envoy.http.early_header_mutation.header_mutation',
    typed_config: typed('envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation', {
      mutations: [
        ...['x-pointsman-', 'x-envoy-'].map((prefix) => ({ remove_on_match: { key_matcher: { prefix } } })),
        // A request without it would belong to no virtual host.
        { append: { header: { key: TARGETS_HEADER, value: ONE_TARGET } } },
      ],
    }),
  };
}
