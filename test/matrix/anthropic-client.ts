// The official @anthropic-ai/sdk package, which no longer knows a temperature.

import Anthropic from '@anthropic-ai/sdk';
import type {
  ContentBlockParam,
  ImageBlockParam,
  Message,
  MessageCreateParamsNonStreaming,
  MessageParam,
} from '@anthropic-ai/sdk/resources/messages';
import {
  type HistoryEntry,
  MAX_TOKENS,
  type MatrixClient,
  type Outcome,
  parametersOf,
  type Question,
  THINKING_TOKENS,
} from './matrix-client.ts';

export function anthropicClient(url: string, apiKey: string): MatrixClient {
  const client = new Anthropic({ baseURL: url, apiKey, maxRetries: 0, timeout: 20_000 });
  return {
    name: '@anthropic-ai/sdk',
    dialect: 'anthropic-messages',
    ends: { said: 'end_turn', called: 'tool_use', cut: 'max_tokens' },
    says: ['failed', 'image'],
    sendsTemperature: () => false,
    async ask(question) {
      const body = bodyOf(question);
      const options = { signal: question.signal ?? null };
      if (!question.stream) return outcomeOf(await client.messages.create(body, options));
      const stream = client.messages.stream(body, options);
      stream.on('streamEvent', ({ type }) => type === 'content_block_delta' && question.onPiece?.());
      return outcomeOf(await stream.finalMessage());
    },
  };
}

function bodyOf(question: Question): MessageCreateParamsNonStreaming {
  const { model, system, tools, forced, schema, thinks, stop, limit } = question;
  return {
    model,
    max_tokens: limit ?? MAX_TOKENS,
    messages: question.history.map(messageOf),
    ...(system === undefined ? {} : { system: system.map((text) => ({ type: 'text' as const, text })) }),
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map((name) => ({
            name,
            description: `Tells the ${name}.`,
            input_schema: parametersOf(name),
          })),
        }),
    ...(forced === undefined ? {} : { tool_choice: { type: 'tool' as const, name: forced } }),
    ...(schema === undefined ? {} : { output_config: { format: { type: 'json_schema' as const, schema } } }),
    ...(thinks === true ? thinkingOf(model) : {}),
    ...(stop === undefined ? {} : { stop_sequences: [stop] }),
  };
}

/** Later models of Anthropic's take no budget, and show their thoughts only where they are told to. */
function thinkingOf(model: string): Partial<MessageCreateParamsNonStreaming> {
  return model.includes('claude-opus-4-7')
    ? { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'low' } }
    : { thinking: { type: 'enabled', budget_tokens: THINKING_TOKENS } };
}

function messageOf(entry: HistoryEntry): MessageParam {
  if (entry.type === 'answer')
    return { role: 'assistant', content: entry.outcome.message as Message['content'] };
  if (entry.type === 'results') {
    return {
      role: 'user',
      content: entry.results.map(({ id, text, failed, image }) => ({
        type: 'tool_result',
        tool_use_id: id,
        ...(failed === true ? { is_error: true } : {}),
        content: image === undefined ? text : [{ type: 'text', text }, imageOf(image)],
      })),
    };
  }
  const { text, media } = entry;
  if (media === undefined) return { role: 'user', content: text };
  const { type, base64: data } = media;
  const block: ContentBlockParam =
    type === 'image/png'
      ? imageOf(data)
      : { type: 'document', source: { type: 'base64', media_type: type, data } };
  return { role: 'user', content: [{ type: 'text', text }, block] };
}

function imageOf(data: string): ImageBlockParam {
  return { type: 'image', source: { type: 'base64', media_type: 'image/png', data } };
}

function outcomeOf({ content, usage, stop_reason: end }: Message): Outcome {
  const cached = usage.cache_read_input_tokens ?? 0;
  return {
    end: end ?? '',
    text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    reasoning: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    calls: content.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input }] : [],
    ),
    usage: {
      input: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
      cached,
      output: usage.output_tokens,
    },
    message: content,
  };
}
