// Why an answer ended: https://ai.google.dev/api/generate-content#FinishReason

import type { FinishReason } from '../../conversation/answer.ts';

const NEUTRAL: Readonly<Record<string, FinishReason>> = {
  STOP: 'stop',
  FINISH_REASON_UNSPECIFIED: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  IMAGE_SAFETY: 'content-filter',
  IMAGE_PROHIBITED_CONTENT: 'content-filter',
  IMAGE_RECITATION: 'content-filter',
  MODEL_ARMOR: 'content-filter',
  CONTINUATION: 'pause',
};

const WIRE: Readonly<Record<FinishReason, string>> = {
  stop: 'STOP',
  'stop-sequence': 'STOP',
  'tool-calls': 'STOP',
  length: 'MAX_TOKENS',
  'context-length': 'MAX_TOKENS',
  'content-filter': 'SAFETY',
  refusal: 'SAFETY',
  pause: 'OTHER',
  error: 'OTHER',
};

/** Gemini has no reason of its own for calls; all that is not listed is a failure (MALFORMED_FUNCTION_CALL, OTHER, …). */
export function decodeFinish(reason: string, hasCalls: boolean): FinishReason {
  const neutral = Object.hasOwn(NEUTRAL, reason) ? NEUTRAL[reason] : undefined;
  return neutral === 'stop' && hasCalls ? 'tool-calls' : (neutral ?? 'error');
}

export function encodeFinish(reason: FinishReason): string {
  return WIRE[reason];
}
