// AWS Bedrock's Converse. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html

import { showsThoughts } from '../claude-models.ts';
import { countOf, type Scene } from '../reply.ts';
import { FAILURE_TEXT, type Failure, type Vendor } from '../vendor.ts';
import type { BedrockConverseRequest } from '../wire-types.ts';
import { findBreaches } from './breaches.ts';
import { encodeFrame } from './event-stream.ts';
import { streamReply, wordReply } from './wording.ts';

const FAILURES: Readonly<Record<Failure, { readonly status: number; readonly name: string }>> = {
  invalid: { status: 400, name: 'ValidationException' },
  authentication: { status: 403, name: 'UnrecognizedClientException' },
  'rate-limited': { status: 429, name: 'ThrottlingException' },
  internal: { status: 500, name: 'InternalServerException' },
  overloaded: { status: 503, name: 'ServiceUnavailableException' },
};

export const bedrockConverse: Vendor = {
  dialect: 'bedrock-converse',
  schemas: {
    request: 'BedrockConverseRequest',
    answer: 'BedrockConverseAnswer',
    event: 'BedrockConverseEvent',
  },
  model: 'us.anthropic.claude-opus-4-5-20251101-v1:0',
  laterModel: 'global.anthropic.claude-opus-4-7-v1',
  // Of a Bedrock API key; without one requests are signed.
  credentials: { authorization: 'Bearer ' },
  streamType: 'application/vnd.amazon.eventstream',
  path: (model, stream) => `/model/${encodeURIComponent(model)}/${stream ? 'converse-stream' : 'converse'}`,
  findBreaches,
  readScene: (body, path) => readScene(body as BedrockConverseRequest, path),
  wordReply,
  streamReply,
  wordFailure: (failure) => ({
    status: FAILURES[failure].status,
    body: { message: FAILURE_TEXT[failure] },
    headers: {
      'x-amzn-errortype': `${FAILURES[failure].name}:http://internal.amazon.com/coral/com.amazon.bedrock/`,
      ...(failure === 'rate-limited' ? { 'retry-after': '7' } : {}),
    },
  }),
  streamFailure: (failure) => {
    const name = FAILURES[failure].name.replace(/^./, (letter) => letter.toLowerCase());
    const headers = {
      ':exception-type': name,
      ':content-type': 'application/json',
      ':message-type': 'exception',
    };
    return { bytes: encodeFrame(headers, JSON.stringify({ message: FAILURE_TEXT[failure] })) };
  },
};

function readScene(body: BedrockConverseRequest, path: string): Scene {
  const [, model = '', operation = ''] = /\/model\/([^/]+)\/([\w-]+)/.exec(path) ?? [];
  const offered = (body.toolConfig?.tools ?? []).flatMap(({ toolSpec }) => toolSpec?.name ?? []);
  const forced = body.toolConfig?.toolChoice?.tool?.name;
  const last = body.messages?.at(-1)?.content ?? [];
  const { thinking } = (body.additionalModelRequestFields ?? {}) as {
    readonly thinking?: { readonly type?: string; readonly display?: string };
  };
  return {
    model: decodeURIComponent(model),
    stream: operation === 'converse-stream',
    tools: forced === undefined ? offered : [forced],
    oneCall: false,
    results: last.filter(({ toolResult }) => toolResult !== undefined).length,
    allResults: countOf(/"toolResult":/g, body),
    hasImage: /"image":\{/.test(JSON.stringify(body.messages)),
    hasDocument: /"document":\{/.test(JSON.stringify(body.messages)),
    limit: body.inferenceConfig?.maxTokens,
    wantsJson: body.outputConfig?.textFormat !== undefined,
    thinks: thinking !== undefined && thinking.type !== 'disabled',
    showsThoughts: showsThoughts(model, thinking),
    signsThoughts: true,
    countsTokens: true,
  };
}
