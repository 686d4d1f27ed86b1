// Durations (`300s`, `100ms`) and sizes (`50MB`) as people write them. Used by the schema and by what prints them.

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const BYTES: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** Milliseconds, whole; undefined where the text is not a number with one of the units ms, s, m and h. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(text.trim());
  return match === null
    ? undefined
    : Math.round(Number(match[1]) * (MILLISECONDS[match[2] ?? ''] ?? Number.NaN));
}

/** Bytes, whole. `KB`, `KiB` and `K` are 1024. Undefined where the text is not a number with a unit of size. */
export function parseByteSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)(i?b)?$/i.exec(text.trim());
  if (match === null) return undefined;
  const unit = `${match[2] ?? ''}b`.toLowerCase();
  return Math.round(Number(match[1]) * (BYTES[unit] ?? Number.NaN));
}

export function formatDuration(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}

export function formatByteSize(bytes: number): string {
  for (const [unit, size] of [
    ['GB', BYTES['gb'] ?? 1],
    ['MB', BYTES['mb'] ?? 1],
    ['KB', BYTES['kb'] ?? 1],
  ] as const) {
    if (bytes >= size && bytes % size === 0) return `${bytes / size} ${unit}`;
  }
  return `${bytes} bytes`;
}
