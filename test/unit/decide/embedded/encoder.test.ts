// The committed model itself: that it loads, and that its vectors are what the router builds on.

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Encoder, loadEncoder } from '../../../../src/decide/embedded/encoder.ts';

const MODEL_DIRECTORY = fileURLToPath(new URL('../../../../model', import.meta.url));

let encoder: Encoder;
beforeAll(async () => {
  encoder = await loadEncoder(MODEL_DIRECTORY);
});
afterAll(() => encoder.close());

const encode = (text: string, context = ''): Promise<Float32Array> => encoder.encode({ text, context });
const cosine = (left: Float32Array, right: Float32Array): number =>
  left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);

describe('loadEncoder', () => {
  it('gives unit vectors of 384 numbers', async () => {
    const vector = await encode('Write a haiku');
    expect(vector).toHaveLength(384);
    expect(cosine(vector, vector)).toBeCloseTo(1, 5);
  });

  it('gives the same vector whatever was encoded in between', async () => {
    const before = await encode('Write a haiku');
    await Promise.all([encode('something else'), encode('and a third, much longer one '.repeat(40))]);
    expect(await encode('Write a haiku')).toEqual(before);
  });

  it('puts a request near its route and far from another', async () => {
    const query = await encode('Write a Python function that implements binary search');
    const code = await encode('route: code generation: generating new code, writing functions');
    const travel = await encode('route: travel: flights and hotels');
    expect(cosine(query, code)).toBeGreaterThan(0.5);
    expect(cosine(query, travel)).toBeLessThan(0.1);
  });

  it('hears the context of a short turn', async () => {
    const code = await encode('route: code generation: generating new code, writing functions');
    const alone = await encode('yes please');
    const inContext = await encode('yes please', 'Write a Python function. Shall I use recursion?');
    expect(cosine(inContext, code)).toBeGreaterThan(cosine(alone, code) + 0.1);
  });

  it.each(['', ' ', '\0', '[SEP] [CLS]', '漢'.repeat(50_000), 'x'.repeat(1_000_000), '\ud83d'])(
    'encodes any text (case %#)',
    async (text) => {
      expect((await encode(text)).every(Number.isFinite)).toBe(true);
    },
  );

  it('rejects where there is no model', async () => {
    await expect(loadEncoder(fileURLToPath(new URL('.', import.meta.url)))).rejects.toThrow();
  });
});
