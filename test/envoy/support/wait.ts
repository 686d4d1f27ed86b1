// Waiting for a condition instead of a time.

import { setTimeout as sleep } from 'node:timers/promises';

/** @throws where `condition` does not become true within `limitMs` */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 10_000,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await sleep(20);
  }
}
