// The official openai package, Chat Completions.

import OpenAI from 'openai';
import type {
  ChatCompletionChunk,
  ChatCompletionContentPart,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessageParam,
  ChatCompletionMessageToolCall,
} from 'openai/resources/chat/completions';
import {
  type HistoryEntry,
  MAX_TOKENS,
  type MatrixClient,
  type Outcome,
  parametersOf,
  type Question,
} from './matrix-client.ts';

/** What no type of OpenAI's knows: how reasoning reaches a Chat client. */
interface Message {
  role: 'assistant';
  content: string | null;
  tool_calls?: ChatCompletionMessageToolCall[];
  reasoning_content?: string;
  reasoning_details?: Record<string, unknown>[];
}

export function openaiChatClient(url: string, apiKey: string): MatrixClient {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0, timeout: 20_000 });
  return {
    name: 'openai: chat.completions',
    dialect: 'openai-chat',
    ends: { said: 'stop', called: 'tool_calls', cut: 'length' },
    says: [],
    sendsTemperature: () => true,
    async ask(question) {
      const body = bodyOf(question);
      const options = { signal: question.signal ?? null };
      if (!question.stream) {
        const { choices, usage } = await client.chat.completions.create(body, options);
        return outcomeOf(choices[0]?.message as Message, choices[0]?.finish_reason, usage);
      }
      const stream = await client.chat.completions.create(
        { ...body, stream: true, stream_options: { include_usage: true } },
        options,
      );
      const message: Message = { role: 'assistant', content: null };
      let end: string | undefined;
      let usage: ChatCompletionChunk['usage'];
      for await (const chunk of stream) {
        usage = chunk.usage ?? usage;
        end = chunk.choices[0]?.finish_reason ?? end;
        const delta = chunk.choices[0]?.delta;
        if (delta === undefined || Object.keys(delta).length === 0) continue;
        add(message, delta);
        question.onPiece?.();
      }
      return outcomeOf(message, end, usage);
    },
  };
}

function bodyOf(question: Question): ChatCompletionCreateParamsNonStreaming {
  const { model, system, tools, forced, schema, thinks, temperature, stop, limit } = question;
  return {
    model,
    messages: [
      ...(system ?? []).map((content) => ({ role: 'system' as const, content })),
      ...question.history.flatMap(messagesOf),
    ],
    max_completion_tokens: limit ?? MAX_TOKENS,
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map((name) => ({
            type: 'function' as const,
            function: { name, description: `Tells the ${name}.`, parameters: parametersOf(name) },
          })),
        }),
    ...(forced === undefined
      ? {}
      : { tool_choice: { type: 'function' as const, function: { name: forced } } }),
    ...(schema === undefined
      ? {}
      : {
          response_format: {
            type: 'json_schema' as const,
            json_schema: { name: 'city', strict: true, schema },
          },
        }),
    ...(thinks === true ? { reasoning_effort: 'low' as const } : {}),
    ...(temperature === undefined ? {} : { temperature }),
    ...(stop === undefined ? {} : { stop }),
  };
}

function messagesOf(entry: HistoryEntry): ChatCompletionMessageParam[] {
  if (entry.type === 'answer') return [entry.outcome.message as ChatCompletionMessageParam];
  if (entry.type === 'results')
    return entry.results.map(({ id, text }) => ({ role: 'tool', tool_call_id: id, content: text }));
  const { text, media } = entry;
  if (media === undefined) return [{ role: 'user', content: text }];
  const url = `data:${media.type};base64,${media.base64}`;
  const part: ChatCompletionContentPart =
    media.type === 'image/png'
      ? { type: 'image_url', image_url: { url } }
      : { type: 'file', file: { filename: 'invoice.pdf', file_data: url } };
  return [{ role: 'user', content: [{ type: 'text', text }, part] }];
}

function add(message: Message, delta: ChatCompletionChunk.Choice.Delta): void {
  if (delta.content != null) message.content = (message.content ?? '') + delta.content;
  const { reasoning_content: reasoning, reasoning_details: details = [] } = delta as Partial<Message>;
  if (reasoning !== undefined) message.reasoning_content = (message.reasoning_content ?? '') + reasoning;
  for (const detail of details) addDetail(message, detail);
  for (const { index, id, function: called, ...others } of delta.tool_calls ?? []) {
    message.tool_calls ??= [];
    const call = message.tool_calls[index] ?? {
      id: id ?? '',
      type: 'function',
      function: { name: '', arguments: '' },
    };
    // Such as `extra_content`, which Google documents with its signature.
    message.tool_calls[index] = Object.assign(call, others);
    if (call.type !== 'function') continue;
    call.function.name += called?.name ?? '';
    call.function.arguments += called?.arguments ?? '';
  }
}

/** As OpenRouter documents it: pieces of one detail share its index. */
function addDetail(message: Message, detail: Record<string, unknown>): void {
  message.reasoning_details ??= [];
  const last = message.reasoning_details.find(
    ({ index, type }) => index === detail['index'] && type === detail['type'],
  );
  if (last === undefined) message.reasoning_details.push({ ...detail });
  else
    for (const [name, value] of Object.entries(detail))
      last[name] = name === 'text' ? `${String(last['text'] ?? '')}${String(value)}` : value;
}

function outcomeOf(
  message: Message | undefined,
  end: string | undefined,
  usage: ChatCompletionChunk['usage'],
): Outcome {
  if (message === undefined) throw new Error('no choice');
  return {
    text: message.content ?? '',
    end: end ?? '',
    reasoning: message.reasoning_content ?? '',
    calls: (message.tool_calls ?? []).flatMap((call) =>
      call.type === 'function'
        ? [{ id: call.id, name: call.function.name, input: JSON.parse(call.function.arguments || '{}') }]
        : [],
    ),
    usage: {
      input: usage?.prompt_tokens ?? -1,
      cached: usage?.prompt_tokens_details?.cached_tokens ?? -1,
      output: usage?.completion_tokens ?? -1,
    },
    message,
  };
}
