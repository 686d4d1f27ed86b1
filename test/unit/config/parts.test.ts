// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the configuration
import { describe, expect, test } from 'vitest';
import { closestName, editDistance } from '../../../src/config/closest-name.ts';
import {
  formatByteSize,
  formatDuration,
  parseByteSize,
  parseDuration,
} from '../../../src/config/quantities.ts';
import { resolveVariables } from '../../../src/config/variables.ts';

describe('parseDuration', () => {
  test.each([
    ['300s', 300_000],
    ['100ms', 100],
    ['5m', 300_000],
    ['1.5s', 1500],
    ['0.005s', 5],
    [' 2 h ', 7_200_000],
  ])('%j', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  test.each(['30', 's', '-1s', '1d', '1s2s', '1,5s', 'Infinitys', ''])('not %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('parseByteSize', () => {
  test.each([
    ['50MB', 52_428_800],
    ['1 GiB', 1_073_741_824],
    ['2k', 2048],
    ['1.5 kb', 1536],
    ['10', 10],
    ['7b', 7],
  ])('%j', (text, expected) => {
    expect(parseByteSize(text)).toBe(expected);
  });

  test.each(['MB', '1 TB', '-1MB', '1 M B', '1ib2'])('not %j', (text) => {
    expect(parseByteSize(text)).toBeUndefined();
  });
});

test('quantities are printed as people write them', () => {
  expect([formatDuration(300_000), formatDuration(1500), formatDuration(0)]).toEqual([
    '300s',
    '1500ms',
    '0s',
  ]);
  expect([52_428_800, 2048, 1500, 1024 ** 3].map(formatByteSize)).toEqual([
    '50 MB',
    '2 KB',
    '1500 bytes',
    '1 GB',
  ]);
});

describe('closestName', () => {
  test.each([
    ['acess_key', 'access_key'],
    ['modle', 'model'],
    ['MODEL', 'model'],
    ['completely-else', undefined],
    ['x'.repeat(200), undefined],
  ])('%j means %j', (name, expected) => {
    expect(closestName(name, ['name', 'model', 'access_key', 'base_url'])).toBe(expected);
  });

  test('counts a swap of neighbours as one', () => {
    expect([editDistance('ab', 'ba'), editDistance('', 'abc'), editDistance('kitten', 'sitting')]).toEqual([
      1, 3, 3,
    ]);
  });
});

describe('resolveVariables', () => {
  const env = { A: 'one', B_2: 'two', EMPTY: '' };
  const resolve = (text: string): unknown => resolveVariables({ key: text }, env, new Set()).value['key'];

  test.each([
    ['$A', 'one'],
    ['${A}x$B_2', 'onextwo'],
    ['$$A', '$A'],
    ['$$$A', '$one'],
    ['costs $5 and 3$', 'costs $5 and 3$'],
    ['$toString', '$toString'],
    ['$EMPTY', '$EMPTY'],
  ])('%j', (text, expected) => {
    expect(resolve(text)).toBe(expected);
  });

  test('does not resolve what a variable holds, nor keys, nor untouched sections', () => {
    const resolved = resolveVariables(
      { $A: ['$X'], skip: { a: '$MISSING' } },
      { X: '$A' },
      new Set(['skip']),
    );
    expect(resolved.value).toEqual({ $A: ['$A'], skip: { a: '$MISSING' } });
    expect(resolved.unset).toEqual([]);
    expect(resolved.isSecret(['$A', 0])).toBe(true);
    expect(resolved.isSecret(['skip', 'a'])).toBe(false);
  });

  test('names what is unset, with its place', () => {
    const { unset } = resolveVariables({ a: [{ b: '$NO ${NO_2} ${}' }] }, env, new Set());
    expect(unset).toEqual([
      { path: ['a', 0, 'b'], variable: 'NO' },
      { path: ['a', 0, 'b'], variable: 'NO_2' },
      { path: ['a', 0, 'b'], variable: undefined },
    ]);
    expect(resolveVariables({ a: 'x${A' }, env, new Set())).toMatchObject({
      value: { a: 'x${A' },
      unset: [{ path: ['a'], variable: undefined, open: true }],
    });
  });
});
