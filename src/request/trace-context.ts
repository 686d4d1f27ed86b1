// The caller's trace context: https://www.w3.org/TR/trace-context/#traceparent-header

import { randomBytes } from 'node:crypto';

export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** The header to send on; undefined where the caller's own is valid and passes as it is. */
  readonly created: string | undefined;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;
const INVALID_TRACE_ID = '0'.repeat(32);

/** Random digits are drawn for many requests at once: one system call costs more than the digits. */
let pool = '';
let poolAt = 0;
const DIGITS = 48;

export function traceContext(traceparent: string | undefined): TraceContext {
  const traceId = traceparent === undefined ? undefined : TRACEPARENT.exec(traceparent)?.[1];
  if (traceId !== undefined && traceId !== INVALID_TRACE_ID) return { traceId, created: undefined };
  if (poolAt + DIGITS > pool.length) {
    pool = randomBytes(DIGITS * 128).toString('hex');
    poolAt = 0;
  }
  const created = pool.slice(poolAt, poolAt + 32);
  const spanId = pool.slice(poolAt + 32, poolAt + DIGITS);
  poolAt += DIGITS;
  return { traceId: created, created: `00-${created}-${spanId}-00` };
}
