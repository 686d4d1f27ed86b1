import { describe, expect, test } from 'vitest';
import { nearExamples, whatWeighed } from '../../../../src/decide/embedded/what-weighed.ts';
import type { RouterAnswer } from '../../../../src/decide/intent-router.ts';
import { ask, scriptedRouter } from '../questions.ts';

const never = new AbortController().signal;

/** The more letters x, the likelier `code_generation`. */
const answerTo = (text: string): RouterAnswer => {
  const score = 0.2 + 0.1 * (text.split('x').length - 1);
  return {
    route: 'code_generation',
    scores: [
      { route: 'code_generation', score },
      { route: 'complex_reasoning', score: 0 },
    ],
    none: 1 - score,
  };
};
const router = scriptedRouter('embedded', async ({ turns }) => answerTo(turns.at(-1)?.text ?? ''));

describe('whatWeighed', () => {
  test('weighs words by what the decision is without them', async () => {
    const parts = await whatWeighed(router, ask('a xx b x'), answerTo('a xx b x'), never);
    expect(parts.map(({ text }) => text)).toEqual(['xx', 'x', 'a', 'b']);
    expect(parts.map(({ weight }) => weight)).toEqual([
      expect.closeTo(Math.log(1) - Math.log(0.3 / 0.7)),
      expect.closeTo(Math.log(1) - Math.log(0.4 / 0.6)),
      expect.closeTo(0),
      expect.closeTo(0),
    ]);
  });

  test('weighs the sentences of a longer text', async () => {
    const long = `${'word '.repeat(40)}. Second x? Third.`;
    const parts = await whatWeighed(router, ask(long), answerTo(long), never);
    expect(parts).toHaveLength(3);
    expect(parts[0]?.text).toBe('Second x?');
  });

  test.each(['alone', 'word '.repeat(200), 'Short. '.repeat(200)])(
    'does not take %.12s… apart',
    async (text) => {
      expect(await whatWeighed(router, ask(text), answerTo(text), never)).toEqual([]);
    },
  );

  test('asks with what was said before', async () => {
    const earlier = { role: 'assistant', text: 'before' } as const;
    const seen: number[] = [];
    const watching = scriptedRouter('embedded', async ({ turns }) => {
      seen.push(turns.length);
      return answerTo('');
    });
    await whatWeighed(watching, ask('a b', earlier), answerTo(''), never);
    expect(seen).toEqual([2, 2]);
  });
});

test('nearExamples gives the most similar of all routes', async () => {
  const vectors: Record<string, number[]> = { q: [1, 0], near: [0.9, 0.1], far: [0, 1], nearest: [1, 0] };
  const encoder = {
    encode: async ({ text }: { text: string }) => Float32Array.from(vectors[text] ?? []),
    close: async () => {},
  };
  const routes = [
    { name: 'a', description: '', examples: ['far', 'nearest'] },
    { name: 'b', description: '', examples: ['near'] },
  ];
  expect(await nearExamples(encoder, { ...ask('q'), routes }, 2)).toEqual([
    { route: 'a', example: 'nearest', similarity: 1 },
    { route: 'b', example: 'near', similarity: expect.closeTo(0.9) },
  ]);
});
