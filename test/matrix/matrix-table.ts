// The matrix as the README shows it: written from a run, one row per client, one column per provider. What did not hold is
// named in its cell, and what did not run is a dash.

import { LATER_SUFFIX } from './cases.ts';

export interface CellResult {
  readonly client: string;
  readonly provider: string;
  readonly name: string;
  passed: boolean;
}

export interface MatrixFrame {
  readonly clients: readonly string[];
  readonly providers: readonly string[];
  readonly cases: readonly string[];
}

export function writeTable(
  { clients, providers, cases }: MatrixFrame,
  results: readonly CellResult[],
): string {
  const cell = (client: string, provider: string): string => {
    const found = results.filter((each) => each.client === client && each.provider === provider);
    if (found.length === 0) return '–';
    const passed = found.filter((each) => each.passed).map(({ name }) => name);
    const missing = cases.filter((name) => !passed.includes(name));
    return missing.length === 0 ? '✓' : `without ${missing.join(', ')}`;
  };
  const legend = cases
    .filter((name) => !name.endsWith(LATER_SUFFIX))
    .map((name) => (cases.includes(name + LATER_SUFFIX) ? `${name}\\*` : name));
  const rows = clients.map(
    (client) => `| ${client} | ${providers.map((provider) => cell(client, provider)).join(' | ')} |`,
  );
  return [
    `| client | ${providers.join(' | ')} |`,
    `|---|${providers.map(() => ':-:|').join('')}`,
    ...rows,
    '',
    `✓ is each of these: ${legend.join(' · ')}; * with a later model of the vendor, too.`,
    '',
  ].join('\n');
}
