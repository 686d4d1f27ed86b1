// Ids as the reference implementation of the tokenizer gives them (Python package tokenizers 0.23, same file).

import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../../../src/decide/embedded/load-tokenizer.ts';
import type { Tokenize } from '../../../../src/decide/embedded/token-sequence.ts';

const fileOf = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

let tokenize: Tokenize;
beforeAll(async () => {
  tokenize = await loadTokenizer(fileOf('model/tokenizer.json'));
});

describe('loadTokenizer', () => {
  it.each<[text: string, ids: number[]]>([
    ['', []],
    [
      'Write a Python function that implements binary search',
      [4339, 1037, 18750, 3853, 2008, 22164, 12441, 3945],
    ],
    ['Größe und Übermaß, café naïve!', [760, 6151, 19169, 2863, 19310, 1010, 7668, 15743, 999]],
    ['日本語のテキスト', [33648, 1671, 33610]],
    ['帮我写一个脚本，退货怎么办', [33187, 32312, 1740, 32645, 33203, 1989, 33281, 33532, 32939]],
    ['Die Rechnungen stimmen nicht', [3280, 412, 2368, 2358, 5714, 3549, 31576]],
    [
      'def f(x):\n    return x**2 # “quotes” — ok',
      [
        13366, 1042, 1006, 1060, 1007, 1024, 2709, 1060, 1008, 1008, 1016, 1001, 1523, 16614, 1524, 1517,
        7929,
      ],
    ],
    ['Привет, как дела?', [31871, 1010, 30289, 1184, 15290, 29436, 10260, 1029]],
    ['tab\tzero\u200bwidth \0control', [21628, 5717, 9148, 11927, 2232, 2491]],
    [
      "don't stop: C++, C#, $5.00",
      [2123, 1005, 1056, 2644, 1024, 1039, 1009, 1009, 1010, 1039, 1001, 1010, 1002, 1019, 1012, 4002],
    ],
    ['emoji 😀 ok', [7861, 29147, 2072, 100, 7929]],
    [`${'a'.repeat(101)} b`, [100, 1038]],
  ])('splits %j', (text, ids) => {
    expect(tokenize(text)).toEqual(ids);
  });

  it('survives half of a surrogate pair', () => {
    expect(tokenize('ok \ud83d').slice(0, 1)).toEqual([7929]);
  });

  it('rejects a missing and a foreign file', async () => {
    await expect(loadTokenizer(fileOf('model/missing.json'))).rejects.toThrow('ENOENT');
    await expect(loadTokenizer(fileOf('LICENSE'))).rejects.toThrow(SyntaxError);
  });
});
