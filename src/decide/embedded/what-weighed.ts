// Why the embedded router decided as it did: by how much each part of what was weighed carried the decision, and which
// examples were near. Called by `pointsman route --explain`, never on the request path.

import type { Route } from '../../contract/route.ts';
import { certaintyOf, type IntentRouter, type RouterAnswer, type RouterQuestion } from '../intent-router.ts';
import type { Encoder } from './encoder.ts';
import { selectText } from './select-text.ts';

export interface WeighedPart {
  readonly text: string;
  /** By how much the log-odds of the decision fall without it; below 0 where it spoke against the decision. */
  readonly weight: number;
}

export interface NearExample {
  readonly route: string;
  readonly example: string;
  /** Cosine with what was weighed. */
  readonly similarity: number;
}

/** More words than these are weighed by sentences, and more sentences not at all. */
const MOST_PARTS = 32;

/** The parts of the latest turn, the heaviest first; empty where there is only one or far too many. */
export async function whatWeighed(
  router: IntentRouter,
  question: RouterQuestion,
  answer: RouterAnswer,
  signal: AbortSignal,
): Promise<readonly WeighedPart[]> {
  const { text } = selectText(question.turns);
  const earlier = question.turns.slice(0, -1);
  const whole = logOdds(certaintyOf(answer));
  const parts = partsOf(text);
  const weighed: WeighedPart[] = [];
  for (const [index, part] of parts.entries()) {
    const rest = parts.filter((_, other) => other !== index).join(' ');
    const turns = [...earlier, { role: 'user', text: rest } as const];
    const without = await router.decide({ ...question, turns }, signal);
    weighed.push({ text: part, weight: whole - logOdds(certaintyOf({ ...without, route: answer.route })) });
  }
  return weighed.sort((left, right) => right.weight - left.weight);
}

/** Probabilities near 0 and 1 hardly move; their log-odds do. */
function logOdds(probability = 0): number {
  const bounded = Math.min(1 - 1e-9, Math.max(1e-9, probability));
  return Math.log(bounded / (1 - bounded));
}

function partsOf(text: string): readonly string[] {
  const words = text.trim().split(/\s+/);
  if (words.length === 1) return [];
  if (words.length <= MOST_PARTS) return words;
  const sentences = text
    .split(/(?<=[.!?。？！])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
  return sentences.length > 1 && sentences.length <= MOST_PARTS ? sentences : [];
}

/** The nearest of all routes' examples, the nearest first. */
export async function nearExamples(
  encoder: Encoder,
  { routes, turns }: Pick<RouterQuestion, 'turns'> & { readonly routes: readonly Route[] },
  count: number,
): Promise<readonly NearExample[]> {
  const query = await encoder.encode(selectText(turns));
  const near: NearExample[] = [];
  for (const { name, examples } of routes) {
    for (const example of examples) {
      const vector = await encoder.encode({ text: example, context: '' });
      const similarity = query.reduce((sum, value, index) => sum + value * (vector[index] ?? 0), 0);
      near.push({ route: name, example, similarity });
    }
  }
  return near.sort((left, right) => right.similarity - left.similarity).slice(0, count);
}
