// The upstream clusters of a configuration: one per endpoint, TLS settings and signing, with names that stay the same as long as
// the file does. Filled by targets.ts.

import type { ProviderCluster } from './gateway-config.ts';

/** Envoy's name for the service itself, and the label of the built-in demo provider. */
const RESERVED = ['pointsman', 'demo'];

export class ClusterList {
  readonly #byEndpoint = new Map<string, ProviderCluster>();
  readonly #names = new Set<string>(RESERVED);

  /** The name of the cluster for this endpoint: the provider's, then `-2`, `-3`, … */
  nameFor(provider: string, settings: Omit<ProviderCluster, 'name'>): string {
    const { endpoint, tls, signing } = settings;
    return this.#add(JSON.stringify([endpoint, tls, signing]), () => ({
      name: this.#freeName(provider),
      ...settings,
    }));
  }

  /** The name of the cluster of the built-in demo provider, which listens on a Unix socket. */
  demo(socket: string): string {
    return this.#add('demo', () => ({
      name: 'demo',
      endpoint: { type: 'pipe', path: socket },
      tls: undefined,
    }));
  }

  list(): readonly ProviderCluster[] {
    return [...this.#byEndpoint.values()];
  }

  #add(id: string, create: () => ProviderCluster): string {
    let cluster = this.#byEndpoint.get(id);
    if (cluster === undefined) {
      cluster = create();
      this.#byEndpoint.set(id, cluster);
    }
    return cluster.name;
  }

  #freeName(provider: string): string {
    const base = provider.replace(/[^\w.-]/g, '-');
    let name = base;
    for (let number = 2; this.#names.has(name); number++) name = `${base}-${number}`;
    this.#names.add(name);
    return name;
  }
}
