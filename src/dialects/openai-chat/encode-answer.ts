// A neutral answer → a Chat Completions answer.

import type { Answer, Choice, FinishReason, TokenLogprob, Usage } from '../../conversation/answer.ts';
import type { Citation, Part } from '../../conversation/part.ts';
import { ownMembers } from '../../conversation/vendor-members.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { objectOf } from '../../json/read-value.ts';
import type { AnswerContext } from '../answer-context.ts';
import { encodeReasoning } from './encode-reasoning.ts';
import { encodeCalls } from './encode-tools.ts';

const FINISH_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'context-length': 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  refusal: 'content_filter',
  pause: 'stop',
  error: 'stop',
};

/** A refusal in the model's own words ends as any text does; one without them is the provider's. */
export function encodeFinish(reason: FinishReason, hasRefused: boolean): string {
  return reason === 'refusal' && hasRefused ? 'stop' : FINISH_REASONS[reason];
}

export function answerId(id: string | undefined, { seed }: AnswerContext): string {
  if (id?.startsWith('chatcmpl-')) return id;
  return `chatcmpl-${id ?? seed}`;
}

export function encodeAnswer(answer: Answer, context: AnswerContext): JsonObject {
  const custom = customIn(context.memo);
  return {
    id: answerId(answer.id, context),
    object: 'chat.completion',
    created: answer.created ?? context.created,
    model: answer.model ?? context.model,
    choices: answer.choices.map((choice, index) => encodeChoice(choice, index, custom)),
    ...(answer.usage === undefined ? {} : { usage: encodeUsage(answer.usage) }),
    ...(answer.serviceTier === undefined ? {} : { service_tier: answer.serviceTier }),
    ...ownMembers(answer.vendor, 'openai-chat'),
  };
}

/** The names of the client's custom tools, as decodeRequest noted them. */
export function customIn({ custom }: JsonObject): ReadonlySet<JsonValue> {
  return new Set(Array.isArray(custom) ? custom : []);
}

function encodeChoice(
  { parts, finishReason, logprobs, vendor }: Choice,
  index: number,
  custom: ReadonlySet<JsonValue>,
): JsonObject {
  const { message, ...others } = ownMembers(vendor, 'openai-chat');
  const { refusal, ...body } = encodeParts(parts, custom);
  return {
    index,
    message: { role: 'assistant', ...body, refusal, ...objectOf(message) },
    logprobs: logprobs === undefined ? null : encodeLogprobs(logprobs),
    finish_reason: encodeFinish(finishReason, refusal !== null),
    ...others,
  };
}

function encodeParts(
  parts: readonly Part[],
  custom: ReadonlySet<JsonValue>,
): JsonObject & { readonly refusal: string | null } {
  let text = '';
  let refusal = '';
  const annotations: JsonObject[] = [];
  for (const part of parts) {
    if (part.type === 'refusal') refusal += part.text;
    if (part.type !== 'text') continue;
    for (const citation of part.citations ?? []) {
      annotations.push(...encodeCitation(citation, text.length, part.text.length));
    }
    text += part.text;
  }
  const calls = encodeCalls(
    parts,
    () => true,
    ({ name }) => custom.has(name),
  );
  return {
    content: text === '' && (calls.length > 0 || refusal !== '') ? null : text,
    refusal: refusal === '' ? null : refusal,
    ...encodeReasoning(parts.filter((part) => part.type === 'reasoning')),
    ...(annotations.length === 0 ? {} : { annotations }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

/**
 * Chat cites URLs only, always with a place.
 *
 * @param offset where the part begins in the message's text
 * @param length of the part, which is what a citation without a place is of
 */
export function encodeCitation(
  { url, title, start, end }: Citation,
  offset: number,
  length: number,
): JsonObject[] {
  if (url === undefined) return [];
  const indexes = { start_index: (start ?? 0) + offset, end_index: (end ?? length) + offset };
  return [{ type: 'url_citation', url_citation: { url, title: title ?? '', ...indexes } }];
}

export function encodeUsage(usage: Usage): JsonObject {
  const { input, cachedInput, cacheWrite, output, reasoning, vendor } = usage;
  const {
    prompt_tokens_details: prompt,
    completion_tokens_details: completion,
    ...others
  } = ownMembers(vendor, 'openai-chat');
  const wire: JsonObject = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
  if (cachedInput !== undefined || cacheWrite !== undefined || isObject(prompt)) {
    wire['prompt_tokens_details'] = {
      ...(cachedInput === undefined ? {} : { cached_tokens: cachedInput }),
      ...(cacheWrite === undefined ? {} : { cache_write_tokens: cacheWrite }),
      ...objectOf(prompt),
    };
  }
  if (reasoning !== undefined || isObject(completion)) {
    wire['completion_tokens_details'] = {
      ...(reasoning === undefined ? {} : { reasoning_tokens: reasoning }),
      ...objectOf(completion),
    };
  }
  return { ...wire, ...others };
}

export function encodeLogprobs(logprobs: readonly TokenLogprob[]): JsonObject {
  const content = logprobs.map(({ top, ...token }) => ({
    ...encodeToken(token),
    top_logprobs: top.map(encodeToken),
  }));
  return { content, refusal: null };
}

function encodeToken({ token, logprob, bytes }: Omit<TokenLogprob, 'top'>): JsonObject {
  return { token, logprob, bytes: bytes === undefined ? null : [...bytes] };
}
