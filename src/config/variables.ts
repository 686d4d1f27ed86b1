// `$VAR` and `${VAR}` in the values of a configuration. `$$` is a dollar sign; a dollar before anything else stays as it
// is. Pure: the environment is passed in.

import type { ConfigPath } from './config-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

interface UnsetVariable {
  readonly path: ConfigPath;
  /** Undefined where the braces hold no name. */
  readonly variable: string | undefined;
  /** True where the closing brace is missing. */
  readonly open?: true;
}

export interface Resolved {
  /** A copy; texts with unset variables are left as they were written. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly unset: readonly UnsetVariable[];
  /** True where the value at this path came from a variable, and so must not be printed. */
  isSecret(path: ConfigPath): boolean;
}

/** Deeper files are not configurations; it also ends values that hold themselves. */
const MAX_DEPTH = 50;

/**
 * Resolves every text but those below the keys in `untouched`, given by their dotted path. An empty variable counts as unset. Throws
 * RangeError where values are nested deeper than 50 levels.
 */
export function resolveVariables(
  value: Readonly<Record<string, unknown>>,
  env: Environment,
  untouched: ReadonlySet<string>,
): Resolved {
  const unset: UnsetVariable[] = [];
  const secrets = new Set<string>();

  const resolveText = (text: string, path: ConfigPath): string => {
    let failed = false;
    const resolved = text.replace(
      /\$\$|\$\{([^}]*)(\}?)|\$([A-Za-z_]\w*)/g,
      (match, braced: string | undefined, end: string | undefined, bare: string | undefined) => {
        if (match === '$$') return '$';
        if (end === '') {
          failed = true;
          unset.push({ path, variable: undefined, open: true });
          return match;
        }
        const name = braced ?? bare ?? '';
        const known = /^[A-Za-z_]\w*$/.test(name);
        const found = known && Object.hasOwn(env, name) ? env[name] : undefined;
        if (found === undefined || found.trim() === '') {
          failed = true;
          unset.push({ path, variable: known ? name : undefined });
          return match;
        }
        secrets.add(JSON.stringify(path));
        return found;
      },
    );
    return failed ? text : resolved;
  };

  const resolve = (current: unknown, path: ConfigPath): unknown => {
    if (untouched.has(path.join('.'))) return current;
    if (path.length > MAX_DEPTH) throw new RangeError('nested too deeply');
    if (typeof current === 'string') return resolveText(current, path);
    if (Array.isArray(current)) return current.map((item, index) => resolve(item, [...path, index]));
    if (typeof current !== 'object' || current === null) return current;
    return mapValues(current, (item, key) => resolve(item, [...path, key]));
  };

  return {
    value: mapValues(value, (item, key) => resolve(item, [key])),
    unset,
    isSecret: (path) => secrets.has(JSON.stringify(path)),
  };
}

function mapValues(
  object: object,
  change: (item: unknown, key: string) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, change(item, key)]));
}
