// Finds routes that a router can hardly tell apart, and a prompt that shows it. Called by `pointsman check`.

import type { Route } from '../contract/route.ts';
import type { Encoder } from '../decide/embedded/encoder.ts';
import { routeText } from '../decide/embedded/route-vectors.ts';
import type { IntentRouter } from '../decide/intent-router.ts';
import { routesIdOf } from '../decide/routes-id.ts';
import { resemblingPrompts } from './resembling-prompts.ts';

export interface Overlap {
  readonly first: string;
  readonly second: string;
  /** Cosine of the two routes' vectors. */
  readonly similarity: number;
  /** Undefined where none was found. */
  readonly between: BetweenPrompt | undefined;
}

/** A prompt for which both routes are likely. */
export interface BetweenPrompt {
  readonly prompt: string;
  readonly firstProbability: number;
  readonly secondProbability: number;
}

/**
 * Two descriptions of one route out of model/data/routes.tsv are at least this similar in three of four pairs, those of two
 * different routes in 1 of 4,000.
 */
const OVERLAP_LEVEL = 0.6;

const MOST_OVERLAPS = 10;
/** Prompts that the router is asked for each overlap, about 5 ms each. */
const MOST_PROMPTS = 40;
/** The less likely of the two routes is at least this likely, or the prompt does not fall between. */
const LEAST_PROBABILITY = 0.2;

export interface OverlapOptions {
  readonly encoder: Encoder;
  readonly router: IntentRouter;
  /** Where a prompt that falls between may be found, beside the two routes' own examples. */
  readonly prompts: readonly string[];
}

/** The most similar first. */
export async function findOverlaps(
  routes: readonly Route[],
  { encoder, router, prompts }: OverlapOptions,
): Promise<readonly Overlap[]> {
  const vectors: Float32Array[] = [];
  for (const route of routes) vectors.push(await encoder.encode({ text: routeText(route), context: '' }));
  const pairs = routes.flatMap((first, index) =>
    routes.slice(index + 1).map((second, offset) => ({
      first,
      second,
      similarity: dot(vectors[index], vectors[index + 1 + offset]),
    })),
  );
  const overlaps: Overlap[] = [];
  const close = pairs
    .filter(({ similarity }) => similarity >= OVERLAP_LEVEL)
    .sort((left, right) => right.similarity - left.similarity)
    .slice(0, MOST_OVERLAPS);
  for (const { first, second, similarity } of close) {
    const texts = [first, second].map(({ name, description }) => `${name} ${description}`);
    const candidates = [
      ...first.examples,
      ...second.examples,
      ...resemblingPrompts(prompts, texts, MOST_PROMPTS),
    ];
    const between = await findBetween(candidates, first.name, second.name, routes, router);
    overlaps.push({ first: first.name, second: second.name, similarity, between });
  }
  return overlaps;
}

/** The prompt for which the less likely of the two routes is the likeliest. */
async function findBetween(
  candidates: readonly string[],
  first: string,
  second: string,
  routes: readonly Route[],
  router: IntentRouter,
): Promise<BetweenPrompt | undefined> {
  let best: BetweenPrompt | undefined;
  let bestLesser = LEAST_PROBABILITY;
  const routesId = routesIdOf(routes);
  for (const prompt of new Set(candidates)) {
    const question = { routes, routesId, turns: [{ role: 'user', text: prompt }] } as const;
    const { scores } = await router.decide(question, new AbortController().signal);
    const probabilityOf = (name: string): number => scores.find(({ route }) => route === name)?.score ?? 0;
    const [firstProbability, secondProbability] = [probabilityOf(first), probabilityOf(second)];
    const lesser = Math.min(firstProbability, secondProbability);
    if (lesser < bestLesser) continue;
    best = { prompt, firstProbability, secondProbability };
    bestLesser = lesser;
  }
  return best;
}

function dot(left: Float32Array = new Float32Array(), right: Float32Array = new Float32Array()): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}
