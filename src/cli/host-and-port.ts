// `HOST:PORT`, `:PORT` and `[IPV6]:PORT` as given on the command line.

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** @throws Error that says what is wrong */
export function parseHostAndPort(text: string): HostAndPort {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  const port = parsePort(match?.[3] ?? '');
  if (match === null || port === undefined) throw new Error(`'${text}' is not HOST:PORT`);
  return { host: match[1] ?? (match[2] || '127.0.0.1'), port };
}

/** 0 to 65535 */
export function parsePort(text: string): number | undefined {
  const port = Number(text);
  return /^\d{1,5}$/.test(text) && port <= 65_535 ? port : undefined;
}
