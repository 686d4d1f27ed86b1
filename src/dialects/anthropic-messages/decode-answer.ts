// A Messages answer → neutral terms: https://docs.anthropic.com/en/api/messages

import type { Answer, FinishReason, Usage } from '../../conversation/answer.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { isObject } from '../../json/json-value.ts';
import { numberOf, present, stringOf } from '../../json/read-value.ts';
import { decodeBlocks } from './decode-blocks.ts';

/** @throws TypeError where the body is no such answer */
export function decodeAnswer(body: JsonObject): Answer {
  if (!Array.isArray(body['content'])) throw new TypeError('an answer without content');
  const parts = decodeBlocks(body['content']);
  const calls = parts.some((part) => part.type === 'tool-call');
  return {
    choices: [
      {
        parts,
        finishReason: decodeStop(stringOf(body['stop_reason']), calls),
        ...present({ stopSequence: stringOf(body['stop_sequence']) }),
      },
    ],
    ...present({
      id: stringOf(body['id']),
      model: stringOf(body['model']),
      usage: decodeUsage(body['usage']),
    }),
  };
}

export function decodeStop(reason: string | undefined, hasCalls: boolean): FinishReason {
  switch (reason) {
    case 'max_tokens':
      return 'length';
    case 'model_context_window_exceeded':
      return 'context-length';
    case 'tool_use':
      return 'tool-calls';
    case 'stop_sequence':
      return 'stop-sequence';
    case 'refusal':
      return 'refusal';
    case 'pause_turn':
      return 'pause';
    default:
      return hasCalls ? 'tool-calls' : 'stop';
  }
}

/** The vendor counts cached tokens apart from `input_tokens`. */
export function decodeUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const cachedInput = numberOf(value['cache_read_input_tokens']);
  const cacheWrite = numberOf(value['cache_creation_input_tokens']);
  return {
    input: (numberOf(value['input_tokens']) ?? 0) + (cachedInput ?? 0) + (cacheWrite ?? 0),
    output: numberOf(value['output_tokens']) ?? 0,
    ...present({ cachedInput, cacheWrite }),
  };
}
