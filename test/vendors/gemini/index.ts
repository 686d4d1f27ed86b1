// Google's Gemini API. https://ai.google.dev/api/generate-content

import { countOf, type Scene } from '../reply.ts';
import { FAILURE_TEXT, type Failure, sseEvent, type Vendor } from '../vendor.ts';
import type { GeminiRequest } from '../wire-types.ts';
import { findBreaches } from './breaches.ts';
import { streamReply, wordReply } from './wording.ts';

/** https://ai.google.dev/gemini-api/docs/troubleshooting */
const FAILURES: Readonly<
  Record<Failure, { readonly status: number; readonly name: string; readonly details?: readonly object[] }>
> = {
  invalid: { status: 400, name: 'INVALID_ARGUMENT' },
  authentication: {
    status: 400,
    name: 'INVALID_ARGUMENT',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'API_KEY_INVALID',
        domain: 'googleapis.com',
        metadata: { service: 'generativelanguage.googleapis.com' },
      },
    ],
  },
  'rate-limited': {
    status: 429,
    name: 'RESOURCE_EXHAUSTED',
    details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' }],
  },
  internal: { status: 500, name: 'INTERNAL' },
  overloaded: { status: 503, name: 'UNAVAILABLE' },
};

function errorBody(failure: Failure): object {
  const { status, name, details } = FAILURES[failure];
  return {
    error: {
      code: status,
      message: FAILURE_TEXT[failure],
      status: name,
      ...(details === undefined ? {} : { details }),
    },
  };
}

export const gemini: Vendor = {
  dialect: 'gemini',
  schemas: { request: 'GeminiRequest', answer: 'GeminiAnswer', event: 'GeminiEvent' },
  model: 'gemini-2.5-pro',
  laterModel: 'gemini-3-pro-preview',
  credentials: { 'x-goog-api-key': '' },
  streamType: 'text/event-stream',
  path: (model, stream) =>
    `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  findBreaches,
  readScene: (body, path) => readScene(body as GeminiRequest, path),
  wordReply,
  streamReply,
  wordFailure: (failure) => ({
    status: FAILURES[failure].status,
    body: errorBody(failure),
    ...(failure === 'rate-limited' ? { headers: { 'retry-after': '7' } } : {}),
  }),
  streamFailure: (failure) => sseEvent(errorBody(failure)),
};

function readScene(body: GeminiRequest, path: string): Scene {
  const [, model = '', operation = ''] = /\/models\/([^:/?]+):(\w+)/.exec(path) ?? [];
  const offered = (body.tools ?? []).flatMap(({ functionDeclarations = [] }) =>
    functionDeclarations.map(({ name = '' }) => name),
  );
  const { mode, allowedFunctionNames } = body.toolConfig?.functionCallingConfig ?? {};
  const { thinkingConfig, responseMimeType, maxOutputTokens } = body.generationConfig ?? {};
  const last = body.contents.at(-1)?.parts ?? [];
  return {
    model,
    stream: operation === 'streamGenerateContent',
    tools: mode === 'NONE' ? [] : (allowedFunctionNames ?? offered),
    oneCall: false,
    results: last.filter(({ functionResponse }) => functionResponse !== undefined).length,
    allResults: countOf(/"functionResponse":/g, body),
    hasImage: /"mimeType":"image\//.test(JSON.stringify(body.contents)),
    hasDocument: /"mimeType":"application\//.test(JSON.stringify(body.contents)),
    limit: maxOutputTokens,
    wantsJson: responseMimeType === 'application/json',
    thinks: thinkingConfig !== undefined && thinkingConfig.thinkingBudget !== 0,
    showsThoughts: thinkingConfig?.includeThoughts === true,
    signsThoughts: true,
    countsTokens: true,
  };
}
