// Takes the gateway's keys out of a text that a provider wrote, since some quote the key that they refuse. Made once per
// configuration by gateway.ts, used on error bodies.

import type { Target } from './gateway-config.ts';

/** Shorter ones stand in ordinary words too. */
const SHORTEST_KEY = 8;

export function keyRedactor(targets: readonly Pick<Target, 'credential'>[]): (text: string) => string {
  const keys = targets.flatMap(({ credential }) =>
    credential.type === 'key' ? [credential.value.replace(/^Bearer /, '')] : [],
  );
  const known = [...new Set(keys)].filter((key) => key.length >= SHORTEST_KEY);
  return (text) => known.reduce((left, key) => left.replaceAll(key, '[key]'), text);
}
