import { describe, expect, test } from 'vitest';
import { findOverlaps } from '../../../src/evaluate/find-overlaps.ts';
import { resemblingPrompts } from '../../../src/evaluate/resembling-prompts.ts';
import { scriptedRouter } from '../decide/questions.ts';

const route = (name: string, ...examples: string[]) => ({ name, description: `about ${name}`, examples });

/** Each route's vector by its name. */
const encoderOf = (vectors: Record<string, readonly number[]>) => ({
  encode: async ({ text }: { text: string }) => {
    const name = Object.keys(vectors).find((each) => text.startsWith(`route: ${each}:`)) ?? '';
    return Float32Array.from(vectors[name] ?? []);
  },
  close: async () => {},
});

/** What the router answers, by prompt: the probabilities of a and b. */
const routerOf = (answers: Record<string, readonly [number, number]>) =>
  scriptedRouter('embedded', async ({ turns }) => {
    const [a, b] = answers[turns[0]?.text ?? ''] ?? [1, 0];
    const scores = [
      { route: 'a', score: a },
      { route: 'b', score: b },
    ];
    return { route: 'a', scores, none: 1 - a - b };
  });

const VECTORS = { a: [1, 0], b: [0.8, 0.6], c: [0, 1] };

describe('findOverlaps', () => {
  test('names routes whose descriptions are alike, the most alike first', async () => {
    const encoder = encoderOf({ ...VECTORS, d: [0.99, 0.141] });
    const routes = [route('a'), route('b'), route('c'), route('d')];
    const overlaps = await findOverlaps(routes, { encoder, router: routerOf({}), prompts: [] });
    expect(overlaps.map(({ first, second }) => first + second)).toEqual(['ad', 'bd', 'ab', 'bc']);
    expect(overlaps[2]).toEqual({
      first: 'a',
      second: 'b',
      similarity: expect.closeTo(0.8),
      between: undefined,
    });
  });

  test('shows the prompt for which both are likeliest, out of examples and prompts', async () => {
    const router = routerOf({
      'an example': [0.7, 0.3],
      'another example': [0.3, 0.25],
      'about both, about': [0.4, 0.6],
    });
    const options = { encoder: encoderOf(VECTORS), router, prompts: ['about both, about', 'nothing of it'] };
    const [overlap] = await findOverlaps([route('a', 'an example'), route('b', 'another example')], options);
    expect(overlap?.between).toEqual({
      prompt: 'about both, about',
      firstProbability: 0.4,
      secondProbability: 0.6,
    });
    expect(router.calls).toBe(3);
  });

  test('shows no prompt that clearly belongs to one', async () => {
    const router = routerOf({ 'an example': [0.85, 0.15] });
    const options = { encoder: encoderOf(VECTORS), router, prompts: [] };
    const [overlap] = await findOverlaps([route('a', 'an example'), route('b')], options);
    expect(overlap?.between).toBeUndefined();
  });

  test('finds nothing where every route is alone', async () => {
    const options = { encoder: encoderOf(VECTORS), router: routerOf({}), prompts: [] };
    expect(await findOverlaps([route('a'), route('c')], options)).toEqual([]);
  });
});

describe('resemblingPrompts', () => {
  test('are those with words of all texts first, then of one; others are left out', () => {
    const prompts = ['good morning', 'written invoices', 'invoices for payments', 'write about payments'];
    expect(resemblingPrompts(prompts, ['writing letters', 'payments and invoices'], 10)).toEqual([
      'written invoices',
      'write about payments',
      'invoices for payments',
    ]);
  });

  test('are no more than asked for', () => {
    expect(resemblingPrompts(['aaaa one', 'aaaa two', 'aaaa three'], ['aaaa'], 2)).toHaveLength(2);
  });
});
