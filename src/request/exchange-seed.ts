// Ids for what providers leave without one, different for every exchange.

import { randomBytes } from 'node:crypto';

/** 24 hexadecimal digits per seed. */
const DIGITS = 24;
/** Drawn at once: one system call costs more than the digits. */
const SEEDS = 256;

/** Gives 24 new hexadecimal digits at every call. */
export function createSeeds(): () => string {
  let pool = '';
  let at = 0;
  return () => {
    if (at >= pool.length) {
      pool = randomBytes((DIGITS / 2) * SEEDS).toString('hex');
      at = 0;
    }
    at += DIGITS;
    return pool.slice(at - DIGITS, at);
  };
}
