// What OpenAI's Chat Completions refuses although its types admit it.
// https://platform.openai.com/docs/api-reference/chat/create and /docs/guides/structured-outputs

import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import { isReadable } from '../media.ts';
import { findModelBreaches } from '../openai-models.ts';
import { findStrictSchemaBreaches } from '../strict-schema.ts';

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

export function findBreaches(value: object): string[] {
  const body = value as ChatCompletionCreateParams;
  const effort = body.reasoning_effort ?? undefined;
  return [
    ...findModelBreaches({ ...body, effort }),
    ...settings(body),
    ...conversation(body),
    ...media(body),
  ];
}

function* settings(body: ChatCompletionCreateParams): Generator<string> {
  if (/^(o\d|gpt-5)/.test(body.model) && body.max_tokens != null)
    yield "'max_tokens' is not supported with this model, use 'max_completion_tokens'";
  if (Array.isArray(body.stop) && (body.stop.length > 4 || body.stop.length === 0))
    yield 'stop: 1 to 4 sequences';
  if ((body.temperature ?? 0) > 2 || (body.temperature ?? 0) < 0) yield 'temperature: 0 to 2';
  if (body.stream !== true && body.stream_options != null) yield 'stream_options without stream';
  if (body.top_logprobs != null && body.logprobs !== true) yield 'top_logprobs without logprobs';
  if (body.tools?.length === 0) yield 'tools: too short';
  if (body.tools === undefined && (body.tool_choice ?? body.parallel_tool_calls) !== undefined)
    yield 'tool_choice or parallel_tool_calls without tools';
  if (Object.values(body.metadata ?? {}).some((text) => text.length > 512)) yield 'metadata: value too long';
  if (body.metadata != null && Object.keys(body.metadata).length > 0 && body.store !== true)
    yield "'metadata' needs 'store'";
  for (const tool of body.tools ?? []) {
    if (tool.type !== 'function') continue;
    if (!NAME.test(tool.function.name)) yield `tool name ${tool.function.name}`;
    if (tool.function.strict === true)
      yield* findStrictSchemaBreaches(tool.function.parameters, tool.function.name);
    else if (tool.function.parameters !== undefined && tool.function.parameters['type'] !== 'object')
      yield `${tool.function.name}: the schema must be of type object`;
  }
  const format = body.response_format;
  if (format?.type === 'json_object' && !/json/i.test(JSON.stringify(body.messages)))
    yield "messages must contain the word 'json'";
  if (format?.type !== 'json_schema') return;
  if (!NAME.test(format.json_schema.name)) yield `response_format name '${format.json_schema.name}'`;
  if (format.json_schema.strict === true)
    yield* findStrictSchemaBreaches(format.json_schema.schema, 'response_format');
}

/** Each call is answered right after its message, and nothing else is. */
function* conversation({ messages }: ChatCompletionCreateParams): Generator<string> {
  if (messages.length === 0) yield 'messages: too short';
  let open = new Set<string>();
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (!open.delete(message.tool_call_id)) yield `messages[${index}]: a tool message without its call`;
      continue;
    }
    if (open.size > 0) yield `messages[${index}]: tool_call_ids without an answer: ${[...open].join(', ')}`;
    open = new Set();
    if (message.role !== 'assistant') continue;
    const calls = message.tool_calls ?? [];
    if (message.tool_calls?.length === 0) yield `messages[${index}].tool_calls: too short`;
    if (message.content == null && calls.length === 0 && message.refusal == null)
      yield `messages[${index}]: no content`;
    for (const call of calls) {
      if (open.has(call.id)) yield `messages[${index}]: duplicate call id`;
      if (call.id.length > 64) yield `messages[${index}]: call id too long`;
      if (call.type === 'function' && !NAME.test(call.function.name))
        yield `messages[${index}]: function name`;
      open.add(call.id);
    }
  }
  if (open.size > 0) yield `tool_call_ids without an answer: ${[...open].join(', ')}`;
}

function* media({ messages }: ChatCompletionCreateParams): Generator<string> {
  for (const [index, { content }] of messages.entries()) {
    if (!Array.isArray(content)) continue;
    if (content.length === 0) yield `messages[${index}].content: too short`;
    for (const part of content)
      if (part.type === 'image_url' && !isReadable(part.image_url.url))
        yield `messages[${index}]: unreadable image`;
      else if (part.type === 'file' && part.file.file_id == null && !isReadable(part.file.file_data ?? ''))
        yield `messages[${index}]: unreadable file`;
      else if (part.type === 'file' && part.file.file_data != null && part.file.filename == null)
        yield `messages[${index}]: a file without its name`;
  }
}
