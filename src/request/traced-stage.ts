// The request stage with a span around each request, from its head to the gateway's reaction. Built by request-stage.ts
// where traces are configured. The stage inside sees our span as the caller's, so that trace ids agree.

import type { AwaitBody, Reaction, RequestHead, RequestStage, Respond } from '../contract/exchange.ts';
import type { RequestFacts, RequestSpan, RequestTracer } from '../telemetry/request-tracer.ts';
import { matchEndpoint, pathWithoutQuery } from './endpoints.ts';
import { parentSpanOf } from './trace-context.ts';

/** Told what is found out about a request; later facts replace earlier ones of the same name. */
export type ObserveRequest = (head: RequestHead, facts: RequestFacts) => void;

/** @param build makes the stage inside; it is to tell what it finds out */
export function traceStage(
  tracer: RequestTracer,
  build: (observe: ObserveRequest) => RequestStage,
): RequestStage {
  const observe: ObserveRequest = (head, facts) => {
    if (head instanceof TracedHead) head.facts = { ...head.facts, ...facts };
  };
  return new TracedStage(tracer, build(observe));
}

class TracedStage implements RequestStage {
  private readonly tracer: RequestTracer;
  private readonly inner: RequestStage;
  /** Goes with the wire's head, also where a client hangs up before its body is here; such a span never ends. */
  private readonly traced = new WeakMap<RequestHead, TracedHead>();

  constructor(tracer: RequestTracer, inner: RequestStage) {
    this.tracer = tracer;
    this.inner = inner;
  }

  onHead(head: RequestHead): AwaitBody | Reaction | Promise<Reaction> {
    const traced = this.begin(head);
    if (traced === undefined) return this.inner.onHead(head);
    const reaction = this.inner.onHead(traced);
    if (reaction instanceof Promise) return reaction.then((late) => traced.end(late));
    return reaction.type === 'await-body' ? reaction : traced.end(reaction);
  }

  onBody(head: RequestHead, body: Buffer, signal: () => AbortSignal): Reaction | Promise<Reaction> {
    const traced = this.traced.get(head);
    if (traced === undefined) return this.inner.onBody(head, body, signal);
    const reaction = this.inner.onBody(traced, body, signal);
    if (!(reaction instanceof Promise)) return traced.end(reaction);
    return reaction.then(
      (late) => traced.end(late),
      (thrown: unknown) => {
        // Nobody is left whom a failure could be worded for.
        if (signal().aborted) traced.hangUp();
        throw thrown;
      },
    );
  }

  onFailure(head: RequestHead, thrown: unknown): Respond {
    const traced = this.traced.get(head);
    const answer = this.inner.onFailure(traced ?? head, thrown);
    traced?.end(answer);
    return answer;
  }

  private begin(head: RequestHead): TracedHead | undefined {
    const { method } = head;
    const path = pathWithoutQuery(head.path);
    // Probes come every few seconds and say nothing.
    if (matchEndpoint(method, path).endpoint?.type === 'health') return undefined;
    const span = this.tracer.begin({ method, path, parent: parentSpanOf(head.header('traceparent')) });
    if (span === undefined) return undefined;
    const traced = new TracedHead(head, span);
    this.traced.set(head, traced);
    return traced;
  }
}

class TracedHead implements RequestHead {
  readonly method: string;
  readonly path: string;
  readonly endOfStream: boolean;
  facts: RequestFacts = {};
  private readonly head: RequestHead;
  private readonly span: RequestSpan;

  constructor(head: RequestHead, span: RequestSpan) {
    this.method = head.method;
    this.path = head.path;
    this.endOfStream = head.endOfStream;
    this.head = head;
    this.span = span;
  }

  header(name: string): string | undefined {
    return name === 'traceparent' ? this.span.traceparent : this.head.header(name);
  }

  /** The client left; with the status that proxies log for that. */
  hangUp(): void {
    this.span.end({ ...this.facts, status: 499 });
  }

  /** The reaction as it goes out: what is sent on names our span as its parent. */
  end<T extends Reaction>(reaction: T): T {
    if (reaction.type === 'respond') {
      this.span.end({ ...this.facts, status: reaction.status });
      return reaction;
    }
    this.span.end(this.facts);
    return { ...reaction, setHeaders: [...reaction.setHeaders, ['traceparent', this.span.traceparent]] };
  }
}
