// The file with the outcomes of one case: Markdown, a heading for each outcome with the cells that have it, so that cells
// that say the same stand together.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DIRECTORY = fileURLToPath(new URL('expected/', import.meta.url));

const fileOf = (name: string): string => `${DIRECTORY}${name}.md`;

/** Names of the cases that have a file. */
export function goldenNames(): string[] {
  return readdirSync(DIRECTORY).map((file) => file.replace(/\.md$/, ''));
}

/** Outcomes by their cells; empty where the file is missing. */
export function readGolden(name: string): Map<string, string> {
  const cells = new Map<string, string>();
  if (!existsSync(fileOf(name))) return cells;
  for (const section of readFileSync(fileOf(name), 'utf8').split(/^## /m).slice(1)) {
    const end = section.indexOf('\n');
    for (const cell of section.slice(0, end).split('; ')) cells.set(cell, section.slice(end).trim());
  }
  return cells;
}

export function writeGolden(name: string, cells: ReadonlyMap<string, string>): void {
  const groups = new Map<string, string[]>();
  for (const [cell, outcome] of cells) {
    const group = groups.get(outcome);
    if (group === undefined) groups.set(outcome, [cell]);
    else group.push(cell);
  }
  const sections = [...groups].map(([outcome, names]) => `## ${names.join('; ')}\n\n${outcome}\n`);
  writeFileSync(fileOf(name), `# ${name}\n\n${sections.join('\n')}`);
}

export function removeGolden(name: string): void {
  rmSync(fileOf(name));
}
