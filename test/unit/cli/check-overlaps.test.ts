// `pointsman check` with the embedded model that is shipped: which descriptions overlap. A new model may need another level
// in find-overlaps.ts.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { check } from '../../../src/cli/check.ts';
import { runCommand } from './captured-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'overlaps-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function overlapsOf(routes: Record<string, string>, routing = '{}'): Promise<string> {
  const path = join(folder, 'config.yaml');
  const entries = Object.entries(routes).map(
    ([name, description]) =>
      `  - {name: ${name}, description: ${JSON.stringify(description)}, models: [openai/gpt-4o]}\n`,
  );
  writeFileSync(
    path,
    `model_providers: [{model: openai/gpt-4o, passthrough_auth: true}]\nrouting_preferences:\n${entries.join('')}routing: ${routing}\n`,
  );
  const { code, out } = await runCommand(check, ['-f', path]);
  expect(code).toBe(0);
  expect(out).toMatch(/ is valid\n$/);
  return /Routes that overlap\n((?: .*\n)*)/.exec(out)?.[1] ?? '';
}

const GENERATION = 'generating new code, writing functions, or creating boilerplate';

describe('descriptions that say much the same', () => {
  test.each([
    ['code', { code_generation: GENERATION, coding: 'write code and functions in any programming language' }],
    ['payments', { billing: 'invoices and payments', refunds: 'invoices, charges, payments and refunds' }],
    ['trips', { travel: 'planning trips and booking flights', flights: 'booking flights and trips' }],
    [
      'words',
      {
        translation: 'translate text into another language',
        languages: 'translating documents between languages',
      },
    ],
  ])('are warned of: %s', async (_what, routes) => {
    const [first = '', second = ''] = Object.keys(routes);
    expect(await overlapsOf(routes)).toMatch(
      new RegExp(`^ {2}${first} and ${second}: .*similarity 0\\.\\d\\d\\)\n`),
    );
  });

  test('are shown with a prompt that falls between', async () => {
    const overlaps = await overlapsOf({
      code_generation: GENERATION,
      coding: 'write code and functions in any programming language',
      translation: 'translate text into another language',
    });
    expect(overlaps).toMatch(/\n {4}between them falls: .+ \(code_generation 0\.\d\d, coding 0\.\d\d\)\n$/);
  });

  test('are of no concern where no router reads them', async () => {
    const routes = { billing: 'invoices and payments', refunds: 'invoices, charges, payments and refunds' };
    expect(await overlapsOf(routes, '{engine: none}')).toBe('');
  });
});

test.each([
  [
    'the quick start',
    {
      complex_reasoning: 'complex reasoning tasks, multi-step analysis, or detailed explanations',
      code_generation: GENERATION,
    },
  ],
  [
    'developers',
    {
      code_understanding: 'understanding and explaining existing code, functions and libraries',
      debugging: 'finding the cause of errors, stack traces and failing tests',
      sql: 'writing and tuning database queries',
    },
  ],
  [
    'a support desk',
    {
      shipping: 'where an order is, delivery times, lost or damaged parcels',
      returns: 'sending an item back, exchanges and return labels',
      account_access: 'login problems, passwords, two-factor codes, locked accounts',
    },
  ],
])('descriptions that differ are not warned of: %s', async (_what, routes) => {
  expect(await overlapsOf(routes)).toBe('');
});
