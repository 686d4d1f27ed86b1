// OpenAI's Chat Completions. https://platform.openai.com/docs/api-reference/chat

import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import { OPENAI_FAILURES, openaiErrorBody } from '../openai-errors.ts';
import { countOf, type Scene } from '../reply.ts';
import { sseEvent, type Vendor } from '../vendor.ts';
import { findBreaches } from './breaches.ts';
import { streamReply, wordReply } from './wording.ts';

export const openaiChat: Vendor = {
  dialect: 'openai-chat',
  schemas: { request: 'OpenaiChatRequest', answer: 'OpenaiChatAnswer', event: 'OpenaiChatEvent' },
  model: 'gpt-5.1',
  laterModel: 'gpt-5.4',
  credentials: { authorization: 'Bearer ' },
  streamType: 'text/event-stream; charset=utf-8',
  path: () => '/v1/chat/completions',
  findBreaches,
  readScene: (body) => readScene(body as ChatCompletionCreateParams),
  wordReply,
  streamReply,
  wordFailure: (failure) => ({ ...OPENAI_FAILURES[failure], body: openaiErrorBody(failure) }),
  streamFailure: (failure) => sseEvent(openaiErrorBody(failure)),
};

function readScene(body: ChatCompletionCreateParams): Scene {
  const offered = (body.tools ?? []).map((tool) =>
    tool.type === 'function' ? tool.function.name : tool.custom.name,
  );
  const custom = (body.tools ?? []).flatMap((tool) => (tool.type === 'custom' ? [tool.custom.name] : []));
  const choice = body.tool_choice;
  const forced =
    typeof choice !== 'object'
      ? undefined
      : choice.type === 'function'
        ? [choice.function.name]
        : choice.type === 'custom'
          ? [choice.custom.name]
          : undefined;
  const last = body.messages.findLastIndex(({ role }) => role === 'assistant');
  return {
    model: body.model,
    stream: body.stream === true,
    tools: choice === 'none' ? [] : (forced ?? offered),
    custom,
    oneCall: body.parallel_tool_calls === false,
    // Pictures of a tool come from the user, after its words.
    results: body.messages.slice(last + 1).filter(({ role }) => role === 'tool').length,
    allResults: countOf(/"role":"tool"/g, body),
    hasImage: JSON.stringify(body.messages).includes('"image_url"'),
    hasDocument: JSON.stringify(body.messages).includes('"type":"file"'),
    limit: body.max_completion_tokens ?? body.max_tokens ?? undefined,
    wantsJson: body.response_format?.type.startsWith('json') === true,
    thinks: body.reasoning_effort != null && body.reasoning_effort !== 'none',
    showsThoughts: false,
    signsThoughts: false,
    countsTokens: body.stream_options?.include_usage === true,
  };
}
