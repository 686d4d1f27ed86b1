// The gRPC server on node:http2: envoy.service.ext_proc.v3.ExternalProcessor, envoy.service.accesslog.v3.AccessLogService and
// grpc.health.v1.Health. Not on @grpc/grpc-js, which takes half as much CPU again (README, "Design decisions").

import http2 from 'node:http2';
import type { Stages } from '../contract/exchange.ts';
import type { FailedAttempt } from '../contract/failed-attempt.ts';
import { STAGE_HEADER } from '../contract/owned-headers.ts';
import { AttemptSession } from './attempt-session.ts';
import { ExchangeSession, OutOfOrderError, type Session } from './exchange-session.ts';
import { decodeFailedAttempts } from './failed-attempts.ts';
import { FrameError, GrpcFrameDecoder } from './grpc-frames.ts';
import { HEALTH_NOT_SERVING, HEALTH_SERVING } from './health.ts';
import { decodeProcessingRequest } from './processing-request.ts';
import { MalformedMessageError } from './protobuf-reader.ts';

const PROCESS_PATH = '/envoy.service.ext_proc.v3.ExternalProcessor/Process';
const ACCESS_LOG_PATH = '/envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs';
const HEALTH_CHECK_PATH = '/grpc.health.v1.Health/Check';
const HEALTH_WATCH_PATH = '/grpc.health.v1.Health/Watch';

/** gRPC status codes: https://grpc.io/docs/guides/status-codes/ */
const OK = 0;
const INVALID_ARGUMENT = 3;
const UNIMPLEMENTED = 12;
const INTERNAL = 13;

const STREAM_WINDOW_BYTES = 4 * 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 64 * 1024 * 1024;

/**
 * Envoy ends ext_proc streams by RST_STREAM. Node takes more than 1,000 resets at once (+33/s) for an attack, sends
 * GOAWAY and fails the requests of that connection; only Envoy connects here, so the limit is lifted out of the way.
 */
const RESET_LIMITS = { streamResetBurst: 1_000_000, streamResetRate: 1_000_000 };

const RESPONSE_HEADERS = { ':status': 200, 'content-type': 'application/grpc' };
const WAIT_FOR_TRAILERS = { waitForTrailers: true };

/** The other end is gone without a word, as when Envoy is killed; nothing of ours is wrong. */
const LOST = new Set(['ECONNRESET', 'EPIPE']);

export interface GrpcServerOptions {
  readonly stages: Stages;
  /** Largest request body that is accepted; a gRPC message may be 1 MiB larger, a later attempt's twice as large. */
  readonly maxBodyBytes: number;
  readonly onError: (message: string, cause: unknown) => void;
  /** Told of each attempt at a provider that Envoy reports as failed. */
  readonly onFailedAttempt?: (attempt: FailedAttempt) => void;
}

/** `address` is a Unix socket's path, or a TCP host and port. */
export type ListenAddress =
  | { readonly path: string }
  | { readonly host: string; readonly port: number; readonly reusePort?: boolean };

export class GrpcServer {
  private readonly options: GrpcServerOptions;
  private readonly server: http2.Http2Server;
  private readonly sessions = new Set<http2.ServerHttp2Session>();
  private readonly watchers = new Set<http2.ServerHttp2Stream>();
  private readonly logs = new Set<http2.ServerHttp2Stream>();
  private serving = true;

  constructor(options: GrpcServerOptions) {
    this.options = options;
    this.server = http2.createServer({
      ...RESET_LIMITS,
      settings: { initialWindowSize: STREAM_WINDOW_BYTES, maxConcurrentStreams: 100_000 },
      maxSessionMemory: 4096,
    });
    this.server.on('session', (session) => this.addSession(session));
    this.server.on('stream', (stream, headers) => this.serve(stream, headers));
    this.server.on('sessionError', (error: NodeJS.ErrnoException) => {
      if (!LOST.has(error.code ?? '')) this.options.onError('a gRPC connection failed', error);
    });
  }

  listen(address: ListenAddress): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(address, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
  }

  /** The port, where it listens on TCP. */
  get port(): number | undefined {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  }

  /** Stops taking new streams and resolves when the open ones have ended. */
  async close(): Promise<void> {
    this.serving = false;
    for (const stream of this.watchers) {
      stream.write(HEALTH_NOT_SERVING);
      endWith(stream, OK);
    }
    for (const stream of this.logs) endWith(stream, OK);
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const session of this.sessions) session.close();
    await closed;
  }

  private addSession(session: http2.ServerHttp2Session): void {
    this.sessions.add(session);
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    session.on('close', () => this.sessions.delete(session));
  }

  private serve(stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders): void {
    const path = headers[':path'] ?? '';
    switch (path) {
      case PROCESS_PATH:
        this.process(stream, headers[STAGE_HEADER]);
        return;
      case ACCESS_LOG_PATH:
        this.readLog(stream);
        return;
      case HEALTH_CHECK_PATH:
        open(stream);
        stream.resume();
        stream.write(this.serving ? HEALTH_SERVING : HEALTH_NOT_SERVING);
        endWith(stream, OK);
        return;
      case HEALTH_WATCH_PATH:
        open(stream);
        stream.resume();
        stream.write(this.serving ? HEALTH_SERVING : HEALTH_NOT_SERVING);
        this.watchers.add(stream);
        stream.on('close', () => this.watchers.delete(stream));
        return;
      default:
        open(stream);
        stream.resume();
        endWith(stream, UNIMPLEMENTED, `no such method: ${path}`);
    }
  }

  /** Envoy opens one such stream for each of its threads and never ends it. */
  private readLog(stream: http2.ServerHttp2Stream): void {
    open(stream);
    this.logs.add(stream);
    const { maxBodyBytes, onFailedAttempt, onError } = this.options;
    const decoder = new GrpcFrameDecoder(maxBodyBytes);
    const emit = (message: Buffer): void => {
      for (const attempt of decodeFailedAttempts(message)) onFailedAttempt?.(attempt);
    };
    stream.on('data', (chunk: Buffer) => {
      if (stream.writableEnded) return;
      try {
        decoder.push(chunk, emit);
      } catch (thrown) {
        onError('a log of attempts could not be read', thrown);
        endWith(stream, statusOf(thrown));
      }
    });
    stream.on('end', () => endWith(stream, OK));
    stream.on('close', () => this.logs.delete(stream));
  }

  /** @param speaker which of our filters opened the stream; none = the request stage */
  private process(stream: http2.ServerHttp2Stream, speaker: string | string[] | undefined): void {
    open(stream);
    let halfClosed = false;
    const fail = (thrown: unknown): void => {
      session.cancel();
      const status = statusOf(thrown);
      if (status === INTERNAL) this.options.onError('an ext_proc stream failed', thrown);
      endWith(stream, status, status === INTERNAL ? 'internal error' : (thrown as Error).message);
    };
    const send = (frames: readonly Buffer[]): void => {
      if (stream.writableEnded) return;
      for (const frame of frames) stream.write(frame);
      // With the last word said the stream ends: were it open while the provider answers, the end of this process
      // would make Envoy cut that answer.
      if (halfClosed || session.settled) endWith(stream, OK);
    };
    const { stages } = this.options;
    const session: Session =
      speaker === 'retry' || speaker === 'response'
        ? new AttemptSession(speaker, { ...stages, send, onBroken: fail })
        : new ExchangeSession({ stage: stages.request, send, onBroken: fail });
    // A later attempt's message holds what the request was and what is remembered of it.
    const bodies = speaker === undefined ? 1 : 2;
    const decoder = new GrpcFrameDecoder(bodies * this.options.maxBodyBytes + 1024 * 1024);
    const emit = (message: Buffer): void => session.receive(decodeProcessingRequest(message));
    stream.on('data', (chunk: Buffer) => {
      if (stream.writableEnded) return;
      try {
        decoder.push(chunk, emit);
      } catch (thrown) {
        fail(thrown);
      }
    });
    stream.on('end', () => {
      halfClosed = true;
      if (stream.writableEnded) return;
      if (decoder.cut) fail(new FrameError(INVALID_ARGUMENT, 'the stream ended inside a message'));
      else if (!session.busy) endWith(stream, OK);
    });
    stream.on('close', () => session.cancel());
  }
}

function open(stream: http2.ServerHttp2Stream): void {
  stream.on('error', ignoreReset);
  stream.respond(RESPONSE_HEADERS, WAIT_FOR_TRAILERS);
}

/** Resets are how Envoy ends a stream; 'close' follows and is where the session is told. */
function ignoreReset(): void {}

function endWith(stream: http2.ServerHttp2Stream, status: number, message?: string): void {
  if (stream.writableEnded || stream.destroyed) return;
  const trailers: Record<string, string> = { 'grpc-status': `${status}` };
  if (message !== undefined) trailers['grpc-message'] = encodeURIComponent(message);
  stream.once('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end();
}

function statusOf(thrown: unknown): number {
  if (thrown instanceof FrameError) return thrown.grpcStatus;
  if (thrown instanceof OutOfOrderError || thrown instanceof MalformedMessageError) return INVALID_ARGUMENT;
  return INTERNAL;
}
