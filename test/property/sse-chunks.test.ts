// Any event stream in any chunks is the same events, and what was encoded is read again.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SseDecoder, type SseEvent } from '../../src/sse/decode-sse.ts';
import { encodeData, encodeNamed } from '../../src/sse/encode-sse.ts';

/** Text that fits into one line. */
const words = fc
  .string({
    unit: fc.constantFrom('a', ' ', ':', '{', '"', 'é', '€', '😀', '\ufeff', '\u2028', 'data: '),
    maxLength: 6,
  })
  .filter((text) => text.isWellFormed());
const line = fc.oneof(
  words.map((text) => `data: ${text}`),
  words.map((text) => `data:${text}`),
  fc.constant('data'),
  words.map((text) => `event: ${text}`),
  words.map((text) => `:${text}`),
  words.map((text) => `id: ${text}`),
  fc.constantFrom('retry: 5', 'nonsense', ' data: a', 'Data: a', 'data : a', 'dataa: b'),
  fc.constant(''),
);
const end = fc.constantFrom('\n', '\r\n', '\r');

/** Each line with an end of its own; the last event with a blank line, without which the standard drops it. */
const stream = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(line, end), { maxLength: 16 }), end)
  .map(([mark, lines, last]) => {
    const text = lines.map(([content, ending]) => content + ending).join('');
    return `${mark ? '\ufeff' : ''}${text}${last}${last}`;
  });

function decode(pieces: readonly Uint8Array[]): SseEvent[] {
  const decoder = new SseDecoder();
  return [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.finish()];
}

function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const inside = cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b);
  const edges = [0, ...inside, bytes.length];
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
}

describe('the events of a stream', () => {
  it('are the same in any chunks', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(200), { maxLength: 20 }), (text, cuts) => {
        const bytes = Buffer.from(text);
        expect(decode(split(bytes, cuts))).toEqual(decode([bytes]));
      }),
    );
  });

  it('are the same under every split into two, and byte by byte', () => {
    fc.assert(
      fc.property(stream, (text) => {
        const bytes = Buffer.from(text);
        const whole = decode([bytes]);
        for (let at = 0; at <= bytes.length; at += 1) {
          expect(decode([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
        }
        expect(decode([...bytes].map((byte) => Buffer.of(byte)))).toEqual(whole);
      }),
    );
  });

  it('are the same without the blank line at the end', () => {
    fc.assert(
      fc.property(stream, fc.string({ unit: 'binary', maxLength: 6 }), (text, last) => {
        const json = JSON.stringify(last.toWellFormed());
        const before = decode([Buffer.from(text)]);
        const expected = [...before, { name: '', data: json }];
        for (const ending of ['', '\n', '\r\n', '\n\n']) {
          expect(decode([Buffer.from(`${text}data: ${json}${ending}`)])).toEqual(expected);
        }
      }),
    );
  });

  it('are those that were encoded', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('', 'message_start'), fc.string({ unit: 'binary' })), {
          maxLength: 8,
        }),
        fc.array(fc.nat(400)),
        (written, cuts) => {
          const events = written.map(([name, text]) => ({ name, data: JSON.stringify(text.toWellFormed()) }));
          const text = events
            .map(({ name, data }) => (name === '' ? encodeData(data) : encodeNamed(name, data)))
            .join('');
          expect(decode(split(Buffer.from(text), cuts))).toEqual(events);
        },
      ),
    );
  });
});
