// What is asked of a router in an evaluation, and how tasks are drawn from a labelled set. Called by evaluate-routing.ts
// and the set loaders; draws depend on nothing but the seed.

import type { Route } from '../../src/contract/route.ts';
import type { Turn } from '../../src/conversation/turn.ts';
import type { RoutingTask } from '../../src/evaluate/task-file.ts';

export interface TaskSet {
  readonly title: string;
  readonly tasks: readonly RoutingTask[];
}

export interface LabelledPrompt {
  readonly turns: readonly Turn[];
  readonly intent: string;
}

/** Uniform numbers in [0, 1). */
export type Random = () => number;

/** Mulberry32: small, and the same on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: Random, from: readonly T[]): T {
  const chosen = from[Math.floor(random() * from.length)];
  if (chosen === undefined) throw new RangeError('nothing to pick from');
  return chosen;
}

/** `count` different elements in random order; all of them where there are fewer. */
export function sample<T>(random: Random, from: readonly T[], count: number): T[] {
  const rest = [...from];
  const chosen: T[] = [];
  while (chosen.length < count && rest.length > 0) {
    chosen.push(...rest.splice(Math.floor(random() * rest.length), 1));
  }
  return chosen;
}

export interface DrawOptions {
  readonly prompts: readonly LabelledPrompt[];
  readonly intents: readonly string[];
  /** Whether a prompt of the first intent may also belong to the second; such pairs never meet in one task. */
  readonly overlaps: (intent: string, other: string) => boolean;
  readonly routeOf: (intent: string, random: Random) => Route;
  readonly count: number;
  readonly random: Random;
}

/** Tasks of 5 to 10 random intents; every fifth lacks the prompt's own. */
export function drawTasks(options: DrawOptions): RoutingTask[] {
  const { prompts, intents, overlaps, routeOf, count, random } = options;
  const tasks: RoutingTask[] = [];
  for (let index = 0; index < count; index++) {
    const prompt = pick(random, prompts);
    const others = intents.filter((other) => other !== prompt.intent && !overlaps(prompt.intent, other));
    const size = 5 + Math.floor(random() * 6);
    const answerable = index % 5 !== 4;
    const chosen = sample(random, others, answerable ? size - 1 : size);
    if (answerable) chosen.splice(Math.floor(random() * size), 0, prompt.intent);
    const routes = chosen.map((intent) => routeOf(intent, random));
    const expected = routes[chosen.indexOf(prompt.intent)]?.name ?? null;
    tasks.push({ routes, turns: prompt.turns, expected });
  }
  return tasks;
}
