// A connection to Redis: opened with the first command, opened again where it was lost. Commands that cannot be answered in
// time fail; none waits for a server that is away.

import net from 'node:net';
import tls from 'node:tls';
import { RedisError, type RedisReply, RespDecoder } from './resp-decoder.ts';

export type RedisCommand = readonly (string | Uint8Array)[];

export interface RedisClientOptions {
  /** `redis://user:password@host:port/database`, or `rediss:` for TLS. */
  readonly url: string;
  /** Milliseconds for a command, its connection included. */
  readonly timeout: number;
}

/** So long a server that refused a connection is not asked again. */
const PAUSE_MS = 1000;
const DEFAULT_PORT = 6379;

export class RedisClient {
  private readonly options: RedisClientOptions;
  private connection: Connection | undefined;
  private refusal: { readonly until: number; readonly cause: unknown } | undefined;

  constructor(options: RedisClientOptions) {
    this.options = options;
  }

  /**
   * The replies in the order of the commands. Commands may be sent twice: they have to be such that it does not matter.
   * Rejects where a reply is an error or does not come.
   */
  async ask(commands: readonly RedisCommand[]): Promise<RedisReply[]> {
    const before = this.connection;
    const deadline = performance.now() + this.options.timeout;
    try {
      return await this.askOnce(commands, deadline);
    } catch (thrown) {
      // A server may close what was idle; that shows with the next command.
      if (before === undefined || !(thrown instanceof LostConnectionError)) throw thrown;
      return this.askOnce(commands, deadline);
    }
  }

  close(): void {
    this.connection?.end(new LostConnectionError());
  }

  private async askOnce(commands: readonly RedisCommand[], deadline: number): Promise<RedisReply[]> {
    const { refusal } = this;
    if (refusal !== undefined && performance.now() < refusal.until) throw refusal.cause;
    this.connection ??= this.open();
    const { connection } = this;
    const timer = setTimeout(
      () => connection.end(new Error(`Redis did not answer within ${this.options.timeout} ms`)),
      deadline - performance.now(),
    );
    try {
      await connection.ready;
      const replies = await connection.ask(commands);
      const error = replies.find((reply) => reply instanceof RedisError);
      if (error !== undefined) throw error;
      return replies;
    } finally {
      clearTimeout(timer);
    }
  }

  private open(): Connection {
    const connection = new Connection(this.options.url, (cause, wasReady) => {
      if (this.connection === connection) this.connection = undefined;
      if (!wasReady) this.refusal = { until: performance.now() + PAUSE_MS, cause };
    });
    return connection;
  }
}

class LostConnectionError extends Error {
  constructor(cause?: unknown) {
    super('the connection to Redis was lost', { cause });
  }
}

interface Waiting {
  readonly resolve: (reply: RedisReply) => void;
  readonly reject: (cause: unknown) => void;
}

class Connection {
  /** Resolves when commands may be sent. */
  readonly ready: Promise<void>;
  private readonly socket: net.Socket;
  private readonly decoder = new RespDecoder();
  private readonly waiting: Waiting[] = [];
  private readonly onEnd: (cause: unknown, wasReady: boolean) => void;
  private isReady = false;
  private ended: unknown;

  constructor(text: string, onEnd: (cause: unknown, wasReady: boolean) => void) {
    const url = new URL(text);
    this.onEnd = onEnd;
    this.socket = connect(url);
    this.socket.setNoDelay(true);
    this.socket.setKeepAlive(true, 30_000);
    this.socket.on('data', (chunk: Buffer) => this.receive(chunk));
    this.socket.on('error', (cause) => this.end(this.isReady ? new LostConnectionError(cause) : cause));
    this.socket.on('close', () => this.end(new LostConnectionError()));
    this.ready = this.greet(url);
    // Whoever sends a command is told; without one nobody needs to know.
    this.ready.catch(() => undefined);
  }

  ask(commands: readonly RedisCommand[]): Promise<RedisReply[]> {
    if (this.ended !== undefined) return Promise.reject(this.ended);
    const replies = commands.map(
      () => new Promise<RedisReply>((resolve, reject) => void this.waiting.push({ resolve, reject })),
    );
    this.socket.cork();
    for (const command of commands) this.write(command);
    this.socket.uncork();
    return Promise.all(replies);
  }

  /** Nothing more will be answered; @param cause is what everybody is told who waits */
  end(cause: unknown): void {
    if (this.ended !== undefined) return;
    this.ended = cause;
    this.socket.destroy();
    this.onEnd(cause, this.isReady);
    for (const { reject } of this.waiting.splice(0)) reject(cause);
  }

  private async greet(url: URL): Promise<void> {
    const user = decodeURIComponent(url.username);
    const password = decodeURIComponent(url.password);
    const database = url.pathname.slice(1);
    const commands: RedisCommand[] = [];
    if (password !== '') commands.push(user === '' ? ['AUTH', password] : ['AUTH', user, password]);
    if (database !== '' && database !== '0') commands.push(['SELECT', database]);
    if (commands.length === 0) commands.push(['PING']);
    try {
      for (const reply of await this.ask(commands)) if (reply instanceof RedisError) throw reply;
      this.isReady = true;
    } catch (cause) {
      this.end(cause);
      throw cause;
    }
  }

  private write(command: RedisCommand): void {
    this.socket.write(`*${command.length}\r\n`);
    for (const part of command) {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part;
      this.socket.write(`$${bytes.length}\r\n`);
      this.socket.write(bytes);
      this.socket.write('\r\n');
    }
  }

  private receive(chunk: Buffer): void {
    try {
      for (const reply of this.decoder.push(chunk)) this.waiting.shift()?.resolve(reply);
    } catch (cause) {
      this.end(cause);
    }
  }
}

function connect(url: URL): net.Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port);
  if (url.protocol !== 'rediss:') return net.connect({ host, port });
  return tls.connect({ host, port, ...(net.isIP(host) === 0 ? { servername: host } : {}) });
}
