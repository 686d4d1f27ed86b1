import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editObject } from '../../src/json/edit-object.ts';
import { scanObject } from '../../src/json/scan-object.ts';

const space = fc.stringMatching(/^[ \n\r\t]{0,3}$/);

/** JSON text that JSON.stringify would never write: odd white space, escaped keys, huge numbers, duplicate keys. */
const jsonText: fc.Arbitrary<string> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
    fc.constantFrom(
      '9007199254740993',
      '-0',
      '1e400',
      '0.10',
      '123456789012345678901234567890',
      'null',
      'true',
    ),
    fc.constantFrom('"\\u0041\\"\\\\"', '"\\\\"', '"a\\\\\\"b"', '"}"', '"[,:"', '""'),
    fc
      .tuple(space, fc.array(fc.tuple(space, tie('value'), space), { maxLength: 4 }))
      .map(([pad, items]) => `[${pad}${items.map((item) => item.join('')).join(',')}]`),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(space, tie('key'), space, space, tie('value'), space), { maxLength: 6 })
    .map(
      (members) =>
        `{${members.map(([a, key, b, c, value, d]) => `${a}${key}${b}:${c}${value}${d}`).join(',')}}`,
    ),
  key: fc.oneof(
    fc.constantFrom('"model"', '"mod\\u0065l"', '"routing_policy"', '"messages"', '"a\\"b"'),
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  ),
})).object as fc.Arbitrary<string>;

const outer = fc.tuple(space, jsonText, space).map((parts) => parts.join(''));

function membersOf(text: string): [key: string, raw: string][] {
  const bytes = Buffer.from(text);
  return scanObject(bytes).map((member) => [
    member.key,
    bytes.toString('utf8', member.valueStart, member.end),
  ]);
}

describe('editObject', () => {
  it('leaves every byte alone where nothing is asked', () => {
    fc.assert(
      fc.property(outer, (text) => {
        const bytes = Buffer.from(text);
        const edited = editObject(bytes, scanObject(bytes), { remove: new Set(), set: new Map() });
        expect(edited.equals(bytes)).toBe(true);
      }),
    );
  });

  it('finds the members that JSON.parse finds', () => {
    fc.assert(
      fc.property(outer, (text) => {
        const parsed = JSON.parse(text) as Record<string, unknown>;
        const found = new Map(membersOf(text).map(([key, raw]) => [key, JSON.parse(raw) as unknown]));
        found.delete('__proto__');
        const own = Object.entries(parsed).filter(([key]) => key !== '__proto__');
        expect(new Map(own)).toEqual(found);
      }),
    );
  });

  it('changes and removes only what is named, keeping the raw text of everything else', () => {
    fc.assert(
      fc.property(outer, (text) => {
        const bytes = Buffer.from(text);
        const before = Buffer.from(bytes);
        const edits = { remove: new Set(['routing_policy']), set: new Map([['model', '"m"']]) };
        const edited = editObject(bytes, scanObject(bytes), edits).toString();
        expect(bytes.equals(before)).toBe(true);
        const expected: [string, string][] = membersOf(text)
          .filter(([key]) => key !== 'routing_policy')
          .map(([key, raw]) => [key, key === 'model' ? '"m"' : raw]);
        if (!expected.some(([key]) => key === 'model')) expected.unshift(['model', '"m"']);
        JSON.parse(edited);
        expect(membersOf(edited)).toEqual(expected);
      }),
    );
  });
});
