import { describe, expect, test } from 'vitest';
import { InputReader, InputWriter, unwrapInput, wrapInput } from '../../../src/conversation/custom-input.ts';

function readIn(pieces: readonly string[]): string[] {
  const reader = new InputReader();
  return [...pieces.map((piece) => reader.push(piece)), reader.finish()];
}

/** What is written without escapes, with all of them, and what is no `{"input": text}`. */
const READINGS: readonly (readonly [json: string, text: string])[] = [
  ['{"input":"*** Begin Patch"}', '*** Begin Patch'],
  [' {\n"input"\t: "a" }', 'a'],
  ['{"input":""}', ''],
  ['{"input":"a","more":[1]}', 'a'],
  [String.raw`{"input":"\"\\\/\b\f\n\r\t"}`, '"\\/\b\f\n\r\t'],
  [String.raw`{"input":"\u00e9\u0000\ud83d\ude00😀\uD83D\uDE00é"}`, 'é\u0000😀😀😀é'],
  [String.raw`{"input":"\ud83d|\ude00"}`, '\ud83d|\ude00'],
  [String.raw`{"input":"\ud83d"}`, '\ud83d'],
  ['{"input":"two\nlines"}', 'two\nlines'],
  [String.raw`{"input":"\d+\uzzzz"}`, String.raw`\d+\uzzzz`],
  ['', ''],
  ['{}', ''],
  [' { } ', ''],
  ['{"input":"cut he', 'cut he'],
  [String.raw`{"input":"cut\u00`, 'cut'],
  ['{"inp', '{"inp'],
  ['{"input":7}', '{"input":7}'],
  ['{"input":null}', '{"input":null}'],
  ['{"patch":"a","input":"b"}', '{"patch":"a","input":"b"}'],
  ['{"inputs":"a"}', '{"inputs":"a"}'],
  ['"just text"', '"just text"'],
  ['ls -l', 'ls -l'],
  ['[1]', '[1]'],
];

describe('the text in the arguments', () => {
  test.each(READINGS)('%j is %j', (json, text) => {
    expect(unwrapInput(json)).toBe(text);
  });

  test.each(READINGS)('%j is the same in any two pieces, and one by one', (json, text) => {
    for (let at = 0; at <= json.length; at += 1) {
      expect(readIn([json.slice(0, at), json.slice(at)]).join('')).toBe(text);
    }
    expect(readIn(json.split('')).join('')).toBe(text);
  });

  test('is given as soon as it is known', () => {
    expect(readIn(['{"inp', 'ut":"a', 'b\\', 'nc', '"}'])).toEqual(['', 'a', 'b', '\nc', '', '']);
    expect(readIn(['{"in', 'x', 'y'])).toEqual(['', '{"inx', 'y', '']);
  });

  test.each([[[String.raw`{"input":"a\ud8`, String.raw`3d\ud`, 'e00b']], [['{"input":"a\ud83d', '\ude00b']]])(
    'never ends between the halves of a character: %j',
    (pieces) => {
      const given = readIn(pieces);
      expect(given.join('')).toBe('a😀b');
      expect(given.filter((piece) => /[\ud800-\udbff]$/.test(piece))).toEqual([]);
    },
  );
});

describe('text as arguments', () => {
  const TEXTS = ['', 'a"b\\c\n', '\u0000\u2028é😀', '\ud83d', '{"input":"x"}'];

  test.each(TEXTS)('%j comes back', (text) => {
    expect(unwrapInput(wrapInput(text))).toBe(text);
    expect(JSON.parse(wrapInput(text))).toEqual({ input: text });
  });

  test.each(TEXTS)('%j comes back in any two pieces', (text) => {
    for (let at = 0; at <= text.length; at += 1) {
      const writer = new InputWriter();
      const json = writer.push(text.slice(0, at)) + writer.push(text.slice(at)) + writer.finish();
      expect(JSON.parse(json)).toEqual({ input: text });
      expect(unwrapInput(json)).toBe(text);
    }
  });

  test('of no text at all are an object all the same', () => {
    expect(new InputWriter().finish()).toBe('{"input":""}');
  });
});
