// The response object, of plain answers and of the stream's first and last events. What it repeats of the request comes from
// the memo. https://platform.openai.com/docs/api-reference/responses/object

import type { FinishReason, Usage } from '../../conversation/answer.ts';
import type { ProviderError, ProviderErrorKind } from '../../conversation/provider-error.ts';
import { isObject, type JsonObject } from '../../json/json-value.ts';
import type { AnswerContext } from '../answer-context.ts';
import { ownMembers } from './keep-rest.ts';

/** Settings of the request that a response repeats. */
export const ECHOED: readonly string[] = (
  'background conversation instructions max_output_tokens max_tool_calls metadata parallel_tool_calls ' +
  'previous_response_id prompt prompt_cache_key prompt_cache_retention reasoning safety_identifier service_tier store ' +
  'temperature text tool_choice tools top_logprobs top_p truncation user'
).split(' ');

export interface ResponseState {
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  readonly output: JsonObject[];
  readonly model: string | undefined;
  readonly serviceTier: string | undefined;
  readonly usage: Usage | undefined;
  /** Of an incomplete response: why. */
  readonly incomplete?: JsonObject;
  /** Of a failed response: why. */
  readonly error?: JsonObject;
}

export function responseId(seed: string): string {
  return `resp_${seed}`;
}

export function encodeResponse(
  state: ResponseState,
  { memo, seed, created, model, keepAs }: AnswerContext,
): JsonObject {
  const { text, reasoning, conversation } = memo;
  return {
    id: responseId(seed),
    object: 'response',
    created_at: created,
    status: state.status,
    access_programs: null,
    background: memo['background'] ?? false,
    ...(conversation === undefined
      ? {}
      : { conversation: typeof conversation === 'string' ? { id: conversation } : conversation }),
    error: state.error ?? null,
    incomplete_details: state.incomplete ?? null,
    instructions: memo['instructions'] ?? null,
    max_output_tokens: memo['max_output_tokens'] ?? null,
    max_tool_calls: memo['max_tool_calls'] ?? null,
    metadata: memo['metadata'] ?? {},
    model: state.model ?? model,
    output: state.output,
    parallel_tool_calls: memo['parallel_tool_calls'] ?? true,
    previous_response_id: memo['previous_response_id'] ?? null,
    prompt: memo['prompt'] ?? null,
    prompt_cache_key: memo['prompt_cache_key'] ?? null,
    prompt_cache_retention: memo['prompt_cache_retention'] ?? null,
    reasoning: { effort: null, summary: null, ...(isObject(reasoning) ? reasoning : {}) },
    safety_identifier: memo['safety_identifier'] ?? null,
    service_tier: state.serviceTier ?? memo['service_tier'] ?? 'auto',
    // What was asked for does not matter: nobody else keeps a translated answer.
    store: keepAs !== undefined && state.status !== 'failed',
    temperature: memo['temperature'] ?? 1,
    text: { format: { type: 'text' }, ...(isObject(text) ? text : {}) },
    tool_choice: memo['tool_choice'] ?? 'auto',
    tools: memo['tools'] ?? [],
    top_logprobs: memo['top_logprobs'] ?? 0,
    top_p: memo['top_p'] ?? 1,
    truncation: memo['truncation'] ?? 'disabled',
    usage: state.usage === undefined ? null : encodeUsage(state.usage),
    ...(memo['user'] === undefined ? {} : { user: memo['user'] }),
  };
}

function encodeUsage({ input, cachedInput, cacheWrite, output, reasoning, vendor }: Usage): JsonObject {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cachedInput ?? 0, cache_write_tokens: cacheWrite ?? 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning ?? 0 },
    total_tokens: input + output,
    ...ownMembers(vendor),
  };
}

/** How a response ends, by the reason for which its answer did. */
export function endOf(reason: FinishReason): Pick<ResponseState, 'status' | 'incomplete' | 'error'> & {
  readonly status: 'completed' | 'incomplete' | 'failed';
} {
  switch (reason) {
    case 'length':
    case 'context-length':
      return { status: 'incomplete', incomplete: { reason: 'max_output_tokens' } };
    case 'content-filter':
      return { status: 'incomplete', incomplete: { reason: 'content_filter' } };
    case 'error':
      return {
        status: 'failed',
        error: { code: 'server_error', message: 'the model gave an answer that its provider could not use' },
      };
    default:
      return { status: 'completed' };
  }
}

const CODE_OF_KIND: Readonly<Partial<Record<ProviderErrorKind, string>>> = {
  'rate-limited': 'rate_limit_exceeded',
  quota: 'insufficient_quota',
  'context-length': 'context_length_exceeded',
  'content-policy': 'content_policy_violation',
  'invalid-request': 'invalid_prompt',
  overloaded: 'server_is_overloaded',
};

/** The `error` of a failed response. */
export function encodeFailure({ kind, message }: ProviderError): JsonObject {
  return { code: CODE_OF_KIND[kind] ?? 'server_error', message };
}
