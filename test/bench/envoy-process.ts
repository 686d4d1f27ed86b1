// Envoys of the benchmark's own: the bare one that everything is compared with, and the way to make the gateway's Envoy
// start with other settings than `up` gives it.

import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayConfig } from '../../src/config/gateway-config.ts';
import { type EnvoyMessage, typed } from '../../src/envoy/json-config.ts';
import { providerCluster } from '../../src/envoy/provider-cluster.ts';

const GRACEFUL_CLOSE = '"envoy.reloadable_features.ext_proc_graceful_grpc_close":';

export interface EnvoySettings {
  /** Envoy's worker threads. */
  readonly concurrency: number;
  /** False: ext_proc streams end by RST_STREAM, as with an Envoy that has no such flag. */
  readonly gracefulClose: boolean;
}

/**
 * A program to be named in ENVOY_PATH: it becomes Envoy, with these settings and the configuration it was given.
 * @returns its path
 */
export function writeEnvoyWrapper(directory: string, envoyPath: string, settings: EnvoySettings): string {
  const edit = settings.gracefulClose
    ? ''
    : `if [ "$1" = --config-path ]; then sed -i 's/${GRACEFUL_CLOSE}true/${GRACEFUL_CLOSE}false/' "$2"; fi\n`;
  const wrapper = path.join(directory, 'envoy');
  const script = `#!/bin/sh\n${edit}exec '${envoyPath}' "$@" --concurrency ${settings.concurrency}\n`;
  writeFileSync(wrapper, script, { mode: 0o700 });
  return wrapper;
}

/** Resolves when Envoy serves `port`. */
export async function startEnvoy(
  envoyPath: string,
  directory: string,
  bootstrap: EnvoyMessage,
  { port, concurrency }: { readonly port: number; readonly concurrency: number },
): Promise<ChildProcess> {
  const file = path.join(directory, `envoy-${port}.json`);
  writeFileSync(file, JSON.stringify(bootstrap), { mode: 0o600 });
  const options = ['--disable-hot-restart', '--log-level', 'error', '--concurrency', `${concurrency}`];
  const child = spawn(envoyPath, ['--config-path', file, ...options], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) break;
    const isUp = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      () => true,
      () => false,
    );
    if (isUp) return child;
    await sleep(50);
  }
  throw new Error('Envoy did not start');
}

/** HTTP in, router, the provider: the same listener settings, cluster and circuit breakers, and nothing else. */
export function bareBootstrap(config: GatewayConfig): EnvoyMessage {
  const { address, port, timeout, idleTimeout } = config.listener;
  const cluster = config.clusters[0];
  if (cluster === undefined) throw new Error('the benchmark needs a provider');
  const http = typed('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: 'bare',
    route_config: {
      virtual_hosts: [
        {
          name: 'bare',
          domains: ['*'],
          routes: [
            {
              match: { prefix: '/' },
              route: {
                cluster: cluster.name,
                timeout: `${timeout / 1000}s`,
                idle_timeout: `${idleTimeout / 1000}s`,
              },
            },
          ],
        },
      ],
    },
    http_filters: [
      {
        name: 'envoy.filters.http.router',
        typed_config: typed('envoy.extensions.filters.http.router.v3.Router', {
          suppress_envoy_headers: true,
        }),
      },
    ],
    stream_idle_timeout: `${idleTimeout / 1000}s`,
    request_headers_timeout: '30s',
    normalize_path: true,
    use_remote_address: true,
    skip_xff_append: true,
    server_header_transformation: 'PASS_THROUGH',
    preserve_external_request_id: true,
  });
  const filter = { name: 'envoy.filters.network.http_connection_manager', typed_config: http };
  return {
    static_resources: {
      listeners: [
        {
          name: 'bare',
          address: { socket_address: { address, port_value: port } },
          filter_chains: [{ filters: [filter] }],
        },
      ],
      clusters: [providerCluster(cluster, { caFile: '' })],
    },
  };
}
