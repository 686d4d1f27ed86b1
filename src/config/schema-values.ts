// The kinds of values that both schema files are made of. Their messages name no values.

import * as z from 'zod';
import { parseByteSize, parseDuration } from './quantities.ts';

export const text: z.ZodString = z.string().min(1);
export const texts: z.ZodArray<z.ZodString> = z.array(text);
export const port: z.ZodNumber = z.number().int().min(1).max(65_535);
export const positiveInteger: z.ZodNumber = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
/** Accepted as it is: this version does not act on it. */
export const opaque: z.ZodUnknown = z.unknown();

/** 32-bit timers wrap beyond 24 days. */
const LONGEST = 24 * 24 * 3_600_000;

function durationFrom(least: number): z.ZodType<number> {
  return z.unknown().transform((written, context): number => {
    const milliseconds = typeof written === 'string' ? parseDuration(written) : undefined;
    if (milliseconds !== undefined && milliseconds >= least && milliseconds <= LONGEST) return milliseconds;
    const message =
      milliseconds === undefined
        ? 'this is not a duration; write a number with ms, s, m or h, such as 300s'
        : `durations here go from ${least}ms to 576h; write one of those, such as 300s`;
    context.issues.push({ code: 'custom', message, input: written });
    return z.NEVER;
  });
}

/** Milliseconds, at least 1. */
export const duration: z.ZodType<number> = durationFrom(1);
/** Milliseconds; 0 switches the limit off. */
export const durationOrNone: z.ZodType<number> = durationFrom(0);

/** Bytes: a number, or text such as 50MB. */
export const byteSize: z.ZodType<number> = z.unknown().transform((written, context): number => {
  const bytes = typeof written === 'string' ? parseByteSize(written) : written;
  // Envoy's buffer limits are 32-bit.
  if (typeof bytes === 'number' && Number.isInteger(bytes) && bytes >= 1024 && bytes < 2 ** 32) return bytes;
  context.issues.push({
    code: 'custom',
    message: 'this is not a size from 1 KB to just below 4 GB; write bytes or a size such as 50MB',
    input: written,
  });
  return z.NEVER;
});
