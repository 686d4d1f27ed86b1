// AWS's frames: read under every chunking, and given up where a byte is wrong.

import { describe, expect, test } from 'vitest';
import { type Frame, FrameDecoder } from '../../../../src/dialects/bedrock-converse/decode-frames.ts';
import { encodeFrame } from '../../../vendors/bedrock-converse/event-stream.ts';

/** Every type of header that there is, as the codec of AWS's own SDK (@smithy/core) writes it. */
const EVERY_TYPE = Buffer.from(
  'AAAAcAAAAFYe+MtnCzpldmVudC10eXBlBwABZQF0AAFuAQFiAv8BcwMAAgFpBAAAAAMBbAUAAAAAAAAAAAF5BgACAQIBZAgAAAAAAAAAAAF1CQEjRWeJ' +
    'q83vASNFZ4mrze97ImEiOiLDvCJ9P37BLw==',
  'base64',
);
const STREAM = Buffer.concat([
  EVERY_TYPE,
  encodeFrame({ ':message-type': 'event', ':event-type': 'x' }, '{"text":"Grüß 😀"}'),
  encodeFrame({}, ''),
]);
const READ = [
  { headers: { ':event-type': 'e' }, payload: '{"a":"ü"}' },
  { headers: { ':message-type': 'event', ':event-type': 'x' }, payload: '{"text":"Grüß 😀"}' },
  { headers: {}, payload: '' },
];

const show = ({ headers, payload }: Frame): object => ({
  headers: Object.fromEntries(headers),
  payload: payload.toString('utf8'),
});

function decode(...pieces: readonly Uint8Array[]): {
  readonly frames: object[];
  readonly isCorrupt: boolean;
} {
  const decoder = new FrameDecoder();
  const frames = pieces.flatMap((piece) => decoder.push(piece).map(show));
  return { frames, isCorrupt: decoder.isCorrupt };
}

describe('frames', () => {
  test('are read under every split of their bytes', () => {
    const expected = { frames: READ, isCorrupt: false };
    for (let at = 0; at <= STREAM.length; at += 1) {
      expect(decode(STREAM.subarray(0, at), STREAM.subarray(at)), `split at ${at}`).toEqual(expected);
    }
    expect(decode(...Array.from(STREAM, (byte) => Buffer.of(byte)))).toEqual(expected);
  });

  test('come as soon as they are complete', () => {
    const decoder = new FrameDecoder();
    expect(decoder.push(STREAM.subarray(0, EVERY_TYPE.length - 1))).toEqual([]);
    expect(decoder.push(STREAM.subarray(EVERY_TYPE.length - 1, EVERY_TYPE.length)).map(show)).toEqual([
      READ[0],
    ]);
  });

  test('hold no bytes of their pieces, which Envoy may use again', () => {
    const piece = Buffer.from(STREAM);
    const frames = new FrameDecoder().push(piece);
    piece.fill(0);
    expect(frames.map(show)).toEqual(READ);
  });

  test('end at any byte that was changed, and keep what came before, however they are split', () => {
    const before = encodeFrame({ a: 'b' }, 'c');
    for (let at = 0; at < EVERY_TYPE.length; at += 1) {
      const damaged = Buffer.concat([before, EVERY_TYPE, before]);
      const place = before.length + at;
      damaged.writeUInt8(damaged.readUInt8(place) ^ 1, place);
      const whole = decode(damaged);
      expect(whole, `byte ${at}`).toEqual({
        frames: [{ headers: { a: 'b' }, payload: 'c' }],
        isCorrupt: true,
      });
      expect(decode(...Array.from(damaged, (byte) => Buffer.of(byte)))).toEqual(whole);
    }
  });

  test.each([
    ['text', 'data: {"a":1}\n\ndata: {"a":2}\n\n'],
    ['HTML', '<html><body>502 Bad Gateway</body></html>'],
  ])('are not found in %s', (_name, text) => {
    expect(decode(Buffer.from(text))).toEqual({ frames: [], isCorrupt: true });
  });

  test('of which one is cut are no error by themselves', () => {
    expect(decode(STREAM.subarray(0, STREAM.length - 1))).toEqual({
      frames: READ.slice(0, 2),
      isCorrupt: false,
    });
  });
});
