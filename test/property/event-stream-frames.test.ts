// Any of AWS's frames in any chunks are the same messages.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FrameDecoder } from '../../src/dialects/bedrock-converse/decode-frames.ts';
import { encodeFrame } from '../vendors/bedrock-converse/event-stream.ts';

const name = fc.string({ unit: fc.constantFrom(':', 'a', '-'), minLength: 1, maxLength: 6 });
const text = fc.string({ unit: fc.constantFrom('a', '"', '€', '😀', '\0'), maxLength: 12 });
const frame = fc.record({ headers: fc.dictionary(name, text, { maxKeys: 4 }), payload: text });

it('frames are the same in any chunks', () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 5 }),
      fc.array(fc.nat(300), { maxLength: 20 }),
      (frames, cuts) => {
        const bytes = Buffer.concat(frames.map(({ headers, payload }) => encodeFrame(headers, payload)));
        const inside = cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b);
        const edges = [0, ...inside, bytes.length];
        const decoder = new FrameDecoder();
        const read = edges
          .slice(1)
          .flatMap((edge, index) => decoder.push(bytes.subarray(edges[index], edge)))
          .map(({ headers, payload }) => ({ headers: Object.fromEntries(headers), payload: `${payload}` }));
        expect(read).toEqual(frames.map(({ headers, payload }) => ({ headers: { ...headers }, payload })));
        expect(decoder.isCorrupt).toBe(false);
      },
    ),
  );
});
