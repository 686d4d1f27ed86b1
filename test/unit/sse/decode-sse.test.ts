// Event streams as they really come: any chunking, any line ends, and providers that forget the last blank line.

import { describe, expect, test } from 'vitest';
import { SseDecoder, type SseEvent } from '../../../src/sse/decode-sse.ts';

const decode = (...chunks: readonly Uint8Array[]): SseEvent[] => {
  const decoder = new SseDecoder();
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.finish()];
};

const STREAMS: readonly (readonly [name: string, text: string, events: readonly SseEvent[]])[] = [
  [
    'LF',
    'data: a\n\ndata: b\n\n',
    [
      { name: '', data: 'a' },
      { name: '', data: 'b' },
    ],
  ],
  [
    'CRLF',
    'event: x\r\ndata: é€😀\r\n\r\ndata: b\r\n\r\n',
    [
      { name: 'x', data: 'é€😀' },
      { name: '', data: 'b' },
    ],
  ],
  [
    'CR',
    'data: a\r\rdata: b\r\r',
    [
      { name: '', data: 'a' },
      { name: '', data: 'b' },
    ],
  ],
  ['no space after the colon', 'data:{"a":1}\n\n', [{ name: '', data: '{"a":1}' }]],
  ['several data lines', 'data: a\ndata: b\ndata\n\n', [{ name: '', data: 'a\nb\n' }]],
  ['comments and unknown fields', ': ping\nid: 1\nretry: 5\ndata: a\n\n', [{ name: '', data: 'a' }]],
  [
    'no blank line at the end',
    'data: a\n\ndata: b',
    [
      { name: '', data: 'a' },
      { name: '', data: 'b' },
    ],
  ],
  ['a byte order mark', '\ufeffdata: a\n\n', [{ name: '', data: 'a' }]],
  ['events without data', 'event: x\n\n\n\ndata: a\n\n', [{ name: '', data: 'a' }]],
];

describe.each(STREAMS)('a stream with %s', (_, text, events) => {
  const bytes = Buffer.from(text);

  test('is the same events under every split', () => {
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(decode(bytes.subarray(0, at), bytes.subarray(at)), `split at ${at}`).toEqual(events);
    }
  });

  test('is the same events byte by byte', () => {
    expect(decode(...[...bytes].map((byte) => Buffer.of(byte)))).toEqual(events);
  });
});

test('an event comes with the piece that ends it', () => {
  const decoder = new SseDecoder();
  expect(decoder.push(Buffer.from('data: a\n'))).toEqual([]);
  expect(decoder.push(Buffer.from('\ndata: b'))).toEqual([{ name: '', data: 'a' }]);
});

test('an event without an end is given up', () => {
  const decoder = new SseDecoder(100);
  expect(() => {
    for (let piece = 0; piece < 20; piece += 1) decoder.push(Buffer.from('data: 0123456789'));
  }).toThrow('100 characters');
});
