import { describe, expect, test } from 'vitest';
import { MemoryConversations } from '../../../src/store/memory-conversations.ts';

const INPUT = Buffer.from('[1]');
const ANSWER = Buffer.from('{}');
const ENTRY = 512;

function store(bounds: Partial<{ ttl: number; maxBytes: number; maxEntries: number }> = {}): {
  readonly kept: MemoryConversations;
  readonly clock: { now: number };
} {
  const clock = { now: 0 };
  const options = { ttl: 100, maxBytes: 1_000_000, maxEntries: 100, ...bounds };
  return { kept: new MemoryConversations({ ...options, now: () => clock.now }), clock };
}

function keep(kept: MemoryConversations, key: string, input: Buffer = INPUT): boolean {
  return kept.begin(key, input) && kept.complete(key, ANSWER);
}

describe('MemoryConversations', () => {
  test('finds a conversation once its answer is whole', () => {
    const { kept } = store();
    expect(kept.begin('a', INPUT)).toBe(true);
    expect(kept.find('a')).toBeUndefined();
    expect(kept.complete('a', ANSWER)).toBe(true);
    expect(kept.find('a')).toEqual({ input: INPUT, answer: ANSWER });
    expect(kept.find('b')).toBeUndefined();
  });

  test('keeps no answer to what it does not know', () => {
    const { kept } = store();
    expect(kept.complete('a', ANSWER)).toBe(false);
    expect(kept.find('a')).toBeUndefined();
    expect(kept.bytes).toBe(0);
  });

  test('holds copies, whatever becomes of what it was given', () => {
    const { kept } = store();
    const input = Buffer.from('[1]');
    kept.begin('a', input);
    input.fill(0);
    kept.complete('a', ANSWER);
    expect(kept.find('a')?.input.toString()).toBe('[1]');
  });

  test('forgets when the time is over, counted from the answer', () => {
    const { kept, clock } = store();
    kept.begin('a', INPUT);
    clock.now = 90;
    kept.complete('a', ANSWER);
    clock.now = 189;
    expect(kept.find('a')).toBeDefined();
    clock.now = 190;
    expect(kept.find('a')).toBeUndefined();
    keep(kept, 'b');
    expect(kept.bytes).toBe(ENTRY + INPUT.length + ANSWER.length);
  });

  test('answers no question whose time is over', () => {
    const { kept, clock } = store();
    kept.begin('a', INPUT);
    clock.now = 100;
    expect(kept.complete('a', ANSWER)).toBe(false);
  });

  test('drops the oldest where there are too many', () => {
    const { kept } = store({ maxEntries: 2 });
    for (const key of ['a', 'b', 'c']) keep(kept, key);
    expect(['a', 'b', 'c'].map((key) => kept.find(key) !== undefined)).toEqual([false, true, true]);
  });

  test('drops the oldest where they are too large, questions without an answer too', () => {
    const { kept } = store({ maxBytes: 3 * (ENTRY + 100) });
    kept.begin('question', Buffer.alloc(90));
    for (const key of ['a', 'b', 'c']) keep(kept, key, Buffer.alloc(90));
    expect(kept.complete('question', ANSWER)).toBe(false);
    expect(['a', 'b', 'c'].map((key) => kept.find(key) !== undefined)).toEqual([true, true, true]);
    expect(kept.bytes).toBeLessThanOrEqual(3 * (ENTRY + 100));
  });

  test('does not empty itself for what would never fit', () => {
    const { kept } = store({ maxBytes: 2000 });
    keep(kept, 'a');
    expect(kept.begin('huge', Buffer.alloc(2000))).toBe(false);
    expect(kept.find('a')).toBeDefined();
  });

  test('forgets what is removed, once', () => {
    const { kept } = store();
    keep(kept, 'a');
    expect([kept.remove('a'), kept.remove('a'), kept.remove('b')]).toEqual([true, false, false]);
    expect(kept.find('a')).toBeUndefined();
    expect(kept.bytes).toBe(0);
  });

  test('keeps nothing where it may not', () => {
    const { kept } = store({ maxEntries: 0 });
    expect(keep(kept, 'a')).toBe(false);
    expect(kept.bytes).toBe(0);
  });
});
