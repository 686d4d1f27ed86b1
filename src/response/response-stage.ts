// The response stage: the answer to a first attempt that went out in another dialect. Its translation was planned with the
// request; nothing else is known here.

import type { AnswerReader, Kept, ResponseStage } from '../contract/exchange.ts';
import { TRANSLATION_MEMBER } from '../contract/owned-headers.ts';
import { type AnswerReaderParts, createAnswerReader } from '../translate/answer-reader.ts';
import { readTranslation } from '../translate/translation.ts';

const PASS: AnswerReader = () => ({ type: 'pass' });

export function createResponseStage(parts: AnswerReaderParts): ResponseStage {
  return {
    reader({ metadata }: Kept): AnswerReader {
      const text = metadata[TRANSLATION_MEMBER];
      return text === undefined ? PASS : createAnswerReader(readTranslation(text), parts);
    },
  };
}
