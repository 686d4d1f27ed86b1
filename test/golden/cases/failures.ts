// What goes wrong: errors in place of an answer, streams that are cut or fail midway.

import { VENDORS } from '../../vendors/vendors.ts';
import { type GoldenCase, NO_WORDS, type ProviderAnswer } from '../golden-case.ts';
import { each, streamOf, TEXT } from './replies.ts';

const google = (code: number, status: string, message: string, ...details: object[]): object => ({
  error: { code, message, status, ...(details.length === 0 ? {} : { details }) },
});
const openai = (message: string, type: string, code: string | null, param: string | null = null): object => ({
  error: { message, type, param, code },
});
const anthropic = (type: string, message: string): object => ({
  type: 'error',
  error: { type, message },
  request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy',
});
const aws = (status: number, kind: string, message: string): ProviderAnswer => ({
  status,
  headers: { 'x-amzn-errortype': `${kind}:http://internal.amazon.com/coral/com.amazon.bedrock/` },
  body: { message },
});
const retry = { 'retry-after': '7' };

export const rateLimited: GoldenCase = {
  name: 'rate-limited',
  answers: {
    'openai-chat': {
      status: 429,
      headers: retry,
      body: openai('Rate limit reached for gpt-5.1 on requests per min.', 'requests', 'rate_limit_exceeded'),
    },
    'openai-responses': {
      status: 429,
      headers: retry,
      body: openai('Rate limit reached for gpt-5-mini on tokens per min.', 'tokens', 'rate_limit_exceeded'),
    },
    'anthropic-messages': {
      status: 429,
      headers: retry,
      body: anthropic('rate_limit_error', "This request would exceed your account's rate limit."),
    },
    gemini: {
      status: 429,
      body: google(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.', {
        '@type': 'type.googleapis.com/google.rpc.RetryInfo',
        retryDelay: '7s',
      }),
    },
    'bedrock-converse': aws(
      429,
      'ThrottlingException',
      'Too many requests, please wait before trying again.',
    ),
  },
};

export const quotaSpent: GoldenCase = {
  name: 'quota-spent',
  answers: {
    'openai-chat': {
      status: 429,
      body: openai('You exceeded your current quota.', 'insufficient_quota', 'insufficient_quota'),
    },
    'openai-responses': {
      status: 429,
      body: openai('You exceeded your current quota.', 'insufficient_quota', 'insufficient_quota'),
    },
    'anthropic-messages': {
      status: 400,
      body: anthropic('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
    },
    gemini: NO_WORDS,
    'bedrock-converse': aws(400, 'ServiceQuotaExceededException', 'Your request exceeds the service quota.'),
  },
};

/** No client learns anything of the gateway's key. */
export const wrongKey: GoldenCase = {
  name: 'wrong-key',
  answers: {
    'openai-chat': {
      status: 401,
      body: openai(
        'Incorrect API key provided: sk-proj-***9fA3.',
        'invalid_request_error',
        'invalid_api_key',
      ),
    },
    'openai-responses': {
      status: 401,
      body: openai(
        'Incorrect API key provided: sk-proj-***9fA3.',
        'invalid_request_error',
        'invalid_api_key',
      ),
    },
    'anthropic-messages': { status: 401, body: anthropic('authentication_error', 'invalid x-api-key') },
    gemini: {
      status: 400,
      body: google(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'API_KEY_INVALID',
        domain: 'googleapis.com',
      }),
    },
    'bedrock-converse': aws(
      403,
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ),
  },
};

export const overloaded: GoldenCase = {
  name: 'overloaded',
  answers: {
    'openai-chat': {
      status: 503,
      body: openai('The engine is currently overloaded.', 'service_unavailable_error', 'slow_down'),
    },
    'openai-responses': {
      status: 503,
      body: openai(
        'Our servers are currently overloaded.',
        'service_unavailable_error',
        'server_is_overloaded',
      ),
    },
    'anthropic-messages': { status: 529, body: anthropic('overloaded_error', 'Overloaded') },
    gemini: { status: 503, body: google(503, 'UNAVAILABLE', 'The model is overloaded.') },
    'bedrock-converse': aws(503, 'ServiceUnavailableException', 'Bedrock is unable to process your request.'),
  },
};

export const contextTooLong: GoldenCase = {
  name: 'context-too-long',
  answers: {
    'openai-chat': {
      status: 400,
      body: openai(
        "This model's maximum context length is 128000 tokens. However, your messages resulted in 130001 tokens.",
        'invalid_request_error',
        'context_length_exceeded',
        'messages',
      ),
    },
    'openai-responses': {
      status: 400,
      body: openai(
        'Your input exceeds the context window of this model.',
        'invalid_request_error',
        'context_length_exceeded',
        'input',
      ),
    },
    'anthropic-messages': {
      status: 400,
      body: anthropic('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
    },
    gemini: {
      status: 400,
      body: google(
        400,
        'INVALID_ARGUMENT',
        'The input token count (1100000) exceeds the maximum number of tokens allowed (1048576).',
      ),
    },
    'bedrock-converse': aws(400, 'ValidationException', 'Input is too long for requested model.'),
  },
};

/** Not of the vendor at all: a proxy's page in between. */
export const proxyPage: GoldenCase = {
  name: 'proxy-page',
  answers: each(() => ({
    status: 502,
    headers: { 'content-type': 'text/html' },
    body: '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>',
  })),
};

/** In the middle of an event. */
export const cutStream: GoldenCase = {
  name: 'cut-stream',
  streams: each((vendor) => {
    const pieces = streamOf(vendor, TEXT);
    const half = Math.ceil(pieces.length / 2);
    const last = pieces[half] ?? Buffer.alloc(0);
    return [...pieces.slice(0, half), last.subarray(0, last.length - 9)];
  }),
};

export const failedStream: GoldenCase = {
  name: 'failed-stream',
  streams: Object.fromEntries(
    VENDORS.map((vendor) => {
      const failure = vendor.streamFailure('overloaded');
      const pieces = streamOf(vendor, TEXT);
      return [
        vendor.dialect,
        failure === undefined ? NO_WORDS : [...pieces.slice(0, Math.ceil(pieces.length / 2)), failure.bytes],
      ];
    }),
  ) as Required<GoldenCase>['streams'],
};
