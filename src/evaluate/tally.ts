// Right of how many, as people read it.

export interface Tally {
  readonly right: number;
  readonly of: number;
}

export function tallyOf<T>(items: readonly T[], isRight: (item: T) => boolean): Tally {
  return { right: items.filter(isRight).length, of: items.length };
}

/** `94.1 ±0.6 (1500)`: per cent, standard error, number of tasks. */
export function formatTally({ right, of }: Tally): string {
  if (of === 0) return '-';
  const share = right / of;
  const error = Math.sqrt((share * (1 - share)) / of);
  return `${(100 * share).toFixed(1)} ±${(100 * error).toFixed(1)} (${of})`;
}
