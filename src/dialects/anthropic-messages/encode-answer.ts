// A neutral answer → a Messages answer. Of several choices the first is given: this dialect has one.

import type { Answer, FinishReason, Usage } from '../../conversation/answer.ts';
import type { Part } from '../../conversation/part.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { AnswerContext } from '../answer-context.ts';
import { encodeBlock, encodeCitation } from './encode-blocks.ts';

const STOP_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'context-length': 'model_context_window_exceeded',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  refusal: 'refusal',
  pause: 'pause_turn',
  error: 'end_turn',
};

export function encodeStop(reason: FinishReason): string {
  return STOP_REASONS[reason];
}

export function answerId(id: string | undefined, { seed }: AnswerContext): string {
  return id?.startsWith('msg_') === true ? id : `msg_${id ?? seed}`;
}

export function encodeAnswer(answer: Answer, context: AnswerContext): JsonObject {
  const [choice] = answer.choices;
  const parts = choice?.parts ?? [];
  return {
    id: answerId(answer.id, context),
    type: 'message',
    role: 'assistant',
    model: answer.model ?? context.model,
    content: parts.map(encodePart),
    stop_reason: encodeStop(choice?.finishReason ?? 'content-filter'),
    stop_sequence: choice?.stopSequence ?? null,
    usage: encodeUsage(answer.usage),
  };
}

function encodePart(part: Part): JsonObject {
  const block = encodeBlock(part, 'content');
  if (part.type !== 'text' || part.citations === undefined) return block;
  return { ...block, citations: part.citations.map(encodeCitation) };
}

export function encodeUsage(usage: Usage | undefined): JsonObject {
  const { input = 0, cachedInput, cacheWrite, output = 0 } = usage ?? {};
  return {
    input_tokens: Math.max(0, input - (cachedInput ?? 0) - (cacheWrite ?? 0)),
    cache_read_input_tokens: cachedInput ?? 0,
    cache_creation_input_tokens: cacheWrite ?? 0,
    output_tokens: output,
  };
}
