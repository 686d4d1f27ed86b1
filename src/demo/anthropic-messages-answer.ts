// The demo provider's answer as Anthropic Messages words it.
// https://docs.anthropic.com/en/api/messages-streaming

import type { DemoAnswer, DemoEvent, DemoWording } from './demo-answer.ts';

const usageOf = (answer: DemoAnswer, outputTokens: number): unknown => ({
  input_tokens: answer.inputTokens,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: outputTokens,
  service_tier: 'standard',
});

export const anthropicMessagesWording: DemoWording = {
  required: 'messages',

  error: (status, message) => ({
    type: 'error',
    error: { type: status === 404 ? 'not_found_error' : 'invalid_request_error', message },
  }),

  body: (answer) => ({
    id: `msg_demo${answer.id}`,
    type: 'message',
    role: 'assistant',
    model: answer.model,
    content: [{ type: 'text', text: answer.pieces.join('') }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: usageOf(answer, answer.outputTokens),
  }),

  events: (answer) => {
    const event = (type: string, fields: object = {}): DemoEvent => ({
      name: type,
      data: { type, ...fields },
    });
    return [
      event('message_start', {
        message: {
          id: `msg_demo${answer.id}`,
          type: 'message',
          role: 'assistant',
          model: answer.model,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          // The vendor's first event counts one token too; message_delta carries the total.
          usage: usageOf(answer, 1),
        },
      }),
      event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
      event('ping'),
      ...answer.pieces.map((text) =>
        event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
      ),
      event('content_block_stop', { index: 0 }),
      event('message_delta', {
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { output_tokens: answer.outputTokens },
      }),
      event('message_stop'),
    ];
  },
};
