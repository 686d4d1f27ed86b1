// What Anthropic's Messages refuse although their types admit it.
// https://docs.claude.com/en/api/messages, /en/docs/build-with-claude/extended-thinking and /en/docs/agents-and-tools/tool-use

import type {
  ContentBlockParam,
  MessageCreateParams,
  MessageParam,
} from '@anthropic-ai/sdk/resources/messages';
import { findClaudeBreaches, findClaudeSchemaBreaches } from '../claude-models.ts';
import { isMedia } from '../media.ts';
import { SIGNATURES } from '../signatures.ts';

const NAME = /^[a-zA-Z0-9_-]{1,128}$/;

export function findBreaches(value: object): string[] {
  const body = value as MessageCreateParams;
  const {
    temperature,
    top_p: topP,
    top_k: topK,
  } = body as {
    readonly temperature?: number;
    readonly top_p?: number;
    readonly top_k?: number;
  };
  const { thinking: asked, output_config: config } = body;
  const settled = { thinking: asked, effort: config?.effort ?? undefined, temperature, topP, topK };
  return [
    ...findClaudeBreaches(body.model, settled),
    ...findClaudeSchemaBreaches(config?.format?.schema, 'output_config.format.schema'),
    ...settings(body),
    ...thinking(body),
    ...conversation(body),
    ...blocks(body),
  ];
}

function* settings(body: MessageCreateParams): Generator<string> {
  const { temperature, top_p: topP } = body as { readonly temperature?: number; readonly top_p?: number };
  if (body.max_tokens < 1) yield 'max_tokens: at least 1';
  if (temperature !== undefined && (temperature > 1 || temperature < 0)) yield 'temperature: 0 to 1';
  if (temperature !== undefined && topP !== undefined)
    yield '`temperature` and `top_p` cannot both be specified for this model';
  if (body.stop_sequences?.some((text) => text.trim() === '') === true)
    yield 'stop_sequences: each stop sequence must contain non-whitespace';
  if (body.tools === undefined && body.tool_choice !== undefined)
    yield 'tool_choice may only be specified while providing tools';
  for (const tool of body.tools ?? []) {
    if (!('input_schema' in tool)) continue;
    if (!NAME.test(tool.name)) yield `tools: name ${tool.name}`;
  }
  if (typeof body.system !== 'string' && body.system?.some(({ text }) => text === '') === true)
    yield 'system: text content blocks must be non-empty';
  const marks =
    JSON.stringify([body.system, body.tools, body.messages]).match(/"cache_control":\{/g)?.length ?? 0;
  if (marks > 4) yield `A maximum of 4 blocks with cache_control may be provided. Found ${marks}`;
}

function* thinking(body: MessageCreateParams): Generator<string> {
  const { thinking: asked } = body;
  if (asked === undefined || asked.type === 'disabled') return;
  if (asked.type === 'enabled') {
    if (asked.budget_tokens < 1024) yield 'thinking.budget_tokens: at least 1024';
    if (asked.budget_tokens >= body.max_tokens)
      yield '`max_tokens` must be greater than `thinking.budget_tokens`';
  }
  const {
    temperature,
    top_k: topK,
    top_p: topP,
  } = body as {
    readonly temperature?: number;
    readonly top_k?: number;
    readonly top_p?: number;
  };
  if (temperature !== undefined && temperature !== 1)
    yield '`temperature` may only be set to 1 when thinking is enabled';
  if (topK !== undefined) yield '`top_k` must be unset when thinking is enabled';
  if (topP !== undefined && topP < 0.95) yield '`top_p` must be at least 0.95 when thinking is enabled';
  const forced = body.tool_choice?.type === 'any' || body.tool_choice?.type === 'tool';
  if (forced) yield 'Thinking may not be enabled when tool_choice forces tool use';
  const last = body.messages.findLast(({ role }) => role === 'assistant');
  const inLoop =
    body.messages.at(-1)?.role === 'user' && blocksOf(last).some(({ type }) => type === 'tool_use');
  const first = blocksOf(last)[0]?.type;
  if (
    asked.type === 'enabled' &&
    inLoop &&
    blocksOf(body.messages.at(-1)).some(({ type }) => type === 'tool_result')
  )
    if (first !== 'thinking' && first !== 'redacted_thinking')
      yield `When thinking is enabled, a final assistant message must start with a thinking block, found ${first}`;
}

/** Calls are answered in the very next message, at its start. */
function* conversation({ messages }: MessageCreateParams): Generator<string> {
  if (messages.length === 0) yield 'messages: at least one message is required';
  if (messages[0]?.role === 'assistant') yield 'messages: first message must use the "user" role';
  let open: string[] = [];
  for (const [index, message] of messages.entries()) {
    const at = `messages.${index}`;
    if (index > 0 && message.role === messages[index - 1]?.role) yield `${at}: roles must alternate`;
    const found = blocksOf(message);
    const isLast = index === messages.length - 1;
    if ((found.length === 0 || message.content === '') && !(isLast && message.role === 'assistant'))
      yield `${at}: content must not be empty`;
    const answered = found.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
    const missing = open.filter((id) => !answered.includes(id));
    if (missing.length > 0)
      yield `${at}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}`;
    const unknown = answered.filter((id) => !open.includes(id));
    if (unknown.length > 0)
      yield `${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${unknown.join(', ')}`;
    if (found.slice(0, answered.length).some(({ type }) => type !== 'tool_result'))
      yield `${at}: tool_result blocks must come first`;
    if (new Set(answered).size < answered.length) yield `${at}: each tool_use must have a single result`;
    open = found.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
  }
  if (open.length > 0) yield `\`tool_use\` ids without \`tool_result\`: ${open.join(', ')}`;
  const last = messages.at(-1);
  if (last?.role === 'assistant' && /\s$/.test(typeof last.content === 'string' ? last.content : ''))
    yield 'final assistant content cannot end with trailing whitespace';
}

function* blocks({ messages }: MessageCreateParams): Generator<string> {
  for (const [index, message] of messages.entries())
    for (const block of blocksOf(message).flatMap(withInner)) {
      const at = `messages.${index}`;
      if (block.type === 'text' && block.text.trim() === '')
        yield `${at}: text content blocks must be non-empty`;
      if (block.type === 'tool_use' && !NAME.test(block.name)) yield `${at}: tool_use.name`;
      if (block.type === 'tool_use' && !/^[a-zA-Z0-9_-]+$/.test(block.id))
        yield `${at}: tool_use.id ${block.id}`;
      if (
        block.type === 'tool_use' &&
        (typeof block.input !== 'object' || block.input === null || Array.isArray(block.input))
      )
        yield `${at}: tool_use.input: Input should be a valid dictionary`;
      if (block.type === 'thinking' && block.signature !== SIGNATURES.anthropicMessages)
        yield `${at}: Invalid \`signature\` in \`thinking\` block`;
      if (
        block.type === 'image' &&
        block.source.type === 'base64' &&
        !isMedia(block.source.media_type, block.source.data)
      )
        yield `${at}: Could not process image`;
      if (
        block.type === 'document' &&
        block.source.type === 'base64' &&
        !isMedia(block.source.media_type, block.source.data)
      )
        yield `${at}: Could not process PDF`;
      if (block.type === 'image' && block.source.type === 'url' && !/^https?:\/\//.test(block.source.url))
        yield `${at}: image url`;
    }
}

function blocksOf(message: MessageParam | undefined): readonly ContentBlockParam[] {
  if (message === undefined) return [];
  return typeof message.content === 'string'
    ? [{ type: 'text', text: message.content }]
    : (message.content as readonly ContentBlockParam[]);
}

function withInner(block: ContentBlockParam): ContentBlockParam[] {
  if (block.type !== 'tool_result' || !Array.isArray(block.content)) return [block];
  return [block, ...(block.content as ContentBlockParam[])];
}
