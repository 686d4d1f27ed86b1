import type { ClientDialectModule } from '../client-dialect.ts';
import type { ProviderDialectModule } from '../provider-dialect.ts';
import { checkRequest, readTurns } from './check-request.ts';
import { decodeAnswer } from './decode-answer.ts';
import { decodeRequest } from './decode-request.ts';
import { ChatStreamDecoder } from './decode-stream.ts';
import { encodeAnswer } from './encode-answer.ts';
import { encodeRequest } from './encode-request.ts';
import { ChatStreamEncoder } from './encode-stream.ts';
import { decodeError, encodeError, encodeProviderError } from './errors.ts';
import { fitHistory, historyMarks } from './fit-history.ts';

export const openaiChat: ClientDialectModule & ProviderDialectModule = {
  dialect: 'openai-chat',
  checkRequest,
  readTurns,
  decodeRequest,
  historyMarks,
  fitHistory,
  encodeRequest,
  decodeAnswer,
  encodeAnswer,
  createStreamDecoder: (context) => new ChatStreamDecoder(context),
  createStreamEncoder: (context) => new ChatStreamEncoder(context),
  encodeError,
  encodeProviderError,
  decodeError,
};
