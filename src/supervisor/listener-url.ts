// Addresses to listen on → URLs to reach what listens there, on this machine.

/** The wildcard addresses stand for the loopback of their family. */
const LOOPBACK: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

/** `http://127.0.0.1:12000`, `http://[::1]:12000` */
export function listenerUrl(address: string, port: number): string {
  return `http://${hostAndPort(LOOPBACK.get(address) ?? address, port)}`;
}

/** As a URL wants it: an IPv6 address in brackets. */
export function hostAndPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
