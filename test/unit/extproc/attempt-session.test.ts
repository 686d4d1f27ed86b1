// The order of an answer's pieces where one of them has to wait, without a socket.

import { describe, expect, it } from 'vitest';
import type { AnswerReaction, Replacement } from '../../../src/contract/exchange.ts';
import { AttemptSession } from '../../../src/extproc/attempt-session.ts';
import type { ProcessingRequest } from '../../../src/extproc/processing-request.ts';
import { decodeResponse } from '../../wire/ext-proc-messages.ts';

const piece = (text: string, isLast = false): ProcessingRequest => ({
  type: 'response-body',
  body: Buffer.from(text),
  isLast,
});
const head = (endOfStream = false): ProcessingRequest => ({
  type: 'response-headers',
  head: { status: 200, endOfStream, header: () => undefined },
  kept: { metadata: {}, original: undefined, cluster: undefined },
});
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Open {
  readonly session: AttemptSession;
  /** The bodies that were sent. */
  readonly sent: string[];
  readonly broken: unknown[];
}

function open(reaction: AnswerReaction): Open {
  const sent: string[] = [];
  const broken: unknown[] = [];
  const session = new AttemptSession('response', {
    retry: {
      onAttempt: () => Promise.reject(new Error('no retry was expected')),
      onFailure: () => ({ type: 'respond', status: 500, headers: [], body: '', details: 'failed' }),
    },
    response: { reader: () => () => reaction },
    send(frames) {
      const { response_headers, response_body } = decodeResponse(Buffer.concat(frames).subarray(5));
      const body = (response_body ?? response_headers)?.response?.body_mutation?.body;
      if (body != null) sent.push(body.toString());
    },
    onBroken: (cause) => broken.push(cause),
  });
  return { session, sent, broken };
}

const gate = (): { readonly promise: Promise<string>; readonly resolve: (text: string) => void } =>
  Promise.withResolvers<string>();

function transforming(
  transform: (text: string, isLast: boolean) => string | Promise<string>,
): AnswerReaction {
  return {
    type: 'transform',
    setHeaders: [],
    removeHeaders: [],
    transform(bytes, isLast) {
      const given = transform(bytes.toString(), isLast);
      return given instanceof Promise ? given.then((text) => Buffer.from(text)) : Buffer.from(given);
    },
  };
}

describe('a piece that has to wait', () => {
  it('holds those behind it, and the session is busy meanwhile', async () => {
    const { promise, resolve } = gate();
    const seen: string[] = [];
    const { session, sent } = open(
      transforming((text) => {
        seen.push(text);
        return text === 'b' ? promise : text.toUpperCase();
      }),
    );
    for (const request of [head(), piece('a'), piece('b'), piece('c'), piece('d', true)])
      session.receive(request);
    await soon();
    expect([sent, seen, session.busy, session.settled]).toEqual([['A'], ['a', 'b'], true, false]);
    resolve('B');
    await soon();
    expect([sent, session.busy, session.settled]).toEqual([['A', 'B', 'C', 'D'], false, true]);
  });

  it('lets those after it go at once when it is done', async () => {
    const { session, sent } = open(transforming((text) => (text === 'a' ? Promise.resolve('A') : text)));
    for (const request of [head(), piece('a')]) session.receive(request);
    await soon();
    expect(session.busy).toBe(false);
    session.receive(piece('b'));
    expect(sent).toEqual(['A', 'b']);
  });

  it('says nothing to nobody', async () => {
    const { promise, resolve } = gate();
    const { session, sent, broken } = open(transforming(() => promise));
    for (const request of [head(), piece('a'), piece('b', true)]) session.receive(request);
    session.cancel();
    resolve('A');
    await soon();
    expect([sent, broken]).toEqual([[], []]);
  });

  it('that fails is reported', async () => {
    const { session, broken } = open(transforming(() => Promise.reject(new Error('never'))));
    for (const request of [head(), piece('a', true)]) session.receive(request);
    await soon();
    expect(broken).toHaveLength(1);
  });
});

describe('a whole answer that has to wait', () => {
  const replacement = (text: string): Replacement => ({
    setHeaders: [],
    removeHeaders: [],
    body: Buffer.from(text),
  });

  it.each([
    ['its body', [head(), piece('a', true)]],
    ['its head alone', [head(true)]],
  ])('is sent when it is there, after %s', async (_, requests) => {
    const { promise, resolve } = gate();
    const { session, sent } = open({ type: 'replace', replace: () => promise.then(replacement) });
    for (const request of requests) session.receive(request);
    await soon();
    expect([sent, session.busy, session.settled]).toEqual([[], true, false]);
    resolve('A');
    await soon();
    expect([sent, session.busy, session.settled]).toEqual([['A'], false, true]);
  });

  it('is sent to nobody who left', async () => {
    const { promise, resolve } = gate();
    const { session, sent, broken } = open({ type: 'replace', replace: () => promise.then(replacement) });
    for (const request of [head(), piece('a', true)]) session.receive(request);
    session.cancel();
    resolve('A');
    await soon();
    expect([sent, broken]).toEqual([[], []]);
  });
});
