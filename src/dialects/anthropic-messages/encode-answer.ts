// A neutral answer → a Messages answer. Of several choices the first is given: this dialect has one.

import type { Answer, FinishReason, Usage } from '../../conversation/answer.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { objectOf } from '../../json/read-value.ts';
import type { AnswerContext } from '../answer-context.ts';
import { encodeOutput } from './encode-output.ts';
import { ownMembers } from './keep-rest.ts';

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

/** A turn with calls never ends as if there were none. */
export function encodeStop(reason: FinishReason, hasCalls: boolean): string {
  return STOP_REASONS[reason === 'stop' && hasCalls ? 'tool-calls' : reason];
}

export function answerId(id: string | undefined, { seed }: AnswerContext): string {
  return id?.startsWith('msg_') === true ? id : `msg_${id ?? seed}`;
}

export function encodeAnswer(answer: Answer, context: AnswerContext): JsonObject {
  const [choice] = answer.choices;
  const parts = choice?.parts ?? [];
  const hasCalls = parts.some((part) => part.type === 'tool-call');
  return {
    id: answerId(answer.id, context),
    type: 'message',
    role: 'assistant',
    model: answer.model ?? context.model,
    content: parts.flatMap(encodeOutput),
    stop_reason: encodeStop(choice?.finishReason ?? 'content-filter', hasCalls),
    stop_sequence: choice?.stopSequence ?? null,
    ...ownMembers(choice?.vendor),
    usage: encodeUsage(answer.usage),
    ...ownMembers(answer.vendor),
  };
}

export function encodeUsage(usage: Usage | undefined): JsonObject {
  const { input = 0, cachedInput, cacheWrite, output = 0, reasoning, vendor } = usage ?? {};
  const { output_tokens_details, ...others } = ownMembers(vendor);
  const details = {
    ...(reasoning === undefined ? {} : { thinking_tokens: reasoning }),
    ...objectOf(output_tokens_details),
  };
  return {
    input_tokens: Math.max(0, input - (cachedInput ?? 0) - (cacheWrite ?? 0)),
    cache_read_input_tokens: cachedInput ?? 0,
    cache_creation_input_tokens: cacheWrite ?? 0,
    output_tokens: output,
    ...(Object.keys(details).length === 0 ? {} : { output_tokens_details: details }),
    ...others,
  };
}
