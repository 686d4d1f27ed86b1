// The context of the answers in these tests.

import type { AnswerContext } from '../../../../src/dialects/answer-context.ts';

export const CONTEXT: AnswerContext = {
  seed: '0123456789abcdef01234567',
  created: 1_700_000_000,
  model: 'asked',
  stream: false,
  memo: {},
};
