// The cases of the matrix: what a client asks, and what must come of it at the client and at the provider. None knows which
// client or which provider it runs with, but for what these can say at all.

import type { Cell, MatrixCase } from './cell.ts';
import { FAILURE_CASES } from './failure-cases.ts';
import { PLAIN_CASES } from './plain-cases.ts';
import { REASONING_CASES } from './reasoning-cases.ts';
import { TOOL_CASES } from './tool-cases.ts';

const FIRST_CASES: Readonly<Record<string, MatrixCase>> = {
  ...PLAIN_CASES,
  ...TOOL_CASES,
  ...REASONING_CASES,
  ...FAILURE_CASES,
};

/** Those in which models of the vendor's later generation have rules of their own. */
const LATER: readonly string[] = [
  'instructions and settings',
  'tool results',
  'the tool that must be called',
  'two steps of tools',
  'reasoning',
  'streamed reasoning',
  'a second question after reasoning',
  'reasoning in a tool loop',
  'streamed reasoning in a tool loop',
  'reasoning in two steps of tools',
];
export const LATER_SUFFIX = ', later model';

export const CASES: Readonly<Record<string, MatrixCase>> = {
  ...FIRST_CASES,
  ...Object.fromEntries(
    LATER.map((name) => [
      name + LATER_SUFFIX,
      async (cell: Cell) => {
        await FIRST_CASES[name]?.({ ...cell, model: cell.provider.vendor.laterModel });
      },
    ]),
  ),
};
