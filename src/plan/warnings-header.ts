// What a translation left out, in one header.

import type { Warning } from '../conversation/warning.ts';

/** Many proxies refuse headers beyond some kilobytes. */
const MOST_CHARACTERS = 1000;

/** `seed: not known to anthropic-messages; temperature: lowered to 1`; undefined for none. ASCII only. */
export function warningsHeader(warnings: readonly Warning[]): string | undefined {
  if (warnings.length === 0) return undefined;
  const text = warnings
    .map(({ param, message }) => `${param}: ${message}`)
    .join('; ')
    .replace(/[^\x20-\x7e]/g, '?');
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}...`;
}
