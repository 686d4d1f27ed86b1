// What the vendors' APIs answer, in the shapes of their documentation: whole bodies, and streams event by event.

import type { ClientDialect } from '../../../src/contract/dialect.ts';

export const ANSWER_TEXT = 'Paris is the capital of France.';

interface VendorAnswers {
  /** The whole body. */
  readonly plain: object;
  readonly tool: object;
  /** Each entry is one SSE event, its blank line included. */
  readonly stream: readonly string[];
}

const USAGE = { prompt_tokens: 14, completion_tokens: 7, total_tokens: 21 };
const CHAT = { id: 'chatcmpl-BqL5yF2', created: 1_763_888_400, model: 'gpt-4o-2024-08-06' };

const data = (value: object | string): string =>
  `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;

const event = (value: { readonly type: string; readonly [member: string]: unknown }): string =>
  `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;

const chatChunk = (delta: object, finish: string | null = null): string =>
  data({
    ...CHAT,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });

const chatAnswer = (message: object, finish: string): object => ({
  ...CHAT,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', refusal: null, ...message }, finish_reason: finish }],
  usage: USAGE,
  system_fingerprint: 'fp_a288987b44',
});

const RESPONSE = {
  id: 'resp_68a1',
  object: 'response',
  created_at: 1_763_888_400,
  model: 'gpt-4o-2024-08-06',
  error: null,
  parallel_tool_calls: true,
  tools: [],
};
const outputMessage = (text: string): object => ({
  id: 'msg_68a1',
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
});

const MESSAGE = {
  id: 'msg_01XFDUDYJgAACzvnptvVoYEL',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-20250514',
};
const anthropicAnswer = (content: readonly object[], stop: string): object => ({
  ...MESSAGE,
  content,
  stop_reason: stop,
  stop_sequence: null,
  usage: { input_tokens: 14, output_tokens: 7 },
});

const geminiAnswer = (part: object, more: object = {}): object => ({
  candidates: [{ content: { parts: [part], role: 'model' }, index: 0, ...more }],
  usageMetadata: { promptTokenCount: 14, candidatesTokenCount: 7, totalTokenCount: 21 },
  modelVersion: 'gemini-2.5-flash',
  responseId: 'mHoAaeK5Lq6r1MkP',
});

const WORDS = ANSWER_TEXT.split(/(?<= )/);

export const VENDOR_ANSWERS: Readonly<Record<ClientDialect, VendorAnswers>> = {
  'openai-chat': {
    plain: chatAnswer({ content: ANSWER_TEXT }, 'stop'),
    tool: chatAnswer(
      {
        content: null,
        tool_calls: [
          {
            id: 'call_9xKq',
            type: 'function',
            function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
          },
        ],
      },
      'tool_calls',
    ),
    stream: [
      chatChunk({ role: 'assistant', content: '', refusal: null }),
      ...WORDS.map((content) => chatChunk({ content })),
      chatChunk({}, 'stop'),
      data('[DONE]'),
    ],
  },
  'openai-responses': {
    plain: { ...RESPONSE, status: 'completed', output: [outputMessage(ANSWER_TEXT)] },
    tool: {
      ...RESPONSE,
      status: 'completed',
      output: [
        {
          id: 'fc_68a1',
          type: 'function_call',
          status: 'completed',
          call_id: 'call_9xKq',
          name: 'get_weather',
          arguments: '{"city":"Paris"}',
        },
      ],
    },
    stream: [
      event({
        type: 'response.created',
        sequence_number: 0,
        response: { ...RESPONSE, status: 'in_progress', output: [] },
      }),
      ...WORDS.map((delta, index) =>
        event({
          type: 'response.output_text.delta',
          sequence_number: index + 1,
          item_id: 'msg_68a1',
          output_index: 0,
          content_index: 0,
          delta,
        }),
      ),
      event({
        type: 'response.completed',
        sequence_number: WORDS.length + 1,
        response: { ...RESPONSE, status: 'completed', output: [outputMessage(ANSWER_TEXT)] },
      }),
    ],
  },
  'anthropic-messages': {
    plain: anthropicAnswer([{ type: 'text', text: ANSWER_TEXT }], 'end_turn'),
    tool: anthropicAnswer(
      [{ type: 'tool_use', id: 'toolu_01A09q90qw90lq', name: 'get_weather', input: { city: 'Paris' } }],
      'tool_use',
    ),
    stream: [
      event({
        type: 'message_start',
        message: { ...anthropicAnswer([], ''), stop_reason: null },
      }),
      event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
      event({ type: 'ping' }),
      ...WORDS.map((text) =>
        event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
      ),
      event({ type: 'content_block_stop', index: 0 }),
      event({
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { output_tokens: 7 },
      }),
      event({ type: 'message_stop' }),
    ],
  },
  gemini: {
    plain: geminiAnswer({ text: ANSWER_TEXT }, { finishReason: 'STOP' }),
    tool: geminiAnswer(
      { functionCall: { name: 'get_weather', args: { city: 'Paris' } } },
      { finishReason: 'STOP' },
    ),
    stream: WORDS.map((text, index) =>
      data(geminiAnswer({ text }, index === WORDS.length - 1 ? { finishReason: 'STOP' } : {})),
    ),
  },
};
