// Holds the rules of import-rules.ts against the files of src/ and test/.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import {
  CLIENT_FILES,
  DEFAULT_EXPORTS,
  DIALECTS,
  HOMES,
  LAUNCHER,
  LONGER,
  MOST_LINES,
  PROVIDER_FILES,
  PROVIDER_ONLY,
  RANKS,
  STAGES,
} from './import-rules.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface SourceImport {
  /** `src/`-relative, as `config/schema.ts`. */
  readonly from: string;
  /** `src/`-relative for our own files, else the specifier: `zod`, `node:fs`. */
  readonly to: string;
  readonly own: boolean;
}

const STATEMENT = /^(?:import|export)\s+(?:type\s+)?(?:[\w*{][^'";]*?\sfrom\s+)?'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'/g;

function readImports(from: string, source: string): SourceImport[] {
  return [STATEMENT, DYNAMIC].flatMap((pattern) =>
    [...source.matchAll(pattern)].map(([, to = '']) => {
      const own = to.startsWith('.');
      return { from, to: own ? normalize(join(dirname(from), to)) : to, own };
    }),
  );
}

const entryOf = (file: string): string => file.split('/')[0] ?? '';
const rankOf = (file: string): number => RANKS.findIndex((line) => line.includes(entryOf(file)));
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
const show = ({ from, to }: SourceImport): string => `${from} imports ${to}`;

function climbs(found: SourceImport): boolean {
  const { from, to, own } = found;
  if (!own || entryOf(from) === entryOf(to)) return false;
  return rankOf(to) >= rankOf(from) || rankOf(to) === -1;
}

const crossesStages = ({ from, to }: SourceImport): boolean =>
  STAGES.includes(entryOf(from)) && STAGES.includes(entryOf(to)) && entryOf(from) !== entryOf(to);

const dialectOf = (file: string): string | undefined => {
  const [folder, dialect, ...rest] = file.split('/');
  return folder === DIALECTS && rest.length > 0 ? dialect : undefined;
};

const crossesDialects = ({ from, to }: SourceImport): boolean =>
  dialectOf(from) !== undefined && dialectOf(to) !== undefined && dialectOf(from) !== dialectOf(to);

const leavesHome = ({ from, to }: SourceImport): boolean =>
  HOMES.some(({ packages, home }) => packages.test(to) && !from.startsWith(home));

const isUndeclared = ({ to, own }: SourceImport): boolean =>
  !own && !to.startsWith('node:') && !Object.hasOwn(packageJson.dependencies, packageOf(to));

function filesUnder(directory: string): string[] {
  return readdirSync(join(ROOT, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length));
}

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const sources = filesUnder('src').map((file) => file.slice('src/'.length));
const imports = sources.flatMap((file) => readImports(file, read(`src/${file}`)));
const everyFile = ['src', 'test'].flatMap(filesUnder);

describe('the code', () => {
  test('src/ holds what the rules list, and nothing else', () => {
    const found = readdirSync(join(ROOT, 'src')).sort();
    expect(found).toEqual([...RANKS.flat(), LAUNCHER].sort());
  });

  test('imports go down the ranks', () => {
    expect(imports.filter(climbs).map(show)).toEqual([]);
  });

  test('no stage imports another', () => {
    expect(imports.filter(crossesStages).map(show)).toEqual([]);
  });

  test('no dialect imports another', () => {
    expect(imports.filter(crossesDialects).map(show)).toEqual([]);
  });

  test('packages stay in their homes, and only declared ones are imported', () => {
    expect(imports.filter(leavesHome).map(show)).toEqual([]);
    expect(imports.filter(isUndeclared).map(show)).toEqual([]);
  });

  test('own files are imported with their ending, and exist', () => {
    const missing = imports.filter(({ own, to }) => own && !to.startsWith('..') && !sources.includes(to));
    expect(missing.map(show)).toEqual([]);
  });

  test('the launcher needs nothing installed', () => {
    const needed = imports.filter(({ from, to }) => from === LAUNCHER && !to.startsWith('node:'));
    expect(needed.map(show)).toEqual([]);
  });

  test('every dialect has the same files', () => {
    const names = new Map<string, Set<string>>();
    for (const file of sources) {
      const dialect = dialectOf(file);
      if (dialect === undefined) continue;
      names.set(dialect, (names.get(dialect) ?? new Set()).add(file.split('/').slice(2).join('/')));
    }
    for (const [dialect, files] of names) {
      const isClient = !PROVIDER_ONLY.includes(dialect);
      const needed = isClient ? [...PROVIDER_FILES, ...CLIENT_FILES] : PROVIDER_FILES;
      expect({ dialect, missing: needed.filter((file) => !files.has(file)) }).toEqual({
        dialect,
        missing: [],
      });
      if (!isClient) expect(CLIENT_FILES.filter((file) => files.has(file))).toEqual([]);
    }
    expect(PROVIDER_ONLY.filter((dialect) => !names.has(dialect))).toEqual([]);
    expect(names.size).toBeGreaterThan(2);
  });

  test(`no file is longer than ${MOST_LINES} lines`, () => {
    const long = everyFile.filter((file) => read(file).trimEnd().split('\n').length > MOST_LINES);
    expect(long.filter((file) => !LONGER.includes(file))).toEqual([]);
    expect(LONGER.filter((file) => !long.includes(file))).toEqual([]);
  });

  test('nothing is exported as default', () => {
    const found = everyFile.filter((file) => /^export\s+(default\b|\{[^}]*\bas default\b)/m.test(read(file)));
    expect(found).toEqual(DEFAULT_EXPORTS);
  });
});

describe('the rules', () => {
  test('none is stale', () => {
    const declared = Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies });
    expect(HOMES.filter(({ packages }) => !declared.some((name) => packages.test(name)))).toEqual([]);
    expect(HOMES.filter(({ home }) => !sources.some((file) => file.startsWith(home)))).toEqual([]);
    expect(STAGES.filter((stage) => !RANKS.flat().includes(stage))).toEqual([]);
    expect(new Set(sources.map(dialectOf)).size).toBeGreaterThan(2);
  });

  const importOf = (from: string, source: string): SourceImport => {
    const [found] = readImports(from, source);
    if (found === undefined) throw new Error(`no import found in: ${source}`);
    return found;
  };

  test.each([
    ['json/a.ts', "import { b } from '../request/b.ts';", climbs],
    ['json/a.ts', "import {\n  b,\n  c,\n} from '../conversation/turn.ts';", climbs],
    ['json/a.ts', "export * from '../main.ts';", climbs],
    ['json/a.ts', "const b = await import('../decide/reason.ts');", climbs],
    ['json/a.ts', "import '../unknown/b.ts';", climbs],
    ['dialects/one/a.ts', "import { b } from '../two/b.ts';", crossesDialects],
    ['cli/a.ts', "import { Tokenizer } from '@huggingface/tokenizers';", leavesHome],
    ['request/a.ts', "import { Client } from '@grpc/grpc-js';", leavesHome],
    ['cli/a.ts', "import type { T } from 'openai/resources';", isUndeclared],
  ])('%s: %s is seen', (from, source, rule) => {
    expect(rule(importOf(from, source))).toBe(true);
  });

  test.each([
    ['request/a.ts', "import { b } from '../json/b.ts';", climbs],
    ['request/a.ts', "import { b } from './b.ts';", climbs],
    ['dialects/one/a.ts', "import { b } from '../dialect-module.ts';", crossesDialects],
    ['decide/embedded/a.ts', "import { Tokenizer } from '@huggingface/tokenizers';", leavesHome],
    ['config/a.ts', "import { z } from 'zod';", isUndeclared],
    ['config/a.ts', "import { z } from 'zod/mini';", isUndeclared],
  ])('%s: %s is allowed', (from, source, rule) => {
    expect(rule(importOf(from, source))).toBe(false);
  });
});
