// A stand-in for a Redis server: the commands that are used here, times to live included, and faults on demand.

import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { type RedisReply, RespDecoder } from '../../../src/store/resp-decoder.ts';

export interface FakeRedis {
  readonly port: number;
  readonly commands: readonly string[][];
  readonly values: ReadonlyMap<string, { readonly value: Buffer; readonly ttl: number }>;
  connections(): number;
  /** Answers these instead of its own, one each; `silence` is no answer at all. */
  script(...replies: readonly (string | 'silence')[]): void;
  /** Ends what is open, as a server does with what is idle. */
  drop(): void;
  /** Stops listening and ends what is open. */
  stop(): Promise<void>;
}

export async function startFakeRedis({
  port = 0,
  password = '',
  certificate = undefined,
}: {
  port?: number;
  password?: string;
  /** With it, only TLS is spoken. */
  certificate?: { readonly key: string; readonly cert: string } | undefined;
} = {}): Promise<FakeRedis> {
  const commands: string[][] = [];
  const values = new Map<string, { value: Buffer; ttl: number }>();
  const scripted: string[] = [];
  const sockets = new Set<net.Socket>();
  let connections = 0;
  const serve = (socket: net.Socket): void => {
    connections += 1;
    sockets.add(socket);
    const decoder = new RespDecoder();
    let isIn = password === '';
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (const reply of decoder.push(chunk)) {
        const parts = partsOf(reply);
        const command = parts.map(String);
        commands.push(command);
        const planned = scripted.shift();
        if (planned === 'silence') continue;
        if (command[0] === 'AUTH') isIn = command.at(-1) === password;
        const own = isIn ? answer(values, command, parts) : '-NOAUTH Authentication required.\r\n';
        const refused = command[0] === 'AUTH' && !isIn ? '-WRONGPASS no\r\n' : own;
        socket.write(planned ?? refused, 'latin1');
      }
    });
  };
  const server = certificate === undefined ? net.createServer(serve) : tls.createServer(certificate, serve);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      drop();
    });
  return {
    port: (server.address() as AddressInfo).port,
    commands,
    values,
    connections: () => connections,
    script: (...replies) => void scripted.push(...replies),
    drop,
    stop,
  };
}

function partsOf(reply: RedisReply): Buffer[] {
  if (!Array.isArray(reply)) throw new Error('a command is an array');
  return reply as Buffer[];
}

function answer(
  values: Map<string, { value: Buffer; ttl: number }>,
  [name, key = '', second = '', ...more]: readonly string[],
  parts: readonly Buffer[],
): string {
  const bulk = (value: Buffer | undefined): string =>
    value === undefined ? '$-1\r\n' : `$${value.length}\r\n${value.toString('latin1')}\r\n`;
  switch (name) {
    case 'SET':
      values.set(key, { value: parts[2] ?? Buffer.alloc(0), ttl: more[0] === 'PX' ? Number(more[1]) : -1 });
      return '+OK\r\n';
    case 'PEXPIRE': {
      const held = values.get(key);
      if (held !== undefined) held.ttl = Number(second);
      return held === undefined ? ':0\r\n' : ':1\r\n';
    }
    case 'MGET':
      return `*2\r\n${bulk(values.get(key)?.value)}${bulk(values.get(second)?.value)}`;
    case 'DEL':
      return values.delete(key) ? ':1\r\n' : ':0\r\n';
    case 'FLUSHDB':
      values.clear();
      return '+OK\r\n';
    case 'AUTH':
    case 'SELECT':
    case 'PING':
      return '+OK\r\n';
    default:
      return '-ERR unknown command\r\n';
  }
}
