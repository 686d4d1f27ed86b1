import type { ClientDialectModule } from '../client-dialect.ts';
import type { ProviderDialectModule } from '../provider-dialect.ts';
import { checkRequest, readTurns } from './check-request.ts';
import { decodeAnswer } from './decode-answer.ts';
import { decodeRequest } from './decode-request.ts';
import { GeminiStreamDecoder } from './decode-stream.ts';
import { encodeAnswer } from './encode-answer.ts';
import { encodeRequest } from './encode-request.ts';
import { GeminiStreamEncoder } from './encode-stream.ts';
import { decodeError, encodeError, encodeProviderError } from './errors.ts';
import { fitHistory, historyMarks } from './fit-history.ts';

export const gemini: ClientDialectModule & ProviderDialectModule = {
  dialect: 'gemini',
  streamQuery: 'alt=sse',
  checkRequest,
  readTurns,
  decodeRequest,
  historyMarks,
  fitHistory,
  encodeRequest,
  decodeAnswer,
  encodeAnswer,
  createStreamDecoder: (context) => new GeminiStreamDecoder(context),
  createStreamEncoder: (context) => new GeminiStreamEncoder(context),
  encodeError,
  encodeProviderError,
  decodeError,
};
