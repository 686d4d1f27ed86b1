// From what the schema library objects to, to problems that say what to write instead. Knows no key by its meaning.

import * as z from 'zod';
import { closestName } from './closest-name.ts';
import type { ConfigPath } from './config-error.ts';
import type { ProblemList } from './problem-list.ts';

type Issue = z.core.$ZodIssue;

const HINTS: Readonly<Record<string, string>> = {
  model: 'write model: provider/model_id, such as openai/gpt-4o',
  models: 'list at least one, such as models: [openai/gpt-4o]',
  name: 'write name: and a short name',
  description: 'write description: and when this route fits',
  type: 'write type: model',
  port: 'write port: and a number',
};

/** Adds one problem per issue and removes unknown keys from `value`, so that the rest can still be checked. */
export function addSchemaProblems(
  problems: ProblemList,
  schema: z.ZodType,
  value: unknown,
  issues: readonly Issue[],
): void {
  for (const issue of issues) {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    if (issue.code === 'unrecognized_keys') {
      const holder = valueAt(value, path);
      for (const key of issue.keys) {
        addUnknownKey(problems, path, key, knownKeys(schema, path));
        if (typeof holder === 'object' && holder !== null) Reflect.deleteProperty(holder, key);
      }
    } else {
      const [message, hint] = describe(issue, valueAt(value, path), problems, path);
      problems.add(path, message, hint);
    }
  }
}

function addUnknownKey(problems: ProblemList, path: ConfigPath, key: string, known: readonly string[]): void {
  const meant = closestName(key, known);
  const hint = meant === undefined ? `known keys here: ${known.join(', ')}` : `did you mean ${meant}?`;
  problems.add([...path, key], 'unknown key', hint, 'key');
}

function describe(
  issue: Issue,
  value: unknown,
  problems: ProblemList,
  path: ConfigPath,
): readonly [message: string, hint?: string] {
  const key = String(path.findLast((step) => typeof step === 'string') ?? '');
  switch (issue.code) {
    case 'invalid_type': {
      if (value === undefined) return withHint('this key is missing', HINTS[key]);
      const found = typeName(value);
      const wanted = TYPE_NAMES[issue.expected] ?? issue.expected;
      const quoteIt = issue.expected === 'string' && (found === 'a number' || found === 'true or false');
      return [`expected ${wanted}, found ${found}`, quoteIt ? 'put it into quotes' : `write ${wanted}`];
    }
    case 'invalid_value': {
      if (value === undefined) return withHint('this key is missing', HINTS[key]);
      const allowed = issue.values.map(String);
      const meant = typeof value === 'string' ? closestName(value, allowed) : undefined;
      const found = typeof value === 'string' ? problems.quote(path, value) : typeName(value);
      return [
        `${found} is not possible here`,
        meant === undefined ? `write one of ${allowed.join(', ')}` : `did you mean ${meant}?`,
      ];
    }
    case 'too_small':
      if (issue.origin === 'number' || issue.origin === 'int') {
        return ['this number is too small', `write at least ${issue.minimum}`];
      }
      return withHint('this is empty', HINTS[key] ?? 'write a value or leave the key out');
    case 'too_big':
      return ['this number is too large', `write at most ${issue.maximum}`];
    case 'custom': {
      const [message = issue.message, hint] = issue.message.split('; ', 2);
      return withHint(message, hint);
    }
    default:
      return ['this value does not fit here'];
  }
}

function withHint(message: string, hint: string | undefined): readonly [string, string?] {
  return hint === undefined ? [message] : [message, hint];
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
  array: 'a list (lines that begin with -)',
};

function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : (TYPE_NAMES[typeof value] ?? typeof value);
}

function valueAt(value: unknown, path: ConfigPath): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}

function knownKeys(schema: z.ZodType, path: ConfigPath): readonly string[] {
  let current: unknown = schema;
  for (const step of path) {
    current = unwrap(current);
    if (current instanceof z.ZodArray) current = current.element;
    else if (current instanceof z.ZodRecord) current = current.valueType;
    else if (current instanceof z.ZodObject) current = current.shape[step];
  }
  current = unwrap(current);
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

function unwrap(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema;
}
