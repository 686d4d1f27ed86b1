// Vercel's `ai` package with each of its providers: its own request building and its own parsers.

import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import {
  generateText,
  jsonSchema,
  type LanguageModel,
  type LanguageModelUsage,
  type ModelMessage,
  Output,
  streamText,
  type Tool,
  tool,
} from 'ai';
import {
  type HistoryEntry,
  MAX_TOKENS,
  type MatrixClient,
  type Outcome,
  parametersOf,
  type Question,
  THINKING_TOKENS,
} from './matrix-client.ts';

// It tells on the console what a provider leaves out (a temperature for OpenAI's reasoning models).
globalThis.AI_SDK_LOG_WARNINGS = false;

type ProviderOptions = NonNullable<Parameters<typeof generateText>[0]['providerOptions']>;

interface Kind {
  readonly name: string;
  readonly dialect: string;
  readonly model: (id: string) => LanguageModel;
  readonly thinking: (model: string) => ProviderOptions;
}

export function aiSdkClients(url: string, apiKey: string): MatrixClient[] {
  const openai = createOpenAI({ baseURL: `${url}/v1`, apiKey });
  const anthropic = createAnthropic({ baseURL: `${url}/v1`, apiKey });
  const google = createGoogle({ baseURL: `${url}/v1beta`, apiKey });
  const kinds: Kind[] = [
    {
      name: 'ai: openai.chat',
      dialect: 'openai-chat',
      model: openai.chat,
      thinking: () => ({ openai: { reasoningEffort: 'low', forceReasoning: true } }),
    },
    {
      name: 'ai: openai.responses',
      dialect: 'openai-responses',
      model: openai.responses,
      thinking: () => ({
        openai: {
          reasoningEffort: 'low',
          reasoningSummary: 'auto',
          forceReasoning: true,
          include: ['reasoning.encrypted_content'],
        },
      }),
    },
    {
      name: 'ai: anthropic',
      dialect: 'anthropic-messages',
      model: anthropic,
      thinking: (id) => ({
        anthropic: id.includes('claude-opus-4-7')
          ? { thinking: { type: 'adaptive', display: 'summarized' }, effort: 'low' }
          : { thinking: { type: 'enabled', budgetTokens: THINKING_TOKENS } },
      }),
    },
    {
      name: 'ai: google',
      dialect: 'gemini',
      model: google,
      thinking: (id) => ({
        google: {
          thinkingConfig: {
            includeThoughts: true,
            ...(id.startsWith('gemini-3') ? { thinkingLevel: 'low' } : { thinkingBudget: THINKING_TOKENS }),
          },
        },
      }),
    },
  ];
  return kinds.map((kind) => ({
    name: kind.name,
    dialect: kind.dialect,
    ends: { said: 'stop', called: 'tool-calls', cut: 'length' },
    says:
      kind.dialect === 'anthropic-messages'
        ? ['failed', 'image']
        : kind.dialect === 'openai-responses'
          ? ['image']
          : [],
    // Not for OpenAI's reasoning models.
    sendsTemperature: (model) => !(kind.name.startsWith('ai: openai') && model.startsWith('gpt-5')),
    ask: (question) => ask(kind, question),
  }));
}

type Settings = Parameters<typeof generateText>[0] & Parameters<typeof streamText>[0];

async function ask(kind: Kind, question: Question): Promise<Outcome> {
  const { system, tools, forced, schema, thinks, temperature, stop, limit, signal } = question;
  const settings = {
    model: kind.model(question.model),
    messages: question.history.map(messageOf),
    maxRetries: 0,
    maxOutputTokens: limit ?? MAX_TOKENS,
    providerOptions: withStore(kind, question.model, thinks === true ? kind.thinking(question.model) : {}),
    ...(system === undefined
      ? {}
      : { instructions: system.map((content) => ({ role: 'system' as const, content })) }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(stop === undefined ? {} : { stopSequences: [stop] }),
    ...(signal === undefined ? {} : { abortSignal: signal }),
    ...(tools === undefined ? {} : { tools: Object.fromEntries(tools.map((name) => [name, toolOf(name)])) }),
    ...(forced === undefined ? {} : { toolChoice: { type: 'tool', toolName: forced } }),
    ...(schema === undefined ? {} : { output: Output.object({ schema: jsonSchema(schema) }) }),
  } as Settings;
  if (!question.stream) {
    const result = await generateText(settings);
    const { text, finishReason, reasoningText, toolCalls, usage } = result;
    return outcomeOf(text, finishReason, reasoningText, toolCalls, usage, result.responseMessages);
  }
  let failure: unknown;
  const result = streamText({
    ...settings,
    onError: ({ error }) => {
      failure = error;
    },
  });
  for await (const part of result.fullStream) {
    if (part.type.endsWith('-delta')) question.onPiece?.();
    if (part.type === 'abort') throw new Error('aborted');
  }
  if (failure !== undefined) throw failure;
  return outcomeOf(
    await result.text,
    await result.finishReason,
    await result.reasoningText,
    await result.toolCalls,
    await result.usage,
    await result.responseMessages,
  );
}

/** It names what it was answered by ids, unless it is told to store nothing: these models' stand-in keeps no answers. */
function withStore(kind: Kind, model: string, options: ProviderOptions): ProviderOptions {
  if (kind.dialect !== 'openai-responses' || !/^gpt-(5-mini|6)/.test(model)) return options;
  return { openai: { ...options['openai'], store: false } };
}

function toolOf(name: string): Tool {
  return tool({
    description: `Tells the ${name}.`,
    inputSchema: jsonSchema(parametersOf(name) as Parameters<typeof jsonSchema>[0]),
  });
}

function messageOf(entry: HistoryEntry): ModelMessage {
  if (entry.type === 'answer') return entry.outcome.message as ModelMessage;
  if (entry.type === 'results') {
    return {
      role: 'tool',
      content: entry.results.map(({ id, name, text, failed, image }) => ({
        type: 'tool-result',
        toolCallId: id,
        toolName: name,
        output:
          image === undefined
            ? { type: failed === true ? 'error-text' : 'text', value: text }
            : {
                type: 'content',
                value: [
                  { type: 'text', text },
                  { type: 'file', mediaType: 'image/png', data: { type: 'data', data: image } },
                ],
              },
      })),
    };
  }
  const { text, media } = entry;
  if (media === undefined) return { role: 'user', content: text };
  const file = { type: 'file' as const, data: media.base64, mediaType: media.type };
  return { role: 'user', content: [{ type: 'text', text }, file] };
}

function outcomeOf(
  text: string,
  end: string,
  reasoning: string | undefined,
  calls: readonly { toolCallId: string; toolName: string; input: unknown }[],
  usage: LanguageModelUsage,
  messages: readonly ModelMessage[],
): Outcome {
  return {
    text,
    end,
    reasoning: reasoning ?? '',
    calls: calls.map(({ toolCallId, toolName, input }) => ({ id: toolCallId, name: toolName, input })),
    usage: {
      input: usage.inputTokens ?? -1,
      cached: usage.inputTokenDetails.cacheReadTokens ?? -1,
      output: usage.outputTokens ?? -1,
    },
    message: messages[0],
  };
}
