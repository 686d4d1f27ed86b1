// Tracing whose spans stay in the test: what would have gone to a collector, in plain values.

import { startTracing, type Tracing, type TracingOptions } from '../../../src/telemetry/otlp-tracing.ts';

export interface RecordedSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string; readonly attributes: unknown }[];
  readonly status: number;
  /** Unix time of its beginning and its end. */
  readonly milliseconds: readonly [number, number];
}

export interface RecordedTracing {
  readonly tracing: Tracing;
  /** Ends the tracing; everything that was exported. */
  finish(): Promise<readonly RecordedSpan[]>;
}

const toMilliseconds = ([seconds, nanoseconds]: readonly [number, number]): number =>
  seconds * 1000 + nanoseconds / 1e6;

export function recordTracing(more: Partial<TracingOptions> = {}): RecordedTracing {
  const spans: RecordedSpan[] = [];
  const tracing = startTracing({
    endpoint: 'http://collector.test:4317',
    samplingRatio: 1,
    log: () => {},
    now: () => 0,
    random: () => 0.5,
    exporter: {
      export(exported, done) {
        for (const span of exported) {
          spans.push({
            name: span.name,
            kind: span.kind,
            traceId: span.spanContext().traceId,
            spanId: span.spanContext().spanId,
            parentSpanId: span.parentSpanContext?.spanId,
            attributes: span.attributes,
            events: span.events.map(({ name, attributes }) => ({ name, attributes })),
            status: span.status.code,
            milliseconds: [toMilliseconds(span.startTime), toMilliseconds(span.endTime)],
          });
        }
        done({ code: 0 });
      },
      shutdown: () => Promise.resolve(),
    },
    ...more,
  });
  return {
    tracing,
    finish: async () => {
      await tracing.shutdown();
      return spans;
    },
  };
}
