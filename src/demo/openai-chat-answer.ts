// The demo provider's answer as OpenAI Chat Completions words it.
// https://platform.openai.com/docs/api-reference/chat

import type { DemoAnswer, DemoEvent, DemoWording } from './demo-answer.ts';
import { openaiError } from './openai-error.ts';

const idOf = (answer: DemoAnswer): string => `chatcmpl-demo${answer.id}`;

const usageOf = (answer: DemoAnswer): unknown => ({
  prompt_tokens: answer.inputTokens,
  completion_tokens: answer.outputTokens,
  total_tokens: answer.inputTokens + answer.outputTokens,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
});

export const openaiChatWording: DemoWording = {
  required: 'messages',
  error: openaiError,

  body: (answer) => ({
    id: idOf(answer),
    object: 'chat.completion',
    created: answer.created,
    model: answer.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: answer.pieces.join(''), refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: usageOf(answer),
    system_fingerprint: 'demo',
  }),

  events: (answer, request) => {
    const usageWanted = wantsUsage(request['stream_options']);
    const chunk = (choices: unknown[], usage: unknown = null): DemoEvent => ({
      data: {
        id: idOf(answer),
        object: 'chat.completion.chunk',
        created: answer.created,
        model: answer.model,
        system_fingerprint: 'demo',
        choices,
        // Where usage was asked for, every chunk has the field; only the last one fills it.
        ...(usageWanted ? { usage } : {}),
      },
    });
    const choice = (delta: unknown, finishReason: string | null = null): unknown => ({
      index: 0,
      delta,
      logprobs: null,
      finish_reason: finishReason,
    });
    return [
      chunk([choice({ role: 'assistant', content: '' })]),
      ...answer.pieces.map((content) => chunk([choice({ content })])),
      chunk([choice({}, 'stop')]),
      ...(usageWanted ? [chunk([], usageOf(answer))] : []),
      { data: '[DONE]' },
    ];
  },
};

const wantsUsage = (streamOptions: unknown): boolean =>
  typeof streamOptions === 'object' &&
  streamOptions !== null &&
  'include_usage' in streamOptions &&
  streamOptions.include_usage === true;
