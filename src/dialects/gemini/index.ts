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

const NAMES: Readonly<Record<string, string>> = {
  messages: 'contents',
  tools: 'tools',
  tool_choice: 'toolConfig.functionCallingConfig',
  max_tokens: 'generationConfig.maxOutputTokens',
  temperature: 'generationConfig.temperature',
  top_p: 'generationConfig.topP',
  top_k: 'generationConfig.topK',
  n: 'generationConfig.candidateCount',
  stop: 'generationConfig.stopSequences',
  seed: 'generationConfig.seed',
  presence_penalty: 'generationConfig.presencePenalty',
  frequency_penalty: 'generationConfig.frequencyPenalty',
  logprobs: 'generationConfig.responseLogprobs',
  top_logprobs: 'generationConfig.logprobs',
  response_format: 'generationConfig.responseMimeType',
  reasoning: 'generationConfig.thinkingConfig',
  reasoning_effort: 'generationConfig.thinkingConfig',
  thinking: 'generationConfig.thinkingConfig',
  metadata: 'labels',
  service_tier: 'serviceTier',
};

export const gemini: ClientDialectModule & ProviderDialectModule = {
  dialect: 'gemini',
  names: NAMES,
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
