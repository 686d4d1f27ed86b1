// The caller's trace context: https://www.w3.org/TR/trace-context/#traceparent-header

import { randomBytes } from 'node:crypto';
import type { ParentSpan } from '../telemetry/request-tracer.ts';

export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** The header to send on; undefined where the caller's own is valid and passes as it is. */
  readonly created: string | undefined;
}

/** Version `ff` and ids of zeros alone are not valid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/;

/** Random digits are drawn for many requests at once: one system call costs more than the digits. */
let pool = '';
let poolAt = 0;
const DIGITS = 48;

/** The span that a `traceparent` names; undefined where there is none, or it is not valid. */
export function parentSpanOf(traceparent: string | undefined): ParentSpan | undefined {
  const [, traceId, spanId, flags] = (traceparent !== undefined && TRACEPARENT.exec(traceparent)) || [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) };
}

export function traceContext(traceparent: string | undefined): TraceContext {
  const parent = parentSpanOf(traceparent);
  if (parent !== undefined) return { traceId: parent.traceId, created: undefined };
  if (poolAt + DIGITS > pool.length) {
    pool = randomBytes(DIGITS * 128).toString('hex');
    poolAt = 0;
  }
  const created = pool.slice(poolAt, poolAt + 32);
  const spanId = pool.slice(poolAt + 32, poolAt + DIGITS);
  poolAt += DIGITS;
  return { traceId: created, created: `00-${created}-${spanId}-00` };
}
