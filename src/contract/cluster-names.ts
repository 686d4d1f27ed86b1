// The Envoy clusters that lead to one provider endpoint: three ways to the same hosts and connections. The request stage names
// them, the retry stage checks them, envoy/ renders them.

/** Where attempts go that our service may have to make or whose answer it may have to read; the endpoint's own name is for others. */
export function servedCluster(own: string): string {
  return `${own}/served`;
}

/** The same for attempts that others follow: while the provider's circuit is open it refuses them at once. */
export function skippableCluster(own: string): string {
  return `${own}/skippable`;
}

/** What a cluster's name begins with: the endpoint's own. */
export function ownCluster(name: string): string {
  return name.split('/', 1)[0] ?? name;
}

/** What a skippable cluster leads to while the provider is ejected. */
export function nowhereCluster(own: string): string {
  return `${own}/nowhere`;
}

/** Of a provider that is tried last there is nothing to skip to. @param clusters own names of all attempts, in order */
export function clustersOfChain(clusters: readonly string[], isSkipping: boolean): readonly string[] {
  return clusters.map((own, index) => {
    const isSkippable = isSkipping && clusters.slice(index + 1).some((later) => later !== own);
    return isSkippable ? skippableCluster(own) : servedCluster(own);
  });
}
