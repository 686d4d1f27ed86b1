// The arguments of a call, from text to an object, with every digit.

import { expect, test } from 'vitest';
import { parseObject } from '../../../src/json/parse-object.ts';

test.each([
  '{"id":12345678901234567890}',
  '{"a":[9007199254740993,{"b":-0.12345678901234567890}],"c":1,"d":"12345678901234567890"}',
  '{"n":1e400,"m":12345678901234567}',
])('%s keeps its digits', (text) => {
  expect(JSON.stringify(parseObject(text))).toBe(text);
});

test('short numbers are numbers', () => {
  expect(parseObject('{"a":1.50,"b":[true,null]}')).toEqual({ a: 1.5, b: [true, null] });
});

test.each(['', ' \n'])('%j is no arguments', (text) => {
  expect(parseObject(text)).toEqual({});
});

test.each(['null', '[]', '"x"', '1', '12345678901234567890', '{', '{"a":1}}'])('%s is no object', (text) => {
  expect(parseObject(text)).toBeUndefined();
});
