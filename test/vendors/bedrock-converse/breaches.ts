// What Bedrock's Converse refuses although its types admit it.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html and its ContentBlock, ToolResultBlock

import type { ContentBlock, InferenceConfiguration, Message } from '@aws-sdk/client-bedrock-runtime';
import { type ClaudeSettings, findClaudeBreaches, findClaudeSchemaBreaches } from '../claude-models.ts';
import { isMedia } from '../media.ts';
import { SIGNATURES } from '../signatures.ts';
import type { BedrockConverseRequest } from '../wire-types.ts';

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

export function findBreaches(value: object, model = ''): string[] {
  const body = value as BedrockConverseRequest;
  const messages = body.messages ?? [];
  return [
    ...findClaudeBreaches(model, claudeSettings(body)),
    ...findClaudeSchemaBreaches(answerSchema(body), 'outputConfig.textFormat'),
    ...settings(body),
    ...thinking(body),
    ...conversation(messages),
    ...messages.flatMap((each, index) => [...blocks(each, index)]),
  ];
}

function claudeSettings({
  additionalModelRequestFields,
  inferenceConfig,
  outputConfig,
}: BedrockConverseRequest): ClaudeSettings {
  const { thinking: asked, top_k: topK } = (additionalModelRequestFields ?? {}) as {
    readonly thinking?: { readonly type?: string };
    readonly top_k?: number;
  };
  const { temperature, topP } = inferenceConfig ?? ({} as InferenceConfiguration);
  return { thinking: asked, effort: outputConfig?.effort, temperature, topP, topK };
}

/** It is sent as text. */
function answerSchema({ outputConfig }: BedrockConverseRequest): unknown {
  const text = outputConfig?.textFormat?.structure?.jsonSchema?.schema;
  return text === undefined ? undefined : JSON.parse(text);
}

function* settings({
  inferenceConfig: config,
  toolConfig,
  messages = [],
  system = [],
}: BedrockConverseRequest): Generator<string> {
  if (config?.temperature !== undefined && (config.temperature > 1 || config.temperature < 0))
    yield 'temperature: 0 to 1';
  if (config?.maxTokens !== undefined && config.maxTokens < 1) yield 'maxTokens: at least 1';
  if (config?.stopSequences?.some((text) => text.trim() === '') === true) yield 'stopSequences: blank';
  const usesTools = /"(toolUse|toolResult)":/.test(JSON.stringify(messages));
  if (usesTools && toolConfig === undefined)
    yield 'The toolConfig field must be defined when using toolUse and toolResult content blocks.';
  if (toolConfig?.tools?.length === 0) yield 'toolConfig.tools: at least 1';
  for (const { toolSpec } of toolConfig?.tools ?? []) {
    if (toolSpec === undefined) continue;
    if (!NAME.test(toolSpec.name ?? '')) yield `toolSpec.name ${toolSpec.name}`;
    if (toolSpec.description === '') yield 'toolSpec.description: at least 1 character';
    const schema = toolSpec.inputSchema?.json as { readonly type?: unknown } | undefined;
    if (schema?.type !== 'object') yield `${toolSpec.name}: inputSchema.json.type must be object`;
  }
  if (system.some((block) => block.text?.trim() === '')) yield 'system: the text field is blank';
}

function* thinking({
  additionalModelRequestFields,
  inferenceConfig,
  toolConfig,
}: BedrockConverseRequest): Generator<string> {
  const { thinking: asked } = (additionalModelRequestFields ?? {}) as {
    readonly thinking?: { readonly type?: string; readonly budget_tokens?: number };
  };
  if (asked?.type !== 'enabled') return;
  const budget = asked.budget_tokens ?? 0;
  if (budget < 1024) yield 'thinking.budget_tokens: at least 1024';
  const { maxTokens, temperature, topP } = inferenceConfig ?? ({} as InferenceConfiguration);
  if (maxTokens !== undefined && budget >= maxTokens)
    yield '`max_tokens` must be greater than `thinking.budget_tokens`';
  if (temperature !== undefined && temperature !== 1)
    yield '`temperature` may only be set to 1 when thinking is enabled';
  if (topP !== undefined && topP < 0.95) yield '`top_p` must be at least 0.95 when thinking is enabled';
  if (toolConfig?.toolChoice?.any !== undefined || toolConfig?.toolChoice?.tool !== undefined)
    yield 'Thinking may not be enabled when tool_choice forces tool use';
}

function* conversation(messages: readonly Message[]): Generator<string> {
  if (messages.length === 0) yield 'A conversation must have a message.';
  if (messages[0]?.role === 'assistant') yield 'A conversation must start with a user message.';
  let open: string[] = [];
  for (const [index, { role, content = [] }] of messages.entries()) {
    const at = `messages.${index}`;
    if (index > 0 && role === messages[index - 1]?.role)
      yield `${at}: A conversation must alternate between user and assistant roles.`;
    if (content.length === 0) yield `${at}: The content field is empty.`;
    const answered = content.flatMap(({ toolResult }) => toolResult?.toolUseId ?? []);
    const missing = open.filter((id) => !answered.includes(id));
    if (missing.length > 0)
      yield `Expected toolResult blocks at ${at}.content for the following Ids: ${missing.join(', ')}`;
    if (answered.length > open.length)
      yield `The number of toolResult blocks at ${at}.content exceeds the number of toolUse blocks of previous turn.`;
    if (content.slice(0, answered.length).some(({ toolResult }) => toolResult === undefined))
      yield `${at}: toolResult blocks must come first`;
    open = content.flatMap(({ toolUse }) => toolUse?.toolUseId ?? []);
  }
  if (open.length > 0) yield `toolUse without toolResult: ${open.join(', ')}`;
}

function* blocks({ content = [] }: Message, index: number): Generator<string> {
  for (const block of content) {
    const at = `messages.${index}`;
    if (block.text?.trim() === '') yield `The text field in the ContentBlock object at ${at} is blank.`;
    if (block.toolUse !== undefined && !NAME.test(block.toolUse.name ?? '')) yield `${at}: toolUse.name`;
    if (block.toolUse !== undefined && !/^[a-zA-Z0-9_.:-]{1,64}$/.test(block.toolUse.toolUseId ?? ''))
      yield `${at}: toolUseId`;
    if (
      block.toolUse !== undefined &&
      (typeof block.toolUse.input !== 'object' ||
        block.toolUse.input === null ||
        Array.isArray(block.toolUse.input))
    )
      yield `${at}: The format of the value at toolUse.input is invalid. Provide a json object for the field.`;
    if (block.toolResult?.content?.some(({ text }) => text?.trim() === '') === true)
      yield `${at}: a toolResult with blank text`;
    yield* media(block, at);
    const proof = block.reasoningContent?.reasoningText?.signature;
    if (block.reasoningContent?.reasoningText !== undefined && proof !== SIGNATURES.bedrockConverse)
      yield `${at}: Invalid \`signature\` in \`thinking\` block`;
  }
}

function* media({ image, document }: ContentBlock, at: string): Generator<string> {
  // Base64 on the wire, whatever the SDK's type says.
  const data = image?.source?.bytes as unknown as string | undefined;
  if (data !== undefined && !isMedia(`image/${image?.format}`, data)) yield `${at}: Could not process image`;
  if (document !== undefined && !/^[a-zA-Z0-9 \-()[\]]{1,200}$/.test(document.name ?? ''))
    yield `${at}: The document file name can only contain alphanumeric characters, whitespace, hyphens, parentheses and brackets`;
}
