// Envoy ends its streams by RST_STREAM. Node's HTTP/2 server, left as it is, takes more than a thousand of them for an
// attack and closes the connection, and with it the requests of others. The same load is put on ours and on theirs.

import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bodyMessage, encodeRequest, frame, headMessage, PROCESS } from './ext-proc-messages.ts';
import { connectHttp2, openProcess, scripted, start } from './wire-harness.ts';

const RESETS = 1_500;
const AT_ONCE = 100;
const REQUEST = Buffer.concat([
  frame(encodeRequest(headMessage({ ':path': '/v1/x' }))),
  frame(encodeRequest(bodyMessage(Buffer.from('{}')))),
]);

/** True where a reply came; the stream is reset at its first bytes, as Envoy does. */
function askAndReset(session: http2.ClientHttp2Session): Promise<boolean> {
  return new Promise((resolve) => {
    if (session.closed || session.destroyed) {
      resolve(false);
      return;
    }
    const stream = openProcess(session);
    let isAnswered = false;
    stream.on('data', () => {
      isAnswered = true;
      stream.close(http2.constants.NGHTTP2_CANCEL);
    });
    stream.on('close', () => resolve(isAnswered));
    stream.write(REQUEST);
  });
}

interface Outcome {
  readonly answered: number;
  readonly goaways: readonly number[];
  readonly afterwards: boolean;
}

async function resetMany(port: number): Promise<Outcome> {
  const session = connectHttp2(port);
  const goaways: number[] = [];
  session.on('goaway', (code) => goaways.push(code));
  let answered = 0;
  let left = RESETS;
  const repeat = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      if (await askAndReset(session)) answered += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, repeat));
  return { answered, goaways, afterwards: await askAndReset(session) };
}

describe(`${RESETS} resets on one connection`, () => {
  it('leave our server answering', async () => {
    const { server, errors } = await start(scripted(), { on: 'tcp' });
    expect(await resetMany(server.port ?? 0)).toEqual({ answered: RESETS, goaways: [], afterwards: true });
    expect(errors).toEqual([]);
  });

  it("end the connection of a server with Node's defaults: what the options of ours are for", async () => {
    const server = http2.createServer();
    server.on('sessionError', () => undefined);
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.write(frame(Buffer.alloc(2)));
      stream.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const outcome = await resetMany((server.address() as AddressInfo).port);
    expect(outcome.goaways.length).toBeGreaterThan(0);
    expect(outcome.answered).toBeLessThan(RESETS);
    expect(outcome.afterwards).toBe(false);
  });

  it('end the connection of a server on @grpc/grpc-js, which has no option for it', async () => {
    const server = new Server();
    server.register(
      PROCESS.path,
      (call: { write(reply: object): void; on(event: string, listener: () => void): void }) => {
        call.on('data', () => call.write({ request_headers: {} }));
        call.on('error', () => undefined);
      },
      PROCESS.responseSerialize,
      PROCESS.requestDeserialize,
      'bidi',
    );
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    onTestFinished(() => server.forceShutdown());
    const outcome = await resetMany(port);
    expect(outcome.answered).toBeGreaterThan(0);
    expect(outcome.afterwards).toBe(false);
  });
});
