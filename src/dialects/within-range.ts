// Sampling settings have other ranges at other vendors: what is outside of one is moved to its edge, and the client told.

import type { Warning } from '../conversation/warning.ts';

export function withinRange(
  param: string,
  value: number | undefined,
  least: number,
  most: number,
  warnings: Warning[],
): number | undefined {
  if (value === undefined) return undefined;
  if (value < least) warnings.push({ param, message: `raised to ${least}` });
  else if (value > most) warnings.push({ param, message: `lowered to ${most}` });
  return Math.min(most, Math.max(least, value));
}
