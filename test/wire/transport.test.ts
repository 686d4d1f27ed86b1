// What a gRPC client would not send, and what a network does: broken framing, slow readers, lost connections, crowds.

import { createHash } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { describe, expect, it, vi } from 'vitest';
import type { Reaction } from '../../src/contract/exchange.ts';
import { exchange, ProcessStream } from './ext-proc-client.ts';
import { bodyMessage, decodeResponse, encodeRequest, frame, headMessage } from './ext-proc-messages.ts';
import { connectHttp2, FORWARD, openProcess, scripted, start, statusOf } from './wire-harness.ts';

const HEAD = encodeRequest(headMessage({ ':path': '/v1/x' }));
const MEGABYTE = 1024 * 1024;

describe('bytes that are no message', () => {
  it.each([
    ['noise for a message', frame(Buffer.from('ffffffff', 'hex')), status.INVALID_ARGUMENT],
    ['an empty message', frame(Buffer.alloc(0)), status.INVALID_ARGUMENT],
    ['a cut message', frame(HEAD.subarray(0, -1)), status.INVALID_ARGUMENT],
    ['a compressed message', frame(HEAD, 1), status.UNIMPLEMENTED],
    ['a message above the limit', Buffer.from([0, 0, 0x20, 0, 1]), status.RESOURCE_EXHAUSTED],
    ['something else than gRPC', Buffer.from('GET / HTTP/1.1'), status.UNIMPLEMENTED],
  ])('%s ends the stream with its status, and no other', async (_, bytes, code) => {
    const { server, errors } = await start(scripted(), { on: 'tcp', maxBodyBytes: MEGABYTE });
    const session = connectHttp2(server.port);
    const good = openProcess(session);
    good.write(frame(HEAD));
    const bad = openProcess(session);
    bad.write(bytes);
    expect((await statusOf(bad)).code).toBe(code);
    good.end(frame(encodeRequest(bodyMessage(Buffer.from('{}')))));
    expect((await statusOf(good)).code).toBe(status.OK);
    expect(errors).toEqual([]);
  });

  it('after a fault, nothing more is read', async () => {
    let heads = 0;
    const { server } = await start(
      scripted({
        onHead: () => {
          heads += 1;
          return { type: 'await-body' };
        },
      }),
      { on: 'tcp' },
    );
    const stream = openProcess(connectHttp2(server.port));
    stream.write(frame(HEAD, 1));
    stream.write(frame(HEAD));
    const ended = statusOf(stream);
    stream.end(frame(HEAD));
    expect((await ended).code).toBe(status.UNIMPLEMENTED);
    expect(heads).toBe(0);
  });

  it.each([
    ['before the body', [frame(HEAD)]],
    ['while the stage decides', [frame(HEAD), frame(encodeRequest(bodyMessage(Buffer.from('{}'))))]],
  ])('a message that is begun %s and never completed ends with INVALID_ARGUMENT', async (_, before) => {
    const decided = Promise.withResolvers<Reaction>();
    const { server, errors } = await start(scripted({ onBody: () => decided.promise }), { on: 'tcp' });
    const stream = openProcess(connectHttp2(server.port));
    const ended = statusOf(stream);
    for (const bytes of before) stream.write(bytes);
    stream.end(Buffer.from([0, 0, 0]));
    expect(await ended).toEqual({
      code: status.INVALID_ARGUMENT,
      message: 'the stream ended inside a message',
    });
    decided.resolve(FORWARD);
    expect(errors).toEqual([]);
  });

  it('a body at the limit is taken, one well above it is refused', async () => {
    const { client } = await start(scripted(), { maxBodyBytes: MEGABYTE });
    expect(await exchange(client, {}, Buffer.alloc(MEGABYTE, 32))).toMatchObject({
      response: 'request_body',
    });
    await expect(exchange(client, {}, Buffer.alloc(2 * MEGABYTE + 1, 32))).rejects.toThrow('the limit of');
  });

  it('an unknown method is UNIMPLEMENTED', async () => {
    const { server } = await start(scripted(), { on: 'tcp' });
    const stream = openProcess(connectHttp2(server.port), '/some.Service/Method');
    expect(await statusOf(stream)).toEqual({
      code: status.UNIMPLEMENTED,
      message: 'no such method: /some.Service/Method',
    });
  });
});

describe('a slow reader', () => {
  it('gets a reply of 20 MB whole, and the service holds it once', async () => {
    const body = Buffer.alloc(20 * MEGABYTE);
    for (let at = 0; at < body.length; at += 4) body.writeUInt32LE((at * 2654435761) >>> 0, at);
    const { server } = await start(scripted({ onBody: () => ({ ...FORWARD, body }) }), { on: 'tcp' });
    const stream = openProcess(connectHttp2(server.port));
    stream.pause();
    const before = process.memoryUsage().external;
    stream.write(frame(HEAD));
    stream.end(frame(encodeRequest(bodyMessage(Buffer.from('{}')))));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(process.memoryUsage().external - before).toBeLessThan(10 * MEGABYTE);

    const received: Buffer[] = [];
    for await (const chunk of stream) {
      received.push(chunk as Buffer);
      if (received.length % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const bytes = Buffer.concat(received);
    const second = 5 + bytes.readUInt32BE(1);
    const reply = decodeResponse(bytes.subarray(second + 5));
    const digest = (of: Buffer | undefined): string =>
      createHash('sha256')
        .update(of ?? '')
        .digest('hex');
    expect(digest(reply.request_body?.response?.body_mutation?.body)).toBe(digest(body));
  });
});

describe('a lost connection', () => {
  it('fires the signals of everything on it', async () => {
    const signals: AbortSignal[] = [];
    const { server } = await start(
      scripted({
        onBody: (_head, _body, signal) => {
          signals.push(signal());
          return new Promise(() => undefined);
        },
      }),
      { on: 'tcp' },
    );
    const session = connectHttp2(server.port);
    for (let count = 0; count < 20; count += 1) {
      const stream = openProcess(session);
      stream.write(frame(HEAD));
      stream.write(frame(encodeRequest(bodyMessage(Buffer.from('{}')))));
    }
    await vi.waitFor(() => expect(signals).toHaveLength(20));
    expect(signals.some(({ aborted }) => aborted)).toBe(false);
    session.destroy();
    await vi.waitFor(() => expect(signals.every(({ aborted }) => aborted)).toBe(true));
  });
});

describe('a crowd', () => {
  it('of 500 streams on one connection, all open at once, gets its own answers', async () => {
    const waiting: (() => void)[] = [];
    const { client } = await start(
      scripted({
        onBody: (head, body) =>
          new Promise((resolve) => {
            waiting.push(() => resolve({ ...FORWARD, metadata: { path: head.path, body: `${body}` } }));
            if (waiting.length === 500) for (const answer of waiting.reverse()) answer();
          }),
      }),
    );
    const numbers = Array.from({ length: 500 }, (_, number) => number);
    const replies = await Promise.all(
      numbers.map((number) => exchange(client, { ':path': `/${number}` }, Buffer.from(`${number * 7}`))),
    );
    for (const number of numbers) {
      const fields = replies[number]?.dynamic_metadata?.fields['pointsman']?.structValue?.fields;
      expect(fields).toMatchObject({
        path: { stringValue: `/${number}` },
        body: { stringValue: `${number * 7}` },
      });
    }
  });

  it('of streams that are never answered does not keep others waiting', async () => {
    const { client } = await start(
      scripted({
        onBody: (head) => (head.path === '/stuck' ? new Promise<never>(() => undefined) : FORWARD),
      }),
    );
    const stuck = Array.from({ length: 300 }, () => new ProcessStream(client));
    for (const stream of stuck) {
      stream.send(headMessage({ ':path': '/stuck' }));
      stream.send(bodyMessage(Buffer.from('{}')));
    }
    await Promise.all(stuck.map((stream) => stream.next()));
    expect(await exchange(client, { ':path': '/' }, Buffer.from('{}'))).toMatchObject({
      response: 'request_body',
    });
    for (const stream of stuck) stream.call.cancel();
  });
});
