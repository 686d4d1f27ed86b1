// Starts the real gRPC server around a scripted stage, and ends what a test has started.

import { mkdtempSync, rmSync } from 'node:fs';
import http2 from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import type { Forward, RequestStage, RetryStage, Stages } from '../../src/contract/exchange.ts';
import type { FailedAttempt } from '../../src/contract/failed-attempt.ts';
import { GrpcServer } from '../../src/extproc/grpc-server.ts';
import { connect } from './ext-proc-client.ts';
import { PROCESS } from './ext-proc-messages.ts';

export interface RunningServer {
  readonly server: GrpcServer;
  /** As @grpc/grpc-js wants it. */
  readonly address: string;
  /** What was reported as a fault of the service's own. */
  readonly errors: unknown[];
  readonly failedAttempts: FailedAttempt[];
  readonly client: Client;
}

export const FORWARD: Forward = { type: 'forward', setHeaders: [], removeHeaders: [], metadata: {} };

/** A stage that forwards everything, but for what a test says. */
export function scripted(stage: Partial<RequestStage> = {}): RequestStage {
  return {
    onHead: () => ({ type: 'await-body' }),
    onBody: () => FORWARD,
    onFailure: (_, thrown) => ({
      type: 'respond',
      status: 500,
      headers: [],
      body: `worded: ${thrown instanceof Error ? thrown.message : thrown}`,
      details: 'failed',
    }),
    ...stage,
  };
}

const REFUSES_RETRIES: RetryStage = {
  onAttempt() {
    throw new Error('no retry was expected');
  },
  onFailure: (_, thrown) => ({
    type: 'respond',
    status: 500,
    headers: [],
    body: `${thrown}`,
    details: 'failed',
  }),
};

export async function start(
  stage: RequestStage,
  {
    on = 'unix',
    maxBodyBytes = 50 * 1024 * 1024,
    stages = {},
  }: { on?: 'unix' | 'tcp'; maxBodyBytes?: number; stages?: Partial<Stages> } = {},
): Promise<RunningServer> {
  const errors: unknown[] = [];
  const failedAttempts: FailedAttempt[] = [];
  const server = new GrpcServer({
    stages: {
      request: stage,
      retry: REFUSES_RETRIES,
      response: { reader: () => () => ({ type: 'pass' }) },
      ...stages,
    },
    maxBodyBytes,
    onError: (_, cause) => errors.push(cause),
    onFailedAttempt: (attempt) => failedAttempts.push(attempt),
  });
  let address: string;
  if (on === 'unix') {
    const folder = mkdtempSync(join(tmpdir(), 'pointsman-wire-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'service.sock');
    await server.listen({ path });
    address = `unix:${path}`;
  } else {
    await server.listen({ host: '127.0.0.1', port: 0 });
    address = `127.0.0.1:${server.port}`;
  }
  const client = connect(address);
  onTestFinished(async () => {
    client.close();
    await server.close();
  });
  return { server, address, errors, failedAttempts, client };
}

/** A bare HTTP/2 connection, for what a gRPC client would not send. */
export function connectHttp2(port: number | undefined): http2.ClientHttp2Session {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  session.on('error', () => undefined);
  onTestFinished(() => session.destroy());
  return session;
}

export function openProcess(
  session: http2.ClientHttp2Session,
  path: string = PROCESS.path,
): http2.ClientHttp2Stream {
  const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
  const stream = session.request(headers, { endStream: false });
  stream.on('error', () => undefined);
  return stream;
}

export interface GrpcStatus {
  readonly code: number;
  readonly message: string;
}

/** The status in the trailers; reads and drops what comes before them. */
export function statusOf(stream: http2.ClientHttp2Stream): Promise<GrpcStatus> {
  return new Promise((resolve, reject) => {
    stream.on('trailers', (trailers) =>
      resolve({
        code: Number(trailers['grpc-status']),
        message: decodeURIComponent(String(trailers['grpc-message'] ?? '')),
      }),
    );
    stream.on('close', () => reject(new Error('closed without trailers')));
    stream.resume();
  });
}
