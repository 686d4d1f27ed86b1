import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headerSafe } from '../../../src/contract/header-safe.ts';

describe('headerSafe', () => {
  test.each([
    ['openai/gpt-4o', 'openai/gpt-4o'],
    ['code generation', 'code%20generation'],
    ['übersetzen', '%C3%BCbersetzen'],
    ['a\r\nx-evil: 1', 'a%0D%0Ax-evil:%201'],
    ['100%', '100%25'],
    ['\u0000\u007f', '%00%7F'],
    ['🚂', '%F0%9F%9A%82'],
    ['\ud83d', '%EF%BF%BD'],
  ])('%j becomes %s', (value, safe) => {
    expect(headerSafe(value)).toBe(safe);
  });

  test('is visible ASCII, bounded, and reversible where nothing was cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (value) => {
        const safe = headerSafe(value);
        expect(safe).toMatch(/^[!-~]*$/);
        expect(safe.length).toBeLessThanOrEqual(512);
        expect(value.startsWith(decodeURIComponent(safe))).toBe(true);
        if (encodeURIComponent(value).length <= 500) expect(decodeURIComponent(safe)).toBe(value);
      }),
    );
    expect(headerSafe('ü'.repeat(1_000_000)).length).toBe(510);
  });
});
