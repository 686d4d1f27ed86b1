// Times decisions of the embedded router for prompts of four lengths, with routes that it has seen. Called by
// evaluate-routing.ts --latency, in a process that does nothing else.

import type { Route } from '../../src/contract/route.ts';
import type { IntentRouter } from '../../src/decide/intent-router.ts';

const SUBJECTS = 'billing shipping returns coding writing travel cooking sports weather history'.split(' ');
const ROUTES: readonly Route[] = SUBJECTS.map((name) => ({
  name,
  description: `questions and requests about ${name}`,
  examples: [],
}));

/** Tokens before the encoder cuts them, with its two marks. */
const PROMPTS: readonly (readonly [tokens: number, text: string])[] = [
  [6, 'where is my order'],
  [13, 'write a short letter to my bank about the late fee'],
  [112, `please explain the following: ${'one two three four five '.repeat(21)}`],
  [4008, `please explain the following: ${'one two three four five '.repeat(800)}`],
];

export interface LatencyRow {
  readonly tokens: number;
  /** Milliseconds. */
  readonly median: number;
  readonly p95: number;
}

export async function measureLatency(router: IntentRouter, rounds: number): Promise<LatencyRow[]> {
  const rows: LatencyRow[] = [];
  for (const [tokens, text] of PROMPTS) {
    const question = { routes: ROUTES, routesId: 'latency', turns: [{ role: 'user' as const, text }] };
    const times: number[] = [];
    for (let round = -20; round < rounds; round++) {
      const begin = performance.now();
      await router.decide(question, AbortSignal.timeout(10_000));
      if (round >= 0) times.push(performance.now() - begin);
    }
    times.sort((left, right) => left - right);
    const at = (share: number): number => times[Math.floor(share * (times.length - 1))] ?? Number.NaN;
    rows.push({ tokens, median: at(0.5), p95: at(0.95) });
  }
  return rows;
}
