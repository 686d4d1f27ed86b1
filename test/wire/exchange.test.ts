// One exchange over a real socket: its order, its failures, its end.

import { status } from '@grpc/grpc-js';
import { describe, expect, it, vi } from 'vitest';
import type { Reaction, RequestHead, Respond } from '../../src/contract/exchange.ts';
import { exchange, ProcessStream } from './ext-proc-client.ts';
import { bodyMessage, headMessage, metadataOf, type RequestMessage } from './ext-proc-messages.ts';
import { FORWARD, scripted, start } from './wire-harness.ts';

const HEAD = headMessage({ ':method': 'POST', ':path': '/v1/x', 'x-a': 'b' });
const BODY = bodyMessage(Buffer.from('{"a":1}'));
const respond: Respond = { type: 'respond', status: 404, headers: [['x', 'y']], body: 'nö', details: 'gone' };

describe.each(['unix', 'tcp'] as const)('an exchange over %s', (on) => {
  it('shows the stage head and body, and Envoy its reaction', async () => {
    const seen: [RequestHead, string][] = [];
    const { client, errors } = await start(
      scripted({
        onBody: (head, body) => {
          seen.push([head, `${body}`]);
          return {
            ...FORWARD,
            setHeaders: [[':path', '/v2']],
            body: Buffer.from('{}'),
            metadata: { model: 'm' },
          };
        },
      }),
      { on },
    );
    const stream = new ProcessStream(client);
    expect(await stream.ask(HEAD)).toMatchObject({ response: 'request_headers' });
    const reply = await stream.ask(BODY);
    expect(reply.request_body?.response).toMatchObject({
      clear_route_cache: true,
      header_mutation: { set_headers: [{ header: { key: ':path', raw_value: Buffer.from('/v2') } }] },
      body_mutation: { body: Buffer.from('{}') },
    });
    expect(metadataOf(reply)).toEqual({ model: 'm' });
    stream.call.end();
    expect(await stream.status).toMatchObject({ code: status.OK });
    expect(seen[0]?.[0]).toMatchObject({ method: 'POST', path: '/v1/x' });
    expect(seen[0]?.[0].header('x-a')).toBe('b');
    expect(seen[0]?.[1]).toBe('{"a":1}');
    expect(errors).toEqual([]);
  });
});

describe('an exchange', () => {
  it('may be answered at the head', async () => {
    const { client } = await start(scripted({ onHead: () => respond }));
    const stream = new ProcessStream(client);
    expect((await stream.ask(HEAD)).immediate_response).toMatchObject({
      status: { code: 404 },
      body: Buffer.from('nö'),
      details: 'gone',
    });
    stream.call.end();
    expect(await stream.status).toMatchObject({ code: status.OK });
  });

  it('may be decided later, and gets its reply although Envoy has closed its side', async () => {
    const decided = Promise.withResolvers<Reaction>();
    const asked = Promise.withResolvers<void>();
    const { client } = await start(
      scripted({
        onBody: () => {
          asked.resolve();
          return decided.promise;
        },
      }),
    );
    const stream = new ProcessStream(client);
    stream.send(HEAD);
    stream.send(BODY);
    stream.call.end();
    await asked.promise;
    // The end of Envoy's side follows the body; nothing here tells when it has arrived.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(stream.replies.map(({ response }) => response)).toEqual(['request_headers']);
    decided.resolve({ ...FORWARD, metadata: { late: 'yes' } });
    expect(await stream.status).toMatchObject({ code: status.OK });
    expect(stream.replies.map(metadataOf)).toEqual([{}, { late: 'yes' }]);
  });

  it('ends with OK where Envoy closes it without a body', async () => {
    const { client } = await start(scripted());
    const stream = new ProcessStream(client);
    await stream.ask(HEAD);
    stream.call.end();
    expect(await stream.status).toMatchObject({ code: status.OK });
  });

  it('changes nothing afterwards, whatever an operator has set Envoy to send', async () => {
    const { client, errors } = await start(scripted());
    const stream = new ProcessStream(client);
    await stream.ask(HEAD);
    await stream.ask(BODY);
    for (const name of ['response_headers', 'response_body', 'response_trailers', 'request_trailers'])
      stream.send({ [name]: {} });
    stream.call.end();
    expect(await stream.status).toMatchObject({ code: status.OK });
    for (const reply of stream.replies.slice(2)) {
      const name = reply.response ?? '';
      expect(reply).toEqual({ response: name, [name]: expect.any(Object) });
      expect(reply).not.toHaveProperty(`${name}.response`);
    }
    expect(errors).toEqual([]);
  });

  it.each<[string, RequestMessage[]]>([
    ['a body before a head', [BODY]],
    ['two heads', [HEAD, HEAD]],
    ['response headers before anything', [{ response_headers: {} }]],
    ['a message that says nothing', [{}]],
  ])('is refused for %s, and the next one is not', async (_, messages) => {
    const { client, errors } = await start(scripted());
    const stream = new ProcessStream(client);
    for (const message of messages) stream.send(message);
    expect(await stream.status).toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(await exchange(client, {}, Buffer.from('{}'))).toMatchObject({ response: 'request_body' });
    expect(errors).toEqual([]);
  });
});

describe('a stage that fails', () => {
  const oops = new Error('oops');
  const fail = (): never => {
    throw oops;
  };

  it.each([
    ['at the head', { onHead: fail }],
    ['in the body', { onBody: fail }],
    ['by rejecting', { onBody: () => Promise.reject(oops) }],
    ['by rejecting late', { onBody: () => new Promise<never>((_, reject) => setTimeout(reject, 5, oops)) }],
  ])('%s is worded, and the stream ends well', async (_, stage) => {
    const { client } = await start(scripted(stage));
    const reply = await exchange(client, {}, Buffer.from('{}'));
    expect(reply.immediate_response?.body?.toString()).toBe('worded: oops');
  });

  it.each([
    ['at the head', { onHead: fail }],
    ['in the body', { onBody: fail }],
    ['late', { onBody: () => Promise.reject(oops) }],
  ])('%s and has no words ends with INTERNAL, its cause only in the log', async (_, stage) => {
    const { client, errors } = await start(scripted({ ...stage, onFailure: fail }));
    const stream = new ProcessStream(client);
    stream.send(HEAD);
    stream.send(BODY);
    expect(await stream.status).toMatchObject({ code: status.INTERNAL, details: 'internal error' });
    expect(errors).toEqual([oops]);
  });
});

describe('cancelling', () => {
  it('fires the signal; what is decided afterwards goes nowhere', async () => {
    const decided = Promise.withResolvers<Reaction>();
    const started = Promise.withResolvers<AbortSignal>();
    const { client, errors } = await start(
      scripted({
        onBody: (_head, _body, signal) => {
          started.resolve(signal());
          return decided.promise;
        },
      }),
    );
    const stream = new ProcessStream(client);
    stream.send(HEAD);
    stream.send(BODY);
    const signal = await started.promise;
    expect(signal.aborted).toBe(false);
    stream.call.cancel();
    await vi.waitFor(() => expect(signal.aborted).toBe(true));
    decided.resolve(FORWARD);
    expect(await stream.status).toMatchObject({ code: status.CANCELLED });
    expect(stream.replies.map(({ response }) => response)).toEqual(['request_headers']);
    expect(errors).toEqual([]);
  });
});
