// Sampling, and what happens between the spans and the collector.

import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { LogFields } from '../../../src/telemetry/log.ts';
import { startTracing, type Tracing, type TracingOptions } from '../../../src/telemetry/otlp-tracing.ts';
import type { RequestSpan } from '../../../src/telemetry/request-tracer.ts';
import { type FakeCollector, startFakeCollector } from './fake-collector.ts';
import { recordTracing } from './recorded-spans.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const POST = { method: 'POST', path: '/v1/messages' };
const begin = ({ tracer }: Tracing, parent?: { flags: number }): RequestSpan | undefined =>
  tracer.begin({
    ...POST,
    parent: parent && { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags: parent.flags },
  });

describe('sampling', () => {
  test.each([
    [0.25, 0.249, true],
    [0.25, 0.25, false],
    [1, 0.999, true],
  ])('a share of %d with %d drawn', async (samplingRatio, drawn, isTraced) => {
    const { tracing, finish } = recordTracing({ samplingRatio, random: () => drawn });
    const span = begin(tracing);
    span?.end({});
    expect(span !== undefined).toBe(isTraced);
    expect(await finish()).toHaveLength(isTraced ? 1 : 0);
  });

  test("a caller's choice wins, both ways", async () => {
    const { tracing, finish } = recordTracing({ samplingRatio: 0.1, random: () => 0.5 });
    begin(tracing, { flags: 1 })?.end({});
    expect(begin(tracing, { flags: 2 })).toBeUndefined();
    expect(await finish()).toHaveLength(1);
  });

  test('providers go by the names of the conventions', async () => {
    const { tracing, finish } = recordTracing();
    for (const provider of ['openai', 'gemini', 'xai', 'our-own']) begin(tracing)?.end({ provider });
    const found = (await finish()).map(({ attributes }) => attributes['gen_ai.provider.name']);
    expect(found).toEqual(['openai', 'gcp.gemini', 'x_ai', 'our-own']);
  });
});

const parent = (flags: number) => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags });

describe('an attempt that failed', () => {
  const attempt = { provider: 'openai', reason: '503', startedAt: 1_790_000_000_000, milliseconds: 2500 };

  test('is a span of its own below the request’s', async () => {
    const { tracing, finish } = recordTracing();
    tracing.tracer.recordAttempt({ ...attempt, parent: parent(1) });
    expect(await finish()).toMatchObject([
      {
        name: 'pointsman.failed_attempt',
        traceId: 'a'.repeat(32),
        parentSpanId: 'b'.repeat(16),
        attributes: { 'pointsman.cluster': 'openai', 'pointsman.cause': '503' },
        status: 2,
        milliseconds: [1_790_000_000_000, 1_790_000_002_500],
      },
    ]);
  });

  test('is none of a request that is not sampled', async () => {
    const { tracing, finish } = recordTracing();
    tracing.tracer.recordAttempt({ ...attempt, parent: parent(0) });
    expect(await finish()).toEqual([]);
  });
});

describe('an attempt after the first', () => {
  const warnings = [{ param: 'seed', message: 'not known to anthropic-messages' }];
  const attempt = { number: 2, model: 'gemini/pro', provider: 'gemini', warnings };

  test('is a span below the request’s, with what its model could not be told', async () => {
    const { tracing, finish } = recordTracing();
    tracing.tracer.recordLaterAttempt({ ...attempt, parent: parent(1) });
    expect(await finish()).toMatchObject([
      {
        name: 'pointsman.later_attempt',
        parentSpanId: 'b'.repeat(16),
        attributes: {
          'pointsman.attempt': 2,
          'pointsman.model': 'gemini/pro',
          'gen_ai.provider.name': 'gcp.gemini',
        },
        events: [
          {
            name: 'pointsman.translation_warning',
            attributes: { 'pointsman.param': 'seed', 'pointsman.warning': 'not known to anthropic-messages' },
          },
        ],
        status: 0,
      },
    ]);
  });

  test('is none of a request that is not sampled', async () => {
    const { tracing, finish } = recordTracing();
    tracing.tracer.recordLaterAttempt({ ...attempt, parent: parent(0) });
    expect(await finish()).toEqual([]);
  });
});

async function startCollector(): Promise<FakeCollector> {
  const collector = await startFakeCollector();
  closers.push(() => collector.close());
  return collector;
}

interface Started {
  readonly tracing: Tracing;
  readonly lines: { readonly message: string; readonly fields: LogFields | undefined }[];
}

function start(more: Partial<TracingOptions>): Started {
  const lines: Started['lines'] = [];
  const tracing = startTracing({
    endpoint: 'http://127.0.0.1:1',
    samplingRatio: 1,
    log: (_, message, fields) => lines.push({ message, fields }),
    now: () => 0,
    random: () => 0,
    ...more,
  });
  closers.unshift(() => tracing.shutdown());
  return { tracing, lines };
}

describe('the collector', () => {
  test('gets the spans over OTLP/gRPC, the last ones at shutdown', async () => {
    const { url, received } = await startCollector();
    const { tracing, lines } = start({ endpoint: url });
    const span = begin(tracing, { flags: 1 });
    span?.end({ route: 'code', status: 200 });
    await tracing.shutdown();
    expect(received.map(({ path }) => path)).toEqual([
      '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    ]);
    const [spanId = ''] = /(?<=-)[0-9a-f]{16}(?=-)/.exec(span?.traceparent ?? '') ?? [];
    const body = received[0]?.body ?? Buffer.alloc(0);
    for (const text of ['pointsman.request', 'pointsman.route', 'service.name', '/v1/messages'])
      expect(body.includes(text)).toBe(true);
    for (const id of ['a'.repeat(32), 'b'.repeat(16), spanId])
      expect(body.includes(Buffer.from(id, 'hex'))).toBe(true);
    expect(lines).toEqual([]);
  });

  test('that is not there costs one line, and no more than a moment at shutdown', async () => {
    const { tracing, lines } = start({ endpoint: 'http://127.0.0.1:1' });
    for (let count = 0; count < 600; count += 1) begin(tracing)?.end({});
    const begun = performance.now();
    await tracing.shutdown();
    expect(performance.now() - begun).toBeLessThan(2_500);
    expect(lines).toEqual([
      {
        message: 'traces cannot be exported',
        fields: { endpoint: 'http://127.0.0.1:1', lost: expect.any(Number), cause: expect.any(String) },
      },
    ]);
  });

  test('that takes calls and never answers does not hold up the shutdown', async () => {
    const server = http2.createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const sessions: http2.ServerHttp2Session[] = [];
    server.on('session', (session) => sessions.push(session));
    closers.push(() => {
      for (const session of sessions) session.destroy();
      server.close();
    });
    const { tracing } = start({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    begin(tracing)?.end({});
    const begun = performance.now();
    await tracing.shutdown();
    expect(performance.now() - begun).toBeGreaterThan(1_000);
    expect(performance.now() - begun).toBeLessThan(2_500);
  });

  test('that refuses for hours is reported once a minute, with what was lost since', async () => {
    let clock = 0;
    const pending: (() => void)[] = [];
    const { tracing, lines } = start({
      now: () => clock,
      exporter: {
        export: (spans, done) => {
          pending.push(() => done({ code: 1, error: new Error(`refused ${spans.length}`) }));
          pending.shift()?.();
        },
        shutdown: () => Promise.resolve(),
      },
    });
    // A full batch goes out at once.
    const fillBatch = async (): Promise<void> => {
      for (let count = 0; count < 512; count += 1) begin(tracing)?.end({});
      await new Promise((resolve) => setImmediate(resolve));
    };
    await fillBatch();
    clock = 59_999;
    await fillBatch();
    expect(lines.map(({ fields }) => fields?.['lost'])).toEqual([512]);
    clock = 60_000;
    await fillBatch();
    expect(lines.map(({ fields }) => fields?.['lost'])).toEqual([512, 1024]);
    expect(lines[1]?.fields).toMatchObject({ cause: 'refused 512' });
  });
});
