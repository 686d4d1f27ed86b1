// A neutral answer → a Chat Completions answer.

import type { Answer, Choice, FinishReason, TokenLogprob, Usage } from '../../conversation/answer.ts';
import type { ReasoningPart } from '../../conversation/part.ts';
import { writeSignature } from '../../conversation/signature.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import type { AnswerContext } from '../answer-context.ts';

const FINISH_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'context-length': 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  refusal: 'stop',
  pause: 'stop',
  error: 'stop',
};

export function encodeFinish(reason: FinishReason): string {
  return FINISH_REASONS[reason];
}

export function answerId(id: string | undefined, { seed }: AnswerContext): string {
  return `chatcmpl-${id ?? seed}`;
}

export function encodeAnswer(answer: Answer, context: AnswerContext): JsonObject {
  return {
    id: answerId(answer.id, context),
    object: 'chat.completion',
    created: answer.created ?? context.created,
    model: answer.model ?? context.model,
    choices: answer.choices.map(encodeChoice),
    ...(answer.usage === undefined ? {} : { usage: encodeUsage(answer.usage) }),
    ...(answer.serviceTier === undefined ? {} : { service_tier: answer.serviceTier }),
  };
}

function encodeChoice({ parts, finishReason, logprobs }: Choice, index: number): JsonObject {
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const refusal = parts.map((part) => (part.type === 'refusal' ? part.text : '')).join('');
  const calls = parts.flatMap((part) =>
    part.type === 'tool-call'
      ? [{ id: part.id, type: 'function', function: { name: part.name, arguments: part.arguments } }]
      : [],
  );
  const annotations = parts
    .flatMap((part) => (part.type === 'text' ? (part.citations ?? []) : []))
    .flatMap(({ url, title, start, end }) =>
      url === undefined
        ? []
        : [
            {
              type: 'url_citation',
              url_citation: { url, title: title ?? '', start_index: start ?? 0, end_index: end ?? 0 },
            },
          ],
    );
  return {
    index,
    message: {
      role: 'assistant',
      content: text === '' ? null : text,
      refusal: refusal === '' ? null : refusal,
      ...encodeReasoning(parts.filter((part) => part.type === 'reasoning')),
      ...(annotations.length === 0 ? {} : { annotations }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    },
    logprobs: logprobs === undefined ? null : encodeLogprobs(logprobs),
    finish_reason: encodeFinish(finishReason),
  };
}

/**
 * Chat has no official place for reasoning: `reasoning_content` is what DeepSeek, vLLM and their clients use, and
 * `reasoning_details` OpenRouter's, which can carry a signature: https://openrouter.ai/docs/use-cases/reasoning-tokens
 */
export function encodeReasoning(parts: readonly ReasoningPart[]): JsonObject {
  if (parts.length === 0) return {};
  const text = parts.map((part) => part.text).join('');
  const details = parts.flatMap((part) => (part.signature === undefined ? [] : [encodeDetail(part)]));
  return {
    ...(text === '' ? {} : { reasoning_content: text }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
  };
}

function encodeDetail({ text, signature, redacted }: ReasoningPart): JsonObject {
  const proof = signature === undefined ? '' : writeSignature(signature, 'openai-chat');
  return redacted === true
    ? { type: 'reasoning.encrypted', data: proof }
    : { type: 'reasoning.text', text, signature: proof };
}

export function encodeUsage({ input, cachedInput, output, reasoning }: Usage): JsonObject {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(cachedInput === undefined ? {} : { prompt_tokens_details: { cached_tokens: cachedInput } }),
    ...(reasoning === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}

export function encodeLogprobs(logprobs: readonly TokenLogprob[]): JsonObject {
  const content: JsonValue = logprobs.map(({ token, logprob, top }) => ({
    token,
    logprob,
    bytes: null,
    top_logprobs: top.map((one) => ({ token: one.token, logprob: one.logprob, bytes: null })),
  }));
  return { content, refusal: null };
}
