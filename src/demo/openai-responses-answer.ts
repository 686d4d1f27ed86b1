// The demo provider's answer as OpenAI Responses words it.
// https://platform.openai.com/docs/api-reference/responses-streaming

import type { DemoAnswer, DemoEvent, DemoWording } from './demo-answer.ts';
import { openaiError } from './openai-error.ts';

const itemIdOf = (answer: DemoAnswer): string => `msg_demo${answer.id}`;

const partOf = (text: string): unknown => ({ type: 'output_text', text, annotations: [], logprobs: [] });

const itemOf = (answer: DemoAnswer, status: 'in_progress' | 'completed'): unknown => ({
  id: itemIdOf(answer),
  type: 'message',
  status,
  role: 'assistant',
  content: status === 'completed' ? [partOf(answer.pieces.join(''))] : [],
});

const responseOf = (answer: DemoAnswer, status: 'in_progress' | 'completed'): unknown => ({
  id: `resp_demo${answer.id}`,
  object: 'response',
  created_at: answer.created,
  status,
  background: false,
  error: null,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  model: answer.model,
  output: status === 'completed' ? [itemOf(answer, status)] : [],
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  store: false,
  temperature: 1,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  truncation: 'disabled',
  usage: status === 'completed' ? usageOf(answer) : null,
});

const usageOf = (answer: DemoAnswer): unknown => ({
  input_tokens: answer.inputTokens,
  input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
  output_tokens: answer.outputTokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: answer.inputTokens + answer.outputTokens,
});

export const openaiResponsesWording: DemoWording = {
  required: 'input',
  error: openaiError,
  body: (answer) => responseOf(answer, 'completed'),

  events: (answer) => {
    const text = answer.pieces.join('');
    const item = { output_index: 0, item_id: itemIdOf(answer) };
    const part = { ...item, content_index: 0 };
    const events: readonly (readonly [type: string, fields: object])[] = [
      ['response.created', { response: responseOf(answer, 'in_progress') }],
      ['response.in_progress', { response: responseOf(answer, 'in_progress') }],
      ['response.output_item.added', { output_index: 0, item: itemOf(answer, 'in_progress') }],
      ['response.content_part.added', { ...part, part: partOf('') }],
      ...answer.pieces.map(
        (delta) => ['response.output_text.delta', { ...part, delta, logprobs: [] }] as const,
      ),
      ['response.output_text.done', { ...part, text, logprobs: [] }],
      ['response.content_part.done', { ...part, part: partOf(text) }],
      ['response.output_item.done', { output_index: 0, item: itemOf(answer, 'completed') }],
      ['response.completed', { response: responseOf(answer, 'completed') }],
    ];
    return events.map(
      ([type, fields], index): DemoEvent => ({
        name: type,
        data: { type, sequence_number: index, ...fields },
      }),
    );
  },
};
