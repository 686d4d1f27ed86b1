// A response object → an answer: https://platform.openai.com/docs/api-reference/responses/object

import type { Answer, Choice, FinishReason, TokenLogprob, Usage } from '../../conversation/answer.ts';
import { readCarried } from '../../conversation/carried-signature.ts';
import type { Part } from '../../conversation/part.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { isObject } from '../../json/json-value.ts';
import { numberOf, objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import { decodeContent } from './decode-content.ts';
import { decodeCall, decodeReasoning, withItemMembers } from './decode-items.ts';
import { ECHOED } from './encode-response.ts';
import { DIALECT, keepRest } from './keep-rest.ts';

/** Read below, or repeated from the request. */
const KNOWN = new Set([
  ...'id object created_at status error incomplete_details model output usage output_text'.split(' '),
  'access_programs',
  ...ECHOED,
]);
const USAGE = new Set(
  'input_tokens input_tokens_details output_tokens output_tokens_details total_tokens'.split(' '),
);

const DETAILS = new Set(['cached_tokens', 'cache_write_tokens', 'reasoning_tokens']);

/** @throws Error where the body is no response */
export function decodeAnswer(body: JsonObject): Answer {
  const { output, usage } = body;
  if (!Array.isArray(output)) throw new Error(`the body is no answer of ${DIALECT}: it has no output`);
  let choice: Choice;
  try {
    choice = decodeChoice(body, objectsOf(output));
  } catch (cause) {
    // What the items' decoders throw would blame the client.
    throw new Error(`the body is no answer of ${DIALECT}`, { cause });
  }
  return {
    ...present({
      id: stringOf(body['id']),
      model: stringOf(body['model']),
      created: numberOf(body['created_at']),
      usage: isObject(usage) ? decodeUsage(usage) : undefined,
      serviceTier: stringOf(body['service_tier']),
    }),
    choices: [choice],
    ...keepRest(body, KNOWN),
  };
}

function decodeChoice(body: JsonObject, output: readonly JsonObject[]): Choice {
  const parts: Part[] = [];
  const logprobs: TokenLogprob[] = [];
  for (let index = 0; index < output.length; index += 1) {
    const item = output[index];
    if (item !== undefined) decodeItem(item, `output[${index}]`, parts, logprobs);
  }
  const finishReason = finishOf(
    body,
    output.some(isCall),
    parts.some((part) => part.type === 'refusal'),
  );
  const kept = vendorOf(body);
  return {
    parts,
    finishReason,
    ...(logprobs.length === 0 ? {} : { logprobs }),
    ...(kept === undefined ? {} : { vendor: { dialect: DIALECT, members: kept } as const }),
  };
}

function decodeItem(item: JsonObject, param: string, parts: Part[], logprobs: TokenLogprob[]): void {
  const type = stringOf(item['type']) ?? 'item';
  if (type === 'message') {
    const content = decodeContent(item['content'], `${param}.content`);
    if (content !== undefined) {
      const [first, ...more] = content;
      if (first !== undefined) parts.push(withItemMembers(first, item), ...more);
      for (const part of objectsOf(item['content'])) logprobs.push(...decodeLogprobs(part['logprobs']));
      return;
    }
  } else if (isCall(item)) {
    parts.push(decodeCall(item, param));
    return;
  } else if (type === 'reasoning') {
    const encrypted = stringOf(item['encrypted_content']);
    if (encrypted === undefined || readCarried(encrypted, DIALECT).callId === undefined) {
      parts.push(...decodeReasoning(item));
      return;
    }
  }
  parts.push({ type: 'vendor', dialect: DIALECT, name: type, value: item });
}

export function isCall(item: JsonObject): boolean {
  return item['type'] === 'function_call' || item['type'] === 'custom_tool_call';
}

/** @param response the response object, plain or in the last event of a stream */
export function finishOf(response: JsonObject, called: boolean, refused: boolean): FinishReason {
  const { status } = response;
  if (status === 'failed' || status === 'cancelled') return 'error';
  if (status === 'incomplete') {
    const { reason } = objectOf(response['incomplete_details']);
    return reason === 'content_filter' ? 'content-filter' : 'length';
  }
  return called ? 'tool-calls' : refused ? 'refusal' : 'stop';
}

/** Why it failed, and reasons for an early end that others do not know. */
function vendorOf(body: JsonObject): JsonObject | undefined {
  const { error, incomplete_details } = body;
  const { reason } = objectOf(incomplete_details);
  if (isObject(error)) return { error };
  if (reason === undefined || reason === 'max_output_tokens' || reason === 'content_filter') return undefined;
  return { incomplete_details };
}

export function decodeUsage(usage: JsonObject): Usage {
  const { input_tokens_details, output_tokens_details } = usage;
  const input = objectOf(input_tokens_details);
  const output = objectOf(output_tokens_details);
  const rest: JsonObject = { ...keepRest(usage, USAGE).vendor?.members };
  if (keepRest(input, DETAILS).vendor !== undefined) rest['input_tokens_details'] = input;
  if (keepRest(output, DETAILS).vendor !== undefined) rest['output_tokens_details'] = output;
  return {
    input: numberOf(usage['input_tokens']) ?? 0,
    output: numberOf(usage['output_tokens']) ?? 0,
    ...present({
      cachedInput: numberOf(input['cached_tokens']),
      cacheWrite: numberOf(input['cache_write_tokens']),
      reasoning: numberOf(output['reasoning_tokens']),
      vendor: Object.keys(rest).length === 0 ? undefined : ({ dialect: DIALECT, members: rest } as const),
    }),
  };
}

export function decodeLogprobs(value: JsonValue | undefined): TokenLogprob[] {
  return objectsOf(value).map((one) => ({
    ...decodeToken(one),
    top: objectsOf(one['top_logprobs']).map(decodeToken),
  }));
}

function decodeToken(one: JsonObject): Omit<TokenLogprob, 'top'> {
  const { bytes } = one;
  return {
    token: stringOf(one['token']) ?? '',
    logprob: numberOf(one['logprob']) ?? 0,
    ...(Array.isArray(bytes) ? { bytes: bytes.filter((byte) => typeof byte === 'number') } : {}),
  };
}
