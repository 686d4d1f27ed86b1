import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Turn } from '../../../../src/conversation/turn.ts';
import { CONVERSATION_BUDGET_BYTES, keepTurns } from '../../../../src/decide/arch-router/keep-turns.ts';

const user = (text: string): Turn => ({ role: 'user', text });
const assistant = (text: string): Turn => ({ role: 'assistant', text });
const bytes = (turns: readonly Turn[]) => turns.reduce((sum, turn) => sum + Buffer.byteLength(turn.text), 0);

describe('keepTurns', () => {
  test('the budget is 2,048 tokens of four bytes', () => {
    expect(CONVERSATION_BUDGET_BYTES).toBe(8_192);
  });

  test('keeps everything that fits, in order', () => {
    const turns = [user('a'), assistant('b'), user('c')];
    expect(keepTurns(turns)).toEqual(turns);
    expect(keepTurns([user('x'.repeat(8_192))])).toEqual([user('x'.repeat(8_192))]);
  });

  test('takes the newest first and stops at the first that does not fit', () => {
    const turns = [user('tiny'), assistant('x'.repeat(60)), user('y'.repeat(30)), user('z'.repeat(20))];
    expect(keepTurns(turns, 100)).toEqual(turns.slice(2));
    expect(keepTurns(turns, 110)).toEqual(turns.slice(1));
    expect(keepTurns(turns, 114)).toEqual(turns);
  });

  test('trims the middle of a newest turn that overflows: 60 % head, 40 % tail', () => {
    const [kept, ...others] = keepTurns([user('old'), user('h'.repeat(5_000) + 't'.repeat(5_000))], 1_003);
    expect(others).toEqual([]);
    expect(kept).toEqual(user(`${'h'.repeat(600)}…${'t'.repeat(400)}`));
  });

  test.each([
    ['two bytes', 'é'],
    ['three bytes', '漢'],
    ['a surrogate pair', '🚂'],
  ])('cuts between characters of %s', (_name, character) => {
    for (let budget = 3; budget < 60; budget++) {
      const text = keepTurns([user(character.repeat(100))], budget)[0]?.text ?? '';
      expect(text.isWellFormed()).toBe(true);
      expect(text.replaceAll(character, '')).toBe('…');
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(budget);
      expect(Buffer.byteLength(text)).toBeGreaterThan(budget - 2 * Buffer.byteLength(character));
    }
  });

  test('never exceeds the budget, never breaks a character, always ends with the newest', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
      fc
        .array(fc.constantFrom('\ud83d', '\ude82', 'a', '漢', '🚂'), { minLength: 1 })
        .map((units) => units.join('')),
    );
    const turns = fc.array(
      fc.record({ role: fc.constantFrom('user' as const, 'assistant' as const), text }),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(turns, fc.integer({ min: 3, max: 300 }), (given, budget) => {
        const kept = keepTurns(given, budget);
        expect(kept.length).toBeGreaterThan(0);
        expect(bytes(kept)).toBeLessThanOrEqual(budget);
        const isTrimmed = Buffer.byteLength(given.at(-1)?.text ?? '') > budget;
        if (isTrimmed) expect(kept).toHaveLength(1);
        else expect(kept).toEqual(given.slice(-kept.length));
        if (given.every((turn) => turn.text.isWellFormed())) {
          expect(kept.every((turn) => turn.text.isWellFormed())).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('bounds the number of turns, whose JSON the byte budget does not see', () => {
    const turns = Array.from({ length: 5_000 }, () => user('a'));
    expect(keepTurns(turns)).toHaveLength(64);
  });

  test('nothing in, nothing out', () => {
    expect(keepTurns([])).toEqual([]);
  });
});
