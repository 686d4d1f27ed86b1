// Remembers what an engine answered: the same routes and the same conversation tail get the same answer. Called by
// engine-stage.ts; failures never come here. Bounded by entries and by the size of an entry. One per worker.

import { hash } from 'node:crypto';
import { keepTurns } from './arch-router/keep-turns.ts';
import { readableText } from './embedded/select-text.ts';
import type { EngineName, RouterAnswer, RouterQuestion } from './intent-router.ts';

/** A question's identity, as short as a digest. */
export type QuestionKey = string;

/** An answer over an inline policy of thousands of routes would make an entry of megabytes. */
const LARGEST_ANSWER_UNITS = 16_384;
const UNITS_PER_SCORE = 16;

/**
 * Equal only for questions that no router can tell apart: same routes, same turns within the budget of Arch-Router's
 * prompt, same text within the reach of the embedded router. The routes' id is data of any form, so it is digested
 * together with the turns as one JSON text.
 */
export function questionKey(question: RouterQuestion): QuestionKey {
  const turns = keepTurns(question.turns).map(({ role, text }) => [role, text]);
  const identity = [question.routesId, turns, readableText(question.turns)];
  return hash('sha256', JSON.stringify(identity), 'base64url');
}

export class DecisionCache {
  readonly #entries = new Map<string, RouterAnswer>();
  readonly #mostEntries: number;

  /** `mostEntries` 0 turns it off. */
  constructor(mostEntries: number) {
    this.#mostEntries = mostEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(engine: EngineName, key: QuestionKey): RouterAnswer | undefined {
    const id = `${engine} ${key}`;
    const answer = this.#entries.get(id);
    if (answer !== undefined) {
      // A map keeps the order of insertion: what was used last goes to the end.
      this.#entries.delete(id);
      this.#entries.set(id, answer);
    }
    return answer;
  }

  set(engine: EngineName, key: QuestionKey, answer: RouterAnswer): void {
    if (this.#mostEntries <= 0 || sizeOf(answer) > LARGEST_ANSWER_UNITS) return;
    const id = `${engine} ${key}`;
    this.#entries.delete(id);
    this.#entries.set(id, answer);
    if (this.#entries.size <= this.#mostEntries) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      break;
    }
  }
}

function sizeOf(answer: RouterAnswer): number {
  let units = answer.route?.length ?? 0;
  for (const score of answer.scores) units += score.route.length + UNITS_PER_SCORE;
  return units;
}
