// What a trace says of a request, from the request stage to the exporter.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RequestHead } from '../../../src/contract/exchange.ts';
import {
  answered,
  chat,
  forwarded,
  type HarnessParts,
  harness,
  headers,
  NOT_CALLABLE,
} from '../request/stage-harness.ts';
import { type RecordedSpan, type RecordedTracing, recordTracing } from './recorded-spans.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const SAMPLED = `00-${TRACE_ID}-${CALLER}-01`;
const SERVER_KIND = 1;
const UNSET = 0;
const ERROR = 2;

let recorded: RecordedTracing;
beforeEach(() => {
  recorded = recordTracing();
});
afterEach(() => recorded.finish());

const traced = (more: HarnessParts = {}): HarnessParts => ({ tracer: recorded.tracing.tracer, ...more });

async function onlySpan(): Promise<RecordedSpan> {
  const [span, ...more] = await recorded.finish();
  if (span === undefined || more.length > 0) throw new Error(`${more.length + 1} spans instead of one`);
  return span;
}

describe('a proxied request', () => {
  test('has one span that says what was asked, decided and why', async () => {
    const { send } = harness('code', NOT_CALLABLE, traced());
    const reaction = await send({
      path: '/v1/responses?key=secret',
      headers: { authorization: 'Bearer secret' },
      body: { model: 'fast', input: 'secret prompt' },
    });
    expect(answered(reaction).status).toBe(501);
    const span = await onlySpan();
    // 501: the route's model cannot be called.
    expect(span).toMatchObject({ name: 'pointsman.request', kind: SERVER_KIND, status: ERROR, events: [] });
    expect(span.attributes).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 501,
      'url.path': '/v1/responses',
      'gen_ai.request.model': 'fast',
      'gen_ai.provider.name': 'chatgpt',
      'pointsman.route': 'code',
      'pointsman.model': 'chatgpt/gpt',
      'pointsman.reason': 'matched engine=embedded',
      'pointsman.engine': 'embedded',
      'pointsman.decision_ms': 1.23,
    });
    expect(JSON.stringify(span)).not.toContain('secret');
  });

  test('that goes on has no status of ours', async () => {
    const { send } = harness('peek:reasoning', {}, traced());
    forwarded(await send({ body: chat() }));
    const span = await onlySpan();
    expect(span.status).toBe(UNSET);
    expect(span.attributes).not.toHaveProperty('http.response.status_code');
    expect(span.attributes).not.toHaveProperty('gen_ai.request.model');
    expect(span.attributes).toMatchObject({ 'pointsman.model': 'openai/gpt-4o' });
  });

  test('has an event for each router that gave no answer', async () => {
    const failures = [
      { engine: 'arch-router', failure: 'timeout' },
      { engine: 'embedded', failure: 'unreachable' },
    ] as const;
    const { send } = harness(null, {}, traced({ decision: { engine: null, failures } }));
    forwarded(await send({ body: chat() }));
    const span = await onlySpan();
    expect(span.events).toEqual([
      {
        name: 'pointsman.router_fallback',
        attributes: { 'pointsman.engine': 'arch-router', 'pointsman.cause': 'timeout' },
      },
      {
        name: 'pointsman.router_fallback',
        attributes: { 'pointsman.engine': 'embedded', 'pointsman.cause': 'unreachable' },
      },
    ]);
    expect(span.attributes).toMatchObject({ 'pointsman.model': 'openai/gpt-4o-mini' });
    expect(span.attributes['pointsman.reason']).toMatch(/^no-decision failed=.* model=default$/);
    expect(span.attributes).not.toHaveProperty('pointsman.route');
    expect(span.attributes).not.toHaveProperty('pointsman.engine');
  });

  test('says how sure the router was, and what came of asking another', async () => {
    const answer = { scores: [{ route: 'code', score: 0.625 }], none: 0.375 };
    const cascade = { doubted: { route: 'code', ...answer }, outcome: 'failed' } as const;
    const { send } = harness('code', {}, traced({ decision: { ...answer, cascade } }));
    await send({ body: chat() });
    expect((await onlySpan()).attributes).toMatchObject({
      'pointsman.confidence': 0.625,
      'pointsman.cascade': 'failed',
    });
  });

  test('of a pinned session says so', async () => {
    const { send, pins } = harness('reasoning', {}, traced());
    pins.set('s', { model: 'openai/gpt-4o', models: ['openai/gpt-4o'], route: 'reasoning' });
    forwarded(await send({ body: chat(), headers: { 'x-model-affinity': 's' } }));
    expect((await onlySpan()).attributes).toMatchObject({
      'pointsman.reason': 'pinned',
      'pointsman.model': 'openai/gpt-4o',
    });
  });
});

test('a client that hangs up while it is decided has its span all the same', async () => {
  const hungUp = new Error('hung up');
  const { stage } = harness('code', {}, traced({ rejects: hungUp }));
  const head: RequestHead = {
    method: 'POST',
    path: '/v1/chat/completions',
    endOfStream: false,
    header: () => undefined,
  };
  await stage.onHead(head);
  const late = stage.onBody(head, Buffer.from(JSON.stringify(chat())), () => AbortSignal.abort(hungUp));
  // The wire has nobody left to tell, so that it asks for no wording of the failure.
  await expect(late).rejects.toBe(hungUp);
  expect(await onlySpan()).toMatchObject({
    status: UNSET,
    attributes: { 'http.response.status_code': 499, 'url.path': '/v1/chat/completions' },
  });
});

describe('the trace goes on', () => {
  test("under the caller's span, and upstream under ours", async () => {
    const { send } = harness('reasoning', {}, traced());
    const sent = headers(forwarded(await send({ body: chat(), headers: { traceparent: SAMPLED } })));
    const span = await onlySpan();
    expect(span).toMatchObject({ traceId: TRACE_ID, parentSpanId: CALLER });
    expect(span.spanId).not.toBe(CALLER);
    expect(sent['traceparent']).toBe(`00-${TRACE_ID}-${span.spanId}-01`);
  });

  test('with its flag for random ids', async () => {
    const { send } = harness('reasoning', {}, traced());
    const traceparent = SAMPLED.replace(/01$/, '03');
    const sent = headers(forwarded(await send({ body: chat(), headers: { traceparent } })));
    expect(sent['traceparent']).toMatch(/-03$/);
  });

  test('untouched and without a span where the caller is not sampled', async () => {
    const { send } = harness('reasoning', {}, traced());
    const traceparent = SAMPLED.replace(/01$/, '00');
    const sent = headers(forwarded(await send({ body: chat(), headers: { traceparent } })));
    expect(sent).not.toHaveProperty('traceparent');
    expect(await recorded.finish()).toEqual([]);
  });

  test.each([
    ['zeros for a trace', `00-${'0'.repeat(32)}-${CALLER}-01`],
    ['zeros for a span', `00-${TRACE_ID}-${'0'.repeat(16)}-01`],
    ['version ff', SAMPLED.replace(/^00/, 'ff')],
    ['more digits', `${SAMPLED}1`],
    ['no header at all', undefined],
  ])('as a new one after %s', async (_, traceparent) => {
    const { send } = harness('reasoning', {}, traced());
    const given = traceparent === undefined ? {} : { traceparent };
    const sent = headers(forwarded(await send({ body: chat(), headers: given })));
    const span = await onlySpan();
    expect(span.parentSpanId).toBeUndefined();
    expect(span.traceId).not.toBe(TRACE_ID);
    expect(sent['traceparent']).toBe(`00-${span.traceId}-${span.spanId}-01`);
  });

  test("a decision's trace_id is the span's", async () => {
    const { send } = harness('code', {}, traced());
    const { json } = answered(await send({ path: '/routing/v1/chat/completions', body: chat() }));
    const span = await onlySpan();
    expect(json['trace_id']).toBe(span.traceId);
    expect(span.attributes).toMatchObject({
      'http.response.status_code': 200,
      'pointsman.route': 'code',
      'pointsman.model': 'anthropic/claude',
    });
  });
});

describe('answers of our own', () => {
  test.each([
    ['a body that is no JSON', { body: '{' }, 400],
    ['no body', {}, 400],
    ['an unknown path', { path: '/nothing?token=secret', body: '{}' }, 404],
    ['the model list', { method: 'GET', path: '/v1/models' }, 200],
  ])('%s', async (_, request, status) => {
    const { send } = harness(null, {}, traced());
    await send(request);
    const span = await onlySpan();
    expect(span.status).toBe(UNSET);
    expect(span.attributes['http.response.status_code']).toBe(status);
    expect(span.attributes['url.path']).not.toContain('?');
  });

  test('the unknown model that was asked for is in the span, cut to what a name may be', async () => {
    const { send } = harness(null, {}, traced());
    await send({ body: chat({ model: 'm'.repeat(5_000) }) });
    expect((await onlySpan()).attributes['gen_ai.request.model']).toBe('m'.repeat(256));
  });

  test('a method that is none is not repeated', async () => {
    const { send } = harness(null, {}, traced());
    await send({ method: 'BREW', path: '/v1/models' });
    expect((await onlySpan()).attributes['http.request.method']).toBe('_OTHER');
  });

  test('health checks have no span', async () => {
    const { send } = harness(null, {}, traced());
    expect(answered(await send({ method: 'GET', path: '/healthz' })).status).toBe(200);
    expect(await recorded.finish()).toEqual([]);
  });

  test('a failure of ours is an error, told once', async () => {
    const { stage, internalErrors } = harness(null, {}, traced());
    const head: RequestHead = {
      method: 'POST',
      path: '/v1/chat/completions',
      endOfStream: false,
      header: () => undefined,
    };
    stage.onHead(head);
    expect(stage.onFailure(head, new Error('broken')).status).toBe(500);
    expect(internalErrors).toHaveLength(1);
    expect(await onlySpan()).toMatchObject({ status: ERROR });
  });
});
