// Envoy's report of attempts that failed, to our service: once each, in batches, off the path of any request.
// https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/router/v3/router.proto (upstream_log)

import { type EnvoyMessage, typed } from './json-config.ts';
import { SERVICE_CLUSTER } from './service-cluster.ts';

/** @param isTraced spans are made of them, so that the request's has to be known */
export function attemptLog(isTraced: boolean): EnvoyMessage {
  return {
    name: 'envoy.access_loggers.http_grpc',
    filter: {
      or_filter: { filters: [status('GE', 500), status('EQ', 429), { response_flag_filter: {} }] },
    },
    typed_config: typed('envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig', {
      common_config: {
        log_name: 'attempts',
        transport_api_version: 'V3',
        grpc_service: { envoy_grpc: { cluster_name: SERVICE_CLUSTER } },
        buffer_flush_interval: '1s',
      },
      ...(isTraced ? { additional_request_headers_to_log: ['traceparent'] } : {}),
    }),
  };
}

function status(op: 'GE' | 'EQ', default_value: number): EnvoyMessage {
  const value = { default_value, runtime_key: `pointsman.failed_attempt_${default_value}` };
  return { status_code_filter: { comparison: { op, value } } };
}
