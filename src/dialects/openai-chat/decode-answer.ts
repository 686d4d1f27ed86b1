// A Chat Completions answer → neutral terms: https://platform.openai.com/docs/api-reference/chat/object

import type { Answer, Choice, FinishReason, TokenLogprob, Usage } from '../../conversation/answer.ts';
import type { Part } from '../../conversation/part.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { isObject } from '../../json/json-value.ts';
import { numberOf, objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import { decodeReasoning } from './decode-request.ts';

/** @throws TypeError where the body is no such answer */
export function decodeAnswer(body: JsonObject): Answer {
  if (!Array.isArray(body['choices'])) throw new TypeError('an answer without choices');
  return {
    choices: objectsOf(body['choices']).map(decodeChoice),
    ...present({
      id: stringOf(body['id']),
      model: stringOf(body['model']),
      created: numberOf(body['created']),
      usage: decodeUsage(body['usage']),
      serviceTier: stringOf(body['service_tier']),
    }),
  };
}

function decodeChoice(choice: JsonObject): Choice {
  const message = objectOf(choice['message']);
  const parts: Part[] = [...decodeReasoning(message)];
  const text = stringOf(message['content']) ?? '';
  if (text !== '') parts.push({ type: 'text', text });
  const refusal = stringOf(message['refusal']) ?? '';
  if (refusal !== '') parts.push({ type: 'refusal', text: refusal });
  for (const call of objectsOf(message['tool_calls'])) {
    const called = objectOf(call['function']);
    const json = stringOf(called['arguments']) ?? '';
    parts.push({
      type: 'tool-call',
      id: stringOf(call['id']) ?? '',
      name: stringOf(called['name']) ?? '',
      arguments: json.trim() === '' ? '{}' : json,
    });
  }
  const calls = parts.some((part) => part.type === 'tool-call');
  const logprobs = decodeLogprobs(choice['logprobs']);
  return {
    parts,
    finishReason: decodeFinish(stringOf(choice['finish_reason']), calls),
    ...(logprobs === undefined ? {} : { logprobs }),
  };
}

/** Some servers say `stop` after a tool call. */
export function decodeFinish(reason: string | undefined, hasCalls: boolean): FinishReason {
  switch (reason) {
    case 'length':
      return 'length';
    case 'content_filter':
      return 'content-filter';
    case 'tool_calls':
    case 'function_call':
      return 'tool-calls';
    default:
      return hasCalls ? 'tool-calls' : 'stop';
  }
}

export function decodeUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  return {
    input: numberOf(value['prompt_tokens']) ?? 0,
    output: numberOf(value['completion_tokens']) ?? 0,
    ...present({
      cachedInput: numberOf(objectOf(value['prompt_tokens_details'])['cached_tokens']),
      reasoning: numberOf(objectOf(value['completion_tokens_details'])['reasoning_tokens']),
    }),
  };
}

export function decodeLogprobs(value: JsonValue | undefined): TokenLogprob[] | undefined {
  const tokens = objectOf(value)['content'];
  if (!Array.isArray(tokens)) return undefined;
  return objectsOf(tokens).map((token) => ({
    token: stringOf(token['token']) ?? '',
    logprob: numberOf(token['logprob']) ?? 0,
    top: objectsOf(token['top_logprobs']).map((top) => ({
      token: stringOf(top['token']) ?? '',
      logprob: numberOf(top['logprob']) ?? 0,
    })),
  }));
}
