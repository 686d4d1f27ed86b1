// Every stream of the golden table, cut at every byte and sent byte by byte: the same events.

import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../src/conversation/stream-event.ts';
import { DIALECT_MODULES } from '../../src/translate/dialect-modules.ts';
import type { VendorDialect } from '../vendors/vendor.ts';
import { CASES } from './all-cases.ts';
import { NO_WORDS } from './golden-case.ts';
import { PROVIDERS, said } from './outcomes.ts';

const CONTEXT = { seed: '0123456789abcdef01234567', created: 7, model: 'm', stream: true, memo: {} };
const STREAMS = CASES.filter(({ streams }) => streams !== undefined);

/** Bytes; up to so many, each place is cut alone. */
const MOST_CUTS = 2048;
const STEP = 61;

function split(bytes: Buffer, first: number, step: number): Buffer[] {
  const pieces = [bytes.subarray(0, first)];
  for (let at = first; at < bytes.length; at += step) pieces.push(bytes.subarray(at, at + step));
  return pieces;
}

describe.each(STREAMS)('$name', ({ streams }) => {
  const told = PROVIDERS.filter((provider) => streams?.[provider as VendorDialect] !== NO_WORDS);

  test.each(told)('of %s', (provider) => {
    const bytes = Buffer.concat(said(streams?.[provider as VendorDialect], provider));
    const decode = (...pieces: readonly Uint8Array[]): string => {
      const decoder = DIALECT_MODULES[provider].createStreamDecoder(CONTEXT);
      const events: StreamEvent[] = pieces.flatMap((piece) => decoder.push(piece));
      return JSON.stringify([...events, ...decoder.finish()]);
    };
    const whole = decode(bytes);
    // A long stream is cut at many places at once, so that each is one of them; else that takes minutes.
    const step = bytes.length > MOST_CUTS ? STEP : bytes.length;
    const firsts = Array.from({ length: step }, (_, index) => index + 1);
    expect(firsts.filter((first) => decode(...split(bytes, first, step)) !== whole)).toEqual([]);
    expect(decode(...[...bytes].map((byte) => Buffer.of(byte)))).toBe(whole);
    // Each said something, and ended once.
    expect(whole).toMatch(/"type":"(text|refusal|arguments)-delta"/);
    expect(whole.match(/\{"type":"end"\}/g)).toHaveLength(1);
  });
});
