// The golden table: every case from every dialect to every other, plain and streamed. The outcomes are in expected/, one file
// for each case; "npm test -- golden -u" writes them anew, and then somebody has to read them.

import { describe, expect, test } from 'vitest';
import { CASES } from './all-cases.ts';
import { findFaults } from './find-faults.ts';
import { type GoldenCase, NO_WORDS, nameOf } from './golden-case.ts';
import { goldenNames, readGolden, removeGolden, writeGolden } from './golden-file.ts';
import { CLIENTS, cellsOf, outcomeOf } from './outcomes.ts';
import { bytesOf, runRequest, vendorOf } from './run-cell.ts';

const isUpdate = (): boolean => expect.getState().snapshotState.snapshotUpdateState === 'all';

test('every case has its file, and every file its case', () => {
  const names = CASES.map(({ name }) => name).sort();
  if (isUpdate()) {
    for (const row of CASES)
      writeGolden(row.name, new Map(cellsOf(row).map((cell) => [nameOf(cell), outcomeOf(row, cell)])));
    for (const stale of goldenNames().filter((name) => !names.includes(name))) removeGolden(stale);
  }
  expect(goldenNames().sort()).toEqual(names);
});

describe.each(CASES)('$name', (row) => {
  const cells = cellsOf(row);
  let read: ReadonlyMap<string, string> | undefined;
  const golden = (): ReadonlyMap<string, string> => {
    read ??= readGolden(row.name);
    return read;
  };

  test.each(cells.map((cell) => [nameOf(cell), cell] as const))('%s', (name, cell) => {
    expect(golden().get(name), 'no golden of this cell').toBeDefined();
    expect(outcomeOf(row, cell)).toBe(golden().get(name));
  });

  test('is what each vendor takes, and what clients of each expect', async () => {
    const found = await Promise.all(
      cells.map(async (cell) => (await findFaults(row, cell)).map((fault) => `${nameOf(cell)}: ${fault}`)),
    );
    expect(found.flat()).toEqual([]);
  });

  test('has no golden of a cell that is not there', () => {
    expect([...golden().keys()].sort()).toEqual(cells.map(nameOf).sort());
  });

  test.each(saying(row))('%s passes as it is where it is spoken on both sides', (client) => {
    const body = row.requests?.[client] as object;
    const { body: sent, translation, warnings } = runRequest(client, body, row.stream === true, client);
    const expected = bytesOf(body)
      .toString()
      .replace('"model":"auto"', `"model":"${vendorOf(client).model}"`);
    const text = (sent ?? bytesOf(body)).toString();
    // The second is base64 of the first.
    if (row.isWrapped === true) expect(text).not.toMatch(/pointsman|cG9pbnRzbWFu/);
    else expect(text).toBe(expected);
    expect(translation).toBeUndefined();
    expect(warnings).toEqual([]);
  });
});

function saying({ requests }: GoldenCase) {
  return requests === undefined ? [] : CLIENTS.filter((client) => requests[client] !== NO_WORDS);
}
