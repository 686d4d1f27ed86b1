// Spans by OpenTelemetry, sent in batches to a collector over OTLP/gRPC. Loaded by a worker only where the configuration
// asks for traces: the SDK takes a tenth of a second and tens of megabytes. None of its types leave this file.

import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Attributes,
  type Context,
  type ContextManager,
  context,
  isSpanContextValid,
  logs,
  metrics,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { NodeSDK, type NodeSDKConfiguration } from '@opentelemetry/sdk-node';
import type { Log } from './log.ts';
import type {
  LaterAttempt,
  ParentSpan,
  RequestFacts,
  RequestSpan,
  RequestTracer,
  TracedAttempt,
  TracedRequest,
} from './request-tracer.ts';
import * as names from './span-attributes.ts';

type SpanExporter = NodeSDKConfiguration['traceExporter'];

const EXPORT_TIMEOUT_MS = 5_000;
/** A worker that stops has three seconds, and requests in flight come first. */
const SHUTDOWN_LIMIT_MS = 1_500;
const REPORT_INTERVAL_MS = 60_000;
const LONGEST_VALUE = 256;
const RANDOM_TRACE_ID = 0x02;

export interface TracingOptions {
  /** `http://localhost:4317`; used by the exporter of OTLP/gRPC. */
  readonly endpoint: string;
  /** 0 to 1: the share of the requests without a parent that are traced. */
  readonly samplingRatio: number;
  readonly log: Log;
  /** Milliseconds on any clock that never runs backwards. */
  readonly now: () => number;
  /** From 0 to just below 1. */
  readonly random: () => number;
  /** In place of OTLP/gRPC. */
  readonly exporter?: SpanExporter;
}

export interface Tracing {
  readonly tracer: RequestTracer;
  /** Sends what is left, for a second and a half at most. Rejects never. */
  shutdown(): Promise<void>;
}

/** One per process: the SDK registers itself globally. */
export function startTracing(options: TracingOptions): Tracing {
  const { endpoint, log, now } = options;
  const exporter =
    options.exporter ?? new OTLPTraceExporter({ url: endpoint, timeoutMillis: EXPORT_TIMEOUT_MS });
  const sdk = new NodeSDK({
    serviceName: 'pointsman',
    autoDetectResources: false,
    contextManager: NO_CONTEXT,
    textMapPropagator: null,
    traceExporter: reportingExporter(exporter, failureReporter(endpoint, log, now)),
    spanLimits: { attributeValueLengthLimit: LONGEST_VALUE },
    // Left out, these would be set up from the environment, and export to places that nobody configured here.
    logRecordProcessors: [],
    metricReaders: [],
  });
  sdk.start();
  return {
    tracer: new SampledTracer(trace.getTracer('pointsman'), options),
    shutdown: async () => {
      const limit = new AbortController();
      const flushed = sdk.shutdown().catch(() => {});
      await Promise.race([flushed, sleep(SHUTDOWN_LIMIT_MS, undefined, limit).catch(() => {})]);
      limit.abort();
      for (const api of [trace, context, logs, metrics]) api.disable();
    },
  };
}

class SampledTracer implements RequestTracer {
  private readonly tracer: Tracer;
  private readonly samplingRatio: number;
  private readonly random: () => number;

  constructor(tracer: Tracer, { samplingRatio, random }: Pick<TracingOptions, 'samplingRatio' | 'random'>) {
    this.tracer = tracer;
    this.samplingRatio = samplingRatio;
    this.random = random;
  }

  begin({ method, path, parent }: TracedRequest): RequestSpan | undefined {
    // Decided before the SDK is asked: a request that is not sampled costs next to nothing, and its headers pass as
    // they came.
    const isSampled =
      parent === undefined ? this.random() < this.samplingRatio : (parent.flags & TraceFlags.SAMPLED) !== 0;
    if (!isSampled) return undefined;
    const parentContext = parent === undefined ? ROOT_CONTEXT : below(parent);
    const attributes = {
      [names.HTTP_REQUEST_METHOD]: names.conventionalMethod(method),
      [names.URL_PATH]: path,
    };
    const span = this.tracer.startSpan(names.SPAN_NAME, { kind: SpanKind.SERVER, attributes }, parentContext);
    // The environment may have switched the SDK off.
    if (!span.isRecording() || !isSpanContextValid(span.spanContext())) return undefined;
    const { traceId, spanId } = span.spanContext();
    const flags = TraceFlags.SAMPLED | ((parent?.flags ?? 0) & RANDOM_TRACE_ID);
    return {
      traceparent: `00-${traceId}-${spanId}-0${flags}`,
      end: (facts) => endSpan(span, facts),
    };
  }

  recordAttempt({ parent, provider, reason, startedAt, milliseconds }: TracedAttempt): void {
    if ((parent.flags & TraceFlags.SAMPLED) === 0) return;
    const attributes = { [names.CLUSTER]: provider, [names.CAUSE]: reason };
    const span = this.tracer.startSpan(
      names.ATTEMPT_SPAN_NAME,
      { kind: SpanKind.CLIENT, attributes, startTime: new Date(startedAt) },
      below(parent),
    );
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(new Date(startedAt + milliseconds));
  }

  recordLaterAttempt({
    parent,
    number,
    model,
    provider,
    warnings,
  }: LaterAttempt & { readonly parent: ParentSpan }): void {
    if ((parent.flags & TraceFlags.SAMPLED) === 0) return;
    const attributes = {
      [names.ATTEMPT]: number,
      [names.MODEL]: model,
      [names.GEN_AI_PROVIDER_NAME]: names.conventionalProviderName(provider),
    };
    const span = this.tracer.startSpan(names.LATER_ATTEMPT_SPAN_NAME, { attributes }, below(parent));
    addWarnings(span, warnings);
    span.end();
  }
}

/** Only of spans that are sampled. */
function below({ traceId, spanId }: ParentSpan): Context {
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  });
}

function endSpan(span: Span, facts: RequestFacts): void {
  span.setAttributes(attributesOf(facts));
  for (const { engine, failure } of facts.fallbacks ?? []) {
    span.addEvent(names.FALLBACK_EVENT, { [names.ENGINE]: engine, [names.CAUSE]: failure });
  }
  addWarnings(span, facts.warnings ?? []);
  // A server's span fails by what is the server's fault; a client's mistake leaves it unset.
  if (facts.status !== undefined && facts.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

function addWarnings(span: Span, warnings: LaterAttempt['warnings']): void {
  for (const { param, message } of warnings) {
    span.addEvent(names.WARNING_EVENT, { [names.PARAM]: param, [names.WARNING]: message });
  }
}

function attributesOf(facts: RequestFacts): Attributes {
  return {
    [names.GEN_AI_REQUEST_MODEL]: facts.requestedModel,
    [names.GEN_AI_PROVIDER_NAME]: facts.provider && names.conventionalProviderName(facts.provider),
    [names.ROUTE]: facts.route ?? undefined,
    [names.REASON]: facts.reason,
    [names.MODEL]: facts.model,
    [names.ENGINE]: facts.engine ?? undefined,
    [names.CONFIDENCE]: facts.confidence,
    [names.CASCADE]: facts.cascade,
    [names.DECISION_MS]: facts.decisionMilliseconds,
    [names.HTTP_RESPONSE_STATUS_CODE]: facts.status,
  };
}

/** Parents are handed over explicitly; following them through every callback would cost each request. */
const NO_CONTEXT: ContextManager = {
  active: () => ROOT_CONTEXT,
  with: (_context, call, self, ...args) => call.apply(self, args),
  bind: (_context, target) => target,
  enable: () => NO_CONTEXT,
  disable: () => NO_CONTEXT,
};

function reportingExporter(
  exporter: SpanExporter,
  report: (spans: number, error: unknown) => void,
): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined || result.code !== 0) report(spans.length, result.error);
        done(result);
      }),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}

/** At most one line a minute, which counts the spans of all failures since the one before. */
function failureReporter(
  endpoint: string,
  log: Log,
  now: () => number,
): (spans: number, error: unknown) => void {
  let lost = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;
  return (spans, error) => {
    lost += spans;
    if (now() - reportedAt < REPORT_INTERVAL_MS) return;
    const cause =
      error instanceof Error ? error.message.slice(0, LONGEST_VALUE) : 'the collector refused them';
    log('warn', 'traces cannot be exported', { endpoint, lost, cause });
    reportedAt = now();
    lost = 0;
  };
}
