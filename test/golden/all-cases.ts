// The rows of the golden table.

import * as citations from './cases/citations.ts';
import * as customTools from './cases/custom-tools.ts';
import * as endings from './cases/endings.ts';
import * as failures from './cases/failures.ts';
import * as media from './cases/media.ts';
import * as reasoning from './cases/reasoning.ts';
import * as replies from './cases/replies.ts';
import * as settings from './cases/settings.ts';
import * as tools from './cases/tools.ts';
import * as turns from './cases/turns.ts';
import type { GoldenCase } from './golden-case.ts';

const FILES = [turns, media, tools, customTools, settings, reasoning, replies, endings, citations, failures];

/** Every export of a file of cases that is one. */
export const CASES: readonly GoldenCase[] = FILES.flatMap((file) =>
  Object.values(file).filter(
    (exported): exported is GoldenCase => typeof exported === 'object' && 'name' in exported,
  ),
);
