// Our configuration → a whole Envoy configuration. It holds no secret: keys travel per request, from the service.

import type { GatewayConfig } from '../config/gateway-config.ts';
import { bufferBytes } from '../contract/buffer-bytes.ts';
import type { EnvoyMessage } from './json-config.ts';
import { listener, messageTimeout } from './listener.ts';
import { providerClusters } from './provider-cluster.ts';
import { type ServiceEndpoint, serviceCluster } from './service-cluster.ts';
import { attemptFilters } from './upstream-filters.ts';

export interface BootstrapOptions {
  /** One per worker. */
  readonly service: readonly ServiceEndpoint[];
  /** The Unix socket of Envoy's admin interface; none where left out. */
  readonly adminSocket?: string;
  /** Trust store for providers: a file of PEM certificates. */
  readonly caFile: string;
}

export function renderBootstrap(config: GatewayConfig, options: BootstrapOptions): EnvoyMessage {
  const { outlierDetection, attemptsPerTarget } = config.failover;
  const providers = {
    caFile: options.caFile,
    filters: attemptFilters({ messageTimeout: messageTimeout(config), attemptsPerTarget }),
    bufferBytes: bufferBytes(config.listener.maxBodyBytes),
    outlierDetection,
  };
  return {
    node: { id: 'pointsman', cluster: 'pointsman' },
    ...(options.adminSocket === undefined
      ? {}
      : { admin: { address: { pipe: { path: options.adminSocket, mode: 0o600 } } } }),
    layered_runtime: {
      layers: [
        {
          name: 'pointsman',
          static_layer: {
            // ext_proc streams end by a half-close instead of RST_STREAM; the service copes with either.
            'envoy.reloadable_features.ext_proc_graceful_grpc_close': true,
          },
        },
      ],
    },
    static_resources: {
      listeners: [listener(config)],
      clusters: [
        serviceCluster(options.service),
        ...config.clusters.flatMap((cluster) => providerClusters(cluster, providers)),
      ],
    },
  };
}
