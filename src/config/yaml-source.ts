// YAML text to plain values plus the place of every value. The only file that knows the YAML library. Its own messages
// are not passed on: they can quote the text, and the text can hold a key.

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  YAMLParseError,
} from 'yaml';
import type { ConfigPath } from './config-error.ts';

interface Place {
  readonly line: number;
  readonly column: number;
}

export interface YamlSource {
  /** Objects, arrays and scalars; undefined where the text is not YAML. */
  readonly value: unknown;
  readonly syntaxProblems: readonly (Place & { readonly message: string; readonly hint?: string })[];
  /** Where a value, or with `key` its key, is written; where it is missing, the nearest enclosing value. */
  locate(path: ConfigPath, part: 'key' | 'value'): Place;
}

const MESSAGES: Readonly<Record<string, readonly [message: string, hint?: string]>> = {
  BAD_ALIAS: ['this alias has no anchor', 'put a text that begins with * into quotes'],
  BAD_DQ_ESCAPE: ['unknown escape in a quoted text', 'use single quotes, or \\\\ for a backslash'],
  BAD_INDENT: ['wrong indentation, or a bracket that is not closed', 'align the keys of one level'],
  BAD_SCALAR_START: ['a plain text cannot begin with this character', 'put the text into quotes'],
  BLOCK_AS_IMPLICIT_KEY: ['a value is nested where only one fits on a line', 'begin it on a line of its own'],
  DUPLICATE_KEY: ['this key is here twice', 'keep one of them'],
  MISSING_CHAR: ['a character is missing', 'look for an open quote or bracket, or a missing colon'],
  MULTILINE_IMPLICIT_KEY: ['a key spans several lines', 'look for a missing colon'],
  MULTIPLE_DOCS: ['the file holds several documents', 'remove the --- line'],
  RESOURCE_EXHAUSTION: ['this is nested too deeply', 'a configuration has few levels'],
  TAB_AS_INDENT: ['a tab is used for indentation', 'use spaces'],
};

const OTHER_MESSAGE = ['this is not valid YAML', 'look at this line and the one above'] as const;

/** What follows the first few is mostly their consequence. */
const MAX_SYNTAX_PROBLEMS = 10;

export function readYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const broken = (message: string, hint: string): YamlSource => ({
    value: undefined,
    syntaxProblems: [{ line: 1, column: 1, message, hint }],
    locate: () => ({ line: 1, column: 1 }),
  });
  let document: Document.Parsed;
  let value: unknown;
  try {
    // Plano reads YAML 1.1, which has merge keys (<<).
    document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      merge: true,
      logLevel: 'error',
    });
    addUnknownAnchors(document);
    value = document.errors.length === 0 ? document.toJS({ maxAliasCount: 100 }) : undefined;
  } catch {
    return broken(
      'this cannot be read as YAML',
      'look for very deep nesting, or anchors that repeat each other',
    );
  }
  return {
    value,
    syntaxProblems: describeErrors(document).map(([offset, message, hint]) => ({
      ...placeOf(offset),
      message,
      ...(hint === undefined ? {} : { hint }),
    })),
    locate: (path, part) => placeOf(offsetOf(document, path, part)),
  };
}

/** One problem for a place: whatever is open at the end of a file is reported there once for each level. */
function describeErrors(document: Document.Parsed): [offset: number, message: string, hint?: string][] {
  const exhausted = document.errors.filter(({ code }) => code === 'RESOURCE_EXHAUSTION').slice(0, 1);
  const errors = exhausted.length > 0 ? exhausted : document.errors;
  const first = new Map(errors.toReversed().map((error) => [error.pos[0], error]));
  return [...first]
    .toSorted(([a], [b]) => a - b)
    .slice(0, MAX_SYNTAX_PROBLEMS)
    .map(([offset, { code }]) => [offset, ...(MESSAGES[code] ?? OTHER_MESSAGE)]);
}

/** The library finds these only when it resolves them, and then without a place. */
function addUnknownAnchors(document: Document.Parsed): void {
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return;
      const [start, end] = alias.range ?? [0, 0];
      document.errors.push(new YAMLParseError([start, end], 'BAD_ALIAS', ''));
    },
  });
}

function offsetOf(document: Document.Parsed, path: ConfigPath, part: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    let key: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      key = pair?.key;
      node = pair?.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
    } else {
      return offset;
    }
    const last = depth === path.length - 1;
    const found = last && part === 'key' ? (startOf(key) ?? startOf(node)) : (startOf(node) ?? startOf(key));
    if (found === undefined) return offset;
    offset = found;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
