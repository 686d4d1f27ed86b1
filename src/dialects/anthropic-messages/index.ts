import type { ClientDialectModule } from '../client-dialect.ts';
import type { ProviderDialectModule } from '../provider-dialect.ts';
import { checkRequest, readTurns } from './check-request.ts';
import { decodeAnswer } from './decode-answer.ts';
import { decodeRequest } from './decode-request.ts';
import { MessagesStreamDecoder } from './decode-stream.ts';
import { encodeAnswer } from './encode-answer.ts';
import { encodeRequest } from './encode-request.ts';
import { MessagesStreamEncoder } from './encode-stream.ts';
import { decodeError, encodeError, encodeProviderError } from './errors.ts';
import { fitHistory, historyMarks } from './fit-history.ts';

const NAMES: Readonly<Record<string, string>> = {
  stop: 'stop_sequences',
  user: 'metadata.user_id',
  response_format: 'output_config.format',
  parallel_tool_calls: 'tool_choice.disable_parallel_tool_use',
  reasoning: 'thinking',
  reasoning_effort: 'thinking',
};

export const anthropicMessages: ClientDialectModule & ProviderDialectModule = {
  dialect: 'anthropic-messages',
  names: NAMES,
  checkRequest,
  readTurns,
  decodeRequest,
  historyMarks,
  fitHistory,
  encodeRequest,
  decodeAnswer,
  encodeAnswer,
  createStreamDecoder: () => new MessagesStreamDecoder(),
  createStreamEncoder: (context) => new MessagesStreamEncoder(context),
  encodeError,
  encodeProviderError,
  decodeError,
};
