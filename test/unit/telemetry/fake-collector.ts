// A stand-in for an OpenTelemetry collector that takes whatever it is sent.

import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';

export interface ReceivedExport {
  readonly path: string | undefined;
  readonly body: Buffer;
}

export interface FakeCollector {
  readonly url: string;
  readonly received: readonly ReceivedExport[];
  close(): void;
}

/** Answers every OTLP call over gRPC with success: an empty message and status 0. */
export async function startFakeCollector(): Promise<FakeCollector> {
  const received: ReceivedExport[] = [];
  const server = http2.createServer();
  const sessions = new Set<http2.ServerHttp2Session>();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      received.push({ path: headers[':path'], body: Buffer.concat(chunks) });
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(Buffer.alloc(5));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close() {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}
