// The health service, and what closing means to those who are connected.

import { type ServiceError, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import type { Reaction } from '../../src/contract/exchange.ts';
import { exchange, ProcessStream } from './ext-proc-client.ts';
import {
  bodyMessage,
  HEALTH_CHECK,
  HEALTH_WATCH,
  type HealthResponse,
  headMessage,
} from './ext-proc-messages.ts';
import { FORWARD, type RunningServer, scripted, start } from './wire-harness.ts';

const SERVING = 1;
const NOT_SERVING = 2;

function check({ client }: RunningServer): Promise<HealthResponse | undefined> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      HEALTH_CHECK.path,
      HEALTH_CHECK.requestSerialize,
      HEALTH_CHECK.responseDeserialize,
      {},
      (error: ServiceError | null, answer) => (error === null ? resolve(answer) : reject(error)),
    );
  });
}

interface Watch {
  readonly seen: (number | undefined)[];
  readonly first: Promise<void>;
  readonly ended: Promise<number>;
}

function watch({ client }: RunningServer): Watch {
  const call = client.makeServerStreamRequest(
    HEALTH_WATCH.path,
    HEALTH_WATCH.requestSerialize,
    HEALTH_WATCH.responseDeserialize,
    {},
  );
  const seen: (number | undefined)[] = [];
  const first = new Promise<void>((resolve) => {
    call.on('data', (answer: HealthResponse) => {
      seen.push(answer.status);
      resolve();
    });
  });
  call.on('error', () => undefined);
  const ended = new Promise<number>((resolve) => {
    call.on('status', ({ code }) => resolve(code));
  });
  return { seen, first, ended };
}

describe('health', () => {
  it('Check says SERVING', async () => {
    expect(await check(await start(scripted()))).toEqual({ status: SERVING });
  });

  it('Watch says SERVING at once, and NOT_SERVING when the server closes', async () => {
    const running = await start(scripted());
    const watched = watch(running);
    await watched.first;
    expect(watched.seen).toEqual([SERVING]);
    await running.server.close();
    expect(await watched.ended).toBe(status.OK);
    expect(watched.seen).toEqual([SERVING, NOT_SERVING]);
  });
});

describe('closing', () => {
  it('waits for the streams that are open, and takes no new ones', async () => {
    const decided = Promise.withResolvers<Reaction>();
    const running = await start(scripted({ onBody: () => decided.promise }));
    const stream = new ProcessStream(running.client);
    await stream.ask(headMessage({}));
    stream.send(bodyMessage(Buffer.from('{}')));

    let isClosed = false;
    const closed = running.server.close().then(() => {
      isClosed = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isClosed).toBe(false);
    await expect(exchange(running.client, {}, Buffer.from('{}'))).rejects.toThrow('the stream ended');

    decided.resolve(FORWARD);
    expect(await stream.next()).toMatchObject({ response: 'request_body' });
    stream.call.end();
    expect(await stream.status).toMatchObject({ code: status.OK });
    await closed;
  });

  it('is done at once where nobody is connected, or nobody asks', async () => {
    const idle = await start(scripted());
    await idle.server.close();
    const used = await start(scripted());
    await exchange(used.client, {}, Buffer.from('{}'));
    await used.server.close();
    await expect(check(used)).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });
});
