// The streams of the clusters' filters, spoken by @grpc/grpc-js: later attempts, and answers that are read.

import { describe, expect, test } from 'vitest';
import type { AnswerReader, Attempt, Kept, Stages } from '../../src/contract/exchange.ts';
import type { StageName } from '../../src/contract/owned-headers.ts';
import { ProcessStream } from './ext-proc-client.ts';
import {
  answerHeadMessage,
  forwarding,
  headMessage,
  metadataOf,
  pieceMessage,
  type RequestMessage,
  type ResponseMessage,
} from './ext-proc-messages.ts';
import { scripted, start } from './wire-harness.ts';

const OK = 0;
const BUFFERED = 2;
const STREAMED = 1;
const CONTINUE_AND_REPLACE = 1;

const upper: AnswerReader = (head) => {
  switch (head.header('content-type')) {
    case 'text/event-stream':
      return {
        type: 'transform',
        setHeaders: [['content-type', 'text/loud']],
        removeHeaders: ['content-length'],
        transform: (piece, isLast) => Buffer.from(`${piece}`.toUpperCase() + (isLast ? '!' : '')),
      };
    case 'application/json':
      return {
        type: 'replace',
        replace: (body) => ({
          setHeaders: [[':status', `${head.status + 1}`]],
          removeHeaders: ['etag'],
          body: Buffer.from(`${body}`.toUpperCase()),
        }),
      };
    default:
      return { type: 'pass' };
  }
};

const attempt = (more: Partial<Attempt> = {}): Attempt => ({
  type: 'attempt',
  setHeaders: [[':path', '/second']],
  removeHeaders: ['x-api-key'],
  body: Buffer.from('{"model":"b"}'),
  metadata: { model: 'b' },
  answers: undefined,
  ...more,
});

interface Spoken {
  readonly replies: readonly ResponseMessage[];
  /** The stream's status, where the service ended it. */
  readonly status: number | undefined;
}

async function speak(
  stage: StageName,
  stages: Partial<Stages>,
  messages: readonly RequestMessage[],
): Promise<Spoken> {
  const { client } = await start(scripted(), { stages });
  const stream = new ProcessStream(client, stage);
  const replies: ResponseMessage[] = [];
  for (const message of messages) replies.push(await stream.ask(message));
  const ended = stream.status.then(({ code }) => code);
  const status = await Promise.race([ended, later(200)]);
  stream.call.cancel();
  return { replies, status };
}

const later = (milliseconds: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds, undefined));

const textOf = (body: Buffer | undefined): string | undefined => body?.toString();

describe('a later attempt', () => {
  test('is made anew from what was kept, and its stream ends where nobody reads the answer', async () => {
    const seen: Kept[] = [];
    const retry: Stages['retry'] = {
      onAttempt(_, kept) {
        seen.push({ ...kept, original: kept.original && Buffer.from(kept.original) });
        return attempt();
      },
      onFailure: () => ({ type: 'respond', status: 500, headers: [], body: '', details: 'failed' }),
    };
    const named = { 'xds.cluster_name': { stringValue: 'anthropic' } };
    const head = { ...headMessage({ ':path': '/first' }), attributes: { filter: { fields: named } } };
    const message = forwarding(head, {
      pointsman: { plan: 'é', route: 'code' },
      'pointsman.original': { body: '{"ü":1}' },
      other: { plan: 'not ours' },
    });
    const { replies, status } = await speak('retry', { retry }, [message]);
    expect(seen).toEqual([
      { metadata: { plan: 'é', route: 'code' }, original: Buffer.from('{"ü":1}'), cluster: 'anthropic' },
    ]);
    const [reply] = replies;
    const common = reply?.request_headers?.response;
    expect(common?.status).toBe(CONTINUE_AND_REPLACE);
    expect(textOf(common?.body_mutation?.body)).toBe('{"model":"b"}');
    expect(common?.header_mutation?.remove_headers).toEqual(['x-api-key']);
    expect(reply === undefined ? undefined : metadataOf(reply)).toEqual({ model: 'b' });
    expect(reply?.mode_override ?? undefined).toBeUndefined();
    expect(status).toBe(OK);
  });

  test.each([3, 5000, 3_000_000])('carries a body of %i bytes', async (size) => {
    const body = Buffer.alloc(size, 'x');
    const retry: Stages['retry'] = {
      onAttempt: () => Promise.resolve(attempt({ body })),
      onFailure: () => ({ type: 'respond', status: 500, headers: [], body: '', details: 'failed' }),
    };
    const { replies } = await speak('retry', { retry }, [headMessage({})]);
    expect(replies[0]?.request_headers?.response?.body_mutation?.body?.equals(body)).toBe(true);
  });

  test('shows its answer to who asked for it', async () => {
    const retry: Stages['retry'] = {
      onAttempt: () => attempt({ answers: upper }),
      onFailure: () => ({ type: 'respond', status: 500, headers: [], body: '', details: 'failed' }),
    };
    const { replies, status } = await speak('retry', { retry }, [
      headMessage({}),
      answerHeadMessage({ ':status': '200', 'content-type': 'application/json' }),
      pieceMessage('abc', true),
    ]);
    expect(replies[0]?.mode_override).toBeDefined();
    expect(replies[1]?.mode_override?.response_body_mode).toBe(BUFFERED);
    expect(textOf(replies[2]?.response_body?.response?.body_mutation?.body)).toBe('ABC');
    expect(status).toBe(OK);
  });

  test.each([
    [
      'at once',
      () => {
        throw new Error('no target');
      },
    ],
    ['late', () => Promise.reject(new Error('no target'))],
  ])("that cannot be made is answered in the stage's words (%s)", async (_, onAttempt) => {
    const retry: Stages['retry'] = {
      onAttempt,
      onFailure: (kept, thrown) => ({
        type: 'respond',
        status: 502,
        headers: [],
        body: `${kept.metadata['plan']}: ${thrown}`,
        details: 'failed',
      }),
    };
    const message = forwarding(headMessage({}), { pointsman: { plan: 'p' } });
    const { replies } = await speak('retry', { retry }, [message]);
    expect(replies[0]?.immediate_response?.status.code).toBe(502);
    expect(textOf(replies[0]?.immediate_response?.body)).toBe('p: Error: no target');
  });
});

describe('an answer', () => {
  const response: Stages['response'] = { reader: () => upper };

  test('is transformed piece by piece, with nothing held back', async () => {
    const { replies, status } = await speak('response', { response }, [
      answerHeadMessage({ ':status': '200', 'content-type': 'text/event-stream' }),
      pieceMessage('ab', false),
      pieceMessage('c', false),
      pieceMessage('', true),
    ]);
    expect(replies[0]?.mode_override?.response_body_mode).toBe(STREAMED);
    expect(replies[0]?.response_headers?.response?.header_mutation?.remove_headers).toEqual([
      'content-length',
    ]);
    const bodies = replies
      .slice(1)
      .map((reply) => textOf(reply.response_body?.response?.body_mutation?.body));
    expect(bodies).toEqual(['AB', 'C', '!']);
    expect(status).toBe(OK);
  });

  test('that is streamed makes Envoy forget what it would repeat with every piece', async () => {
    const heads = ['text/event-stream', 'application/json'].map((type) =>
      answerHeadMessage({ ':status': '200', 'content-type': type }),
    );
    const forgotten: unknown[] = [];
    for (const head of heads) {
      const [reply] = (await speak('response', { response }, [head])).replies;
      const original = reply?.dynamic_metadata?.fields['pointsman.original']?.structValue?.fields;
      forgotten.push([reply && metadataOf(reply), original?.['body']?.stringValue]);
    }
    // A whole answer may yet be followed by another attempt.
    expect(forgotten).toEqual([
      [{ plan: '', translation: '' }, ''],
      [{}, undefined],
    ]);
  });

  test('may give nothing for a piece', async () => {
    const silent: AnswerReader = () => ({
      type: 'transform',
      setHeaders: [],
      removeHeaders: [],
      transform: () => new Uint8Array(0),
    });
    const { replies } = await speak('response', { response: { reader: () => silent } }, [
      answerHeadMessage({ ':status': '200' }),
      pieceMessage('ab', false),
    ]);
    expect(replies[1]?.response_body?.response?.body_mutation?.body).toHaveLength(0);
  });

  test('without a body can get one', async () => {
    const { replies, status } = await speak('response', { response }, [
      answerHeadMessage({ ':status': '429', 'content-type': 'application/json' }, true),
    ]);
    const common = replies[0]?.response_headers?.response;
    expect(common?.status).toBe(CONTINUE_AND_REPLACE);
    expect(common?.header_mutation?.remove_headers).toEqual(['etag']);
    expect(status).toBe(OK);
  });

  test('passes where it is not to be read', async () => {
    const { replies, status } = await speak('response', { response }, [
      answerHeadMessage({ ':status': '200' }),
    ]);
    expect(replies[0]?.response).toBe('response_headers');
    expect(status).toBe(OK);
  });

  test.each([
    ['a request', headMessage({})],
    ['a body first', pieceMessage('a', true)],
  ])('comes in the order of the protocol: %s is refused', async (_, message) => {
    await expect(speak('response', { response }, [message])).rejects.toThrow(/"code":3/);
  });
});
