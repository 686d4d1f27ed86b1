// Anthropic's Messages. https://docs.claude.com/en/api/messages

import type { MessageCreateParams } from '@anthropic-ai/sdk/resources/messages';
import { showsThoughts } from '../claude-models.ts';
import { countOf, type Scene } from '../reply.ts';
import { FAILURE_TEXT, type Failure, sseEvent, type Vendor } from '../vendor.ts';
import { findBreaches } from './breaches.ts';
import { streamReply, wordReply } from './wording.ts';

/** https://docs.claude.com/en/api/errors */
const FAILURES: Readonly<
  Record<
    Failure,
    { readonly status: number; readonly type: string; readonly headers?: Record<string, string> }
  >
> = {
  invalid: { status: 400, type: 'invalid_request_error' },
  authentication: { status: 401, type: 'authentication_error' },
  'rate-limited': { status: 429, type: 'rate_limit_error', headers: { 'retry-after': '7' } },
  internal: { status: 500, type: 'api_error' },
  overloaded: { status: 529, type: 'overloaded_error' },
};

const errorBody = (failure: Failure): object => ({
  type: 'error',
  error: { type: FAILURES[failure].type, message: FAILURE_TEXT[failure] },
  request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy',
});

export const anthropicMessages: Vendor = {
  dialect: 'anthropic-messages',
  schemas: {
    request: 'AnthropicMessagesRequest',
    answer: 'AnthropicMessagesAnswer',
    event: 'AnthropicMessagesEvent',
  },
  model: 'claude-opus-4-5-20251101',
  laterModel: 'claude-opus-4-7',
  // Today's SDK sends it as a bearer token.
  credentials: { 'x-api-key': '', authorization: 'Bearer ' },
  streamType: 'text/event-stream; charset=utf-8',
  path: () => '/v1/messages',
  findBreaches,
  readScene: (body) => readScene(body as MessageCreateParams),
  wordReply,
  streamReply,
  wordFailure: (failure) => ({ ...FAILURES[failure], body: errorBody(failure) }),
  streamFailure: (failure) => sseEvent(errorBody(failure), 'error'),
};

function readScene(body: MessageCreateParams): Scene {
  const offered = (body.tools ?? []).flatMap((tool) => ('input_schema' in tool ? [tool.name] : []));
  const choice = body.tool_choice;
  const last = body.messages.at(-1)?.content;
  const results =
    typeof last === 'string' ? 0 : (last?.filter(({ type }) => type === 'tool_result').length ?? 0);
  return {
    model: body.model,
    stream: body.stream === true,
    tools: choice?.type === 'none' ? [] : choice?.type === 'tool' ? [choice.name] : offered,
    oneCall:
      choice !== undefined &&
      'disable_parallel_tool_use' in choice &&
      choice.disable_parallel_tool_use === true,
    results,
    allResults: countOf(/"type":"tool_result"/g, body),
    hasImage: JSON.stringify(body.messages).includes('"type":"image"'),
    hasDocument: JSON.stringify(body.messages).includes('"type":"document"'),
    limit: body.max_tokens,
    wantsJson: body.output_config?.format != null,
    thinks: body.thinking !== undefined && body.thinking.type !== 'disabled',
    // From Opus 4.7 on thoughts are shown on request only.
    showsThoughts: showsThoughts(body.model, body.thinking),
    signsThoughts: true,
    countsTokens: true,
  };
}
