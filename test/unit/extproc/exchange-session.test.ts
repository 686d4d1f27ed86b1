// The order of one exchange, without a socket: what is sent, and what is not once nobody waits for it.

import { describe, expect, it } from 'vitest';
import type { Reaction, RequestHead, RequestStage, Respond } from '../../../src/contract/exchange.ts';
import { ExchangeSession, OutOfOrderError } from '../../../src/extproc/exchange-session.ts';
import type { ProcessingRequest } from '../../../src/extproc/processing-request.ts';
import { decodeResponse, type ResponseMessage } from '../../wire/ext-proc-messages.ts';

const head: RequestHead = { method: 'POST', path: '/', endOfStream: false, header: () => undefined };
const kept = { metadata: {}, original: undefined, cluster: undefined };
const HEAD: ProcessingRequest = { type: 'request-headers', head, kept };
const ANSWER: ProcessingRequest = {
  type: 'response-headers',
  head: { status: 200, endOfStream: false, header: () => undefined },
  kept,
};
const BODY: ProcessingRequest = { type: 'request-body', body: Buffer.from('{}') };
const forward: Reaction = { type: 'forward', setHeaders: [], removeHeaders: [], metadata: {} };
const failed = (thrown: unknown): Respond => ({
  type: 'respond',
  status: 500,
  headers: [],
  body: `${thrown}`,
  details: 'failed',
});

interface Exchange {
  readonly session: ExchangeSession;
  readonly sent: ResponseMessage[];
  readonly broken: unknown[];
  receive(...requests: ProcessingRequest[]): void;
}

function exchange(stage: Partial<RequestStage>): Exchange {
  const sent: ResponseMessage[] = [];
  const broken: unknown[] = [];
  const session = new ExchangeSession({
    stage: {
      onHead: () => ({ type: 'await-body' }),
      onBody: () => forward,
      onFailure: (_, thrown) => failed(thrown),
      ...stage,
    },
    send: (frames) => sent.push(decodeResponse(Buffer.concat(frames).subarray(5))),
    onBroken: (cause) => broken.push(cause),
  });
  return {
    session,
    sent,
    broken,
    receive: (...requests) => requests.forEach((request) => void session.receive(request)),
  };
}

const kinds = ({ sent }: Exchange): (string | undefined)[] => sent.map(({ response }) => response);
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('ExchangeSession', () => {
  it('answers head and body, then has nothing to add', () => {
    const one = exchange({});
    one.receive(HEAD, BODY, ANSWER, { type: 'response-trailers' });
    expect(kinds(one)).toEqual(['request_headers', 'request_body', 'response_headers', 'response_trailers']);
  });

  it.each<[string, ProcessingRequest[]]>([
    ['a body first', [BODY]],
    ['trailers first', [{ type: 'request-trailers' }]],
    ['response headers first', [ANSWER]],
    ['two heads', [HEAD, HEAD]],
    ['response headers before the body', [HEAD, ANSWER]],
    ['two bodies', [HEAD, BODY, BODY]],
    ['a head after the end', [HEAD, BODY, HEAD]],
  ])('refuses %s', (_, requests) => {
    expect(() => exchange({}).receive(...requests)).toThrow(OutOfOrderError);
  });

  it('may answer a head late, in its own words where that fails', async () => {
    const answer: Respond = { type: 'respond', status: 200, headers: [], body: 'late', details: 'ok' };
    for (const [onHead, body] of [
      [() => Promise.resolve(answer), 'late'],
      [() => Promise.reject(new Error('why')), 'Error: why'],
    ] as const) {
      const one = exchange({ onHead });
      one.receive(HEAD);
      expect([one.session.busy, one.sent]).toEqual([true, []]);
      await soon();
      expect(one.session.settled).toBe(true);
      expect(one.sent.map(({ immediate_response }) => `${immediate_response?.body}`)).toEqual([body]);
    }
  });

  it('refuses a second body while it decides', () => {
    const one = exchange({ onBody: () => new Promise(() => undefined) });
    one.receive(HEAD, BODY);
    expect(one.session.busy).toBe(true);
    expect(() => one.receive(BODY)).toThrow('a body while deciding');
  });

  it('says nothing once it is cancelled, and gives a signal that has fired', async () => {
    const decided = Promise.withResolvers<Reaction>();
    let signal: () => AbortSignal = () => AbortSignal.abort('never asked');
    const one = exchange({
      onBody: (_head, _body, later) => {
        signal = later;
        return decided.promise;
      },
    });
    one.receive(HEAD, BODY);
    one.session.cancel();
    one.session.cancel();
    expect(signal().aborted).toBe(true);
    decided.resolve(forward);
    await soon();
    expect(kinds(one)).toEqual(['request_headers']);
  });

  it('does not take the rejection of a cancelled decision for a failure', async () => {
    const failures: unknown[] = [];
    const one = exchange({
      onBody: (_head, _body, signal) =>
        new Promise((_resolve, reject) => signal().addEventListener('abort', () => reject(signal().reason))),
      onFailure: (_, thrown) => {
        failures.push(thrown);
        return failed(thrown);
      },
    });
    one.receive(HEAD, BODY);
    one.session.cancel();
    await soon();
    expect(failures).toEqual([]);
    expect(one.broken).toEqual([]);
    expect(kinds(one)).toEqual(['request_headers']);
  });

  it('words whatever a stage throws', async () => {
    const thrown = new Error('oops');
    const stages: Partial<RequestStage>[] = [
      {
        onHead: () => {
          throw thrown;
        },
      },
      {
        onBody: () => {
          throw thrown;
        },
      },
      { onBody: () => Promise.reject(thrown) },
      { onBody: () => soon().then(() => Promise.reject(thrown)) },
    ];
    for (const stage of stages) {
      const one = exchange(stage);
      one.receive(HEAD);
      if (one.sent[0]?.response === 'request_headers') one.receive(BODY);
      await soon();
      await soon();
      expect(one.sent.at(-1)?.immediate_response?.body?.toString()).toBe('Error: oops');
      expect(one.broken).toEqual([]);
    }
  });

  it('words a reaction that cannot be written, early or late', async () => {
    const unwritable = { ...forward, setHeaders: [['x', undefined as unknown as string]] } as Reaction;
    for (const reaction of [unwritable, Promise.resolve(unwritable)]) {
      const one = exchange({ onBody: () => reaction });
      one.receive(HEAD, BODY);
      await soon();
      expect(one.sent.at(-1)?.immediate_response?.status.code).toBe(500);
    }
  });

  it('reports a failure that cannot even be worded', async () => {
    const onFailure = (): never => {
      throw new Error('no words');
    };
    const late = exchange({ onBody: () => Promise.reject(new Error('oops')), onFailure });
    late.receive(HEAD, BODY);
    await soon();
    expect(late.broken).toEqual([new Error('no words')]);
    const early = exchange({
      onBody: () => {
        throw new Error('oops');
      },
      onFailure,
    });
    expect(() => early.receive(HEAD, BODY)).toThrow('no words');
  });
});
