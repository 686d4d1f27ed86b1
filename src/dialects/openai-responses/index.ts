import type { ClientDialectModule } from '../client-dialect.ts';
import type { ProviderDialectModule } from '../provider-dialect.ts';
import { checkRequest, readTurns } from './check-request.ts';
import { decodeAnswer } from './decode-answer.ts';
import { decodeRequest } from './decode-request.ts';
import { ResponsesStreamDecoder } from './decode-stream.ts';
import { encodeAnswer } from './encode-answer.ts';
import { encodeRequest } from './encode-request.ts';
import { ResponsesStreamEncoder } from './encode-stream.ts';
import { decodeError, encodeError, encodeProviderError } from './errors.ts';

import { fitHistory, historyMarks } from './fit-history.ts';
import { resumption } from './resumption.ts';

const NAMES: Readonly<Record<string, string>> = {
  max_tokens: 'max_output_tokens',
  response_format: 'text.format',
  reasoning_effort: 'reasoning.effort',
  thinking: 'reasoning',
  messages: 'input',
};

export const openaiResponses: ClientDialectModule & ProviderDialectModule = {
  dialect: 'openai-responses',
  names: NAMES,
  checkRequest,
  readTurns,
  resumption,
  decodeRequest,
  historyMarks,
  fitHistory,
  encodeRequest,
  decodeAnswer,
  encodeAnswer,
  createStreamDecoder: () => new ResponsesStreamDecoder(),
  createStreamEncoder: (context) => new ResponsesStreamEncoder(context),
  encodeError,
  encodeProviderError,
  decodeError,
};
