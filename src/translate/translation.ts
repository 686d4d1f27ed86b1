// What the stages that read an answer have to know: between which dialects, and what the request said. It travels in Envoy's
// metadata as JSON, so that any worker can take it up.

import type { ClientDialect, Dialect } from '../contract/dialect.ts';
import type { AnswerContext } from '../dialects/answer-context.ts';

export interface Translation {
  readonly client: ClientDialect;
  readonly provider: Dialect;
  readonly context: AnswerContext;
}

export function writeTranslation(translation: Translation): string {
  return JSON.stringify(translation);
}

/** @param text what writeTranslation gave; nobody else writes there */
export function readTranslation(text: string): Translation {
  return JSON.parse(text) as Translation;
}
