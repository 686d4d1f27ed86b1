// The README's table: what did not hold and what did not run must show.

import { expect, test } from 'vitest';
import { type CellResult, writeTable } from '../../matrix/matrix-table.ts';

const FRAME = { clients: ['one', 'two'], providers: ['a', 'b'], cases: ['text', 'image'] };
const cell = (client: string, provider: string, name: string, passed: boolean): CellResult => ({
  client,
  provider,
  name,
  passed,
});

test('a cell names what failed or was left out, and a dash stands for what did not run', () => {
  const table = writeTable(FRAME, [
    cell('one', 'a', 'text', true),
    cell('one', 'a', 'image', true),
    cell('one', 'b', 'text', true),
    cell('one', 'b', 'image', false),
    cell('two', 'a', 'image', true),
  ]);
  expect(table.split('\n').slice(0, 4)).toEqual([
    '| client | a | b |',
    '|---|:-:|:-:|',
    '| one | ✓ | without image |',
    '| two | without text | – |',
  ]);
});
