// The model's input form, with a tokenizer of one token per word so that every cut is visible.

import { describe, expect, it } from 'vitest';
import { tokenSequence } from '../../../../src/decide/embedded/token-sequence.ts';

const CLS = 101;
const SEP = 102;

const words = (text: string): number[] =>
  text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => Number(word) || -1);
const numbered = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `${from + index}`).join(' ');

describe('tokenSequence', () => {
  it('marks a text and leaves out an empty context', () => {
    expect(tokenSequence({ text: '7 8', context: '' }, words)).toEqual({
      ids: [CLS, 7, 8, SEP],
      segments: [0, 0, 0, 0],
    });
  });

  it('puts the context into the second segment', () => {
    const sequence = tokenSequence({ text: '7', context: numbered(201, 211) }, words);
    expect(sequence.ids).toEqual([CLS, 7, SEP, ...words(numbered(201, 211)), SEP]);
    expect(sequence.segments).toEqual([0, 0, 0, ...Array<number>(11).fill(1)]);
  });

  it('keeps the beginning and the end of a long text', () => {
    const { ids } = tokenSequence({ text: numbered(1000, 1089), context: '' }, words);
    expect(ids).toEqual([CLS, ...words(numbered(1000, 1056)), ...words(numbered(1057, 1089)), SEP]);
  });

  it('keeps a text of just the limit whole', () => {
    const { ids } = tokenSequence({ text: numbered(1000, 1088), context: '' }, words);
    expect(ids).toEqual([CLS, ...words(numbered(1000, 1088)), SEP]);
  });

  it('keeps the last 48 tokens of the context', () => {
    const { ids } = tokenSequence({ text: '7', context: numbered(1000, 1200) }, words);
    expect(ids).toEqual([CLS, 7, SEP, ...words(numbered(1152, 1200)), SEP]);
  });

  it('gives the context what the text leaves of the budget, and nothing where that is too little', () => {
    const eight = tokenSequence({ text: numbered(1000, 1080), context: numbered(200, 300) }, words);
    expect(eight.ids.slice(-9)).toEqual([...words(numbered(292, 300)), SEP]);
    const seven = tokenSequence({ text: numbered(1000, 1081), context: numbered(200, 300) }, words);
    expect(seven.segments).not.toContain(1);
  });

  it('reads only the ends of a huge text, in the same form', () => {
    let read = 0;
    const counting = (text: string): number[] => {
      read += text.length;
      return words(text);
    };
    const { ids } = tokenSequence({ text: numbered(100_000, 600_000), context: '' }, counting);
    expect(ids).toEqual([
      CLS,
      ...words(numbered(100_000, 100_056)),
      ...words(numbered(599_968, 600_000)),
      SEP,
    ]);
    expect(read).toBeLessThan(4_000);
  });

  it('reads on where the beginning is mostly white space', () => {
    const text = `${' '.repeat(3_000)}${numbered(1000, 2000)}`;
    const { ids } = tokenSequence({ text, context: '' }, words);
    expect(ids.slice(1, 57)).toEqual(words(numbered(1000, 1056)));
  });

  it('gives up on a text that holds nothing', () => {
    expect(tokenSequence({ text: ' '.repeat(1_000_000), context: '' }, words).ids).toEqual([CLS, SEP]);
  });
});
