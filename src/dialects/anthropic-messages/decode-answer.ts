// A Messages answer → neutral terms: https://platform.claude.com/docs/en/api/messages

import type { Answer, FinishReason } from '../../conversation/answer.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { isObject } from '../../json/json-value.ts';
import { present, stringOf } from '../../json/read-value.ts';
import { decodeBlocks } from './decode-blocks.ts';
import { decodeRefusal } from './decode-refusal.ts';
import { decodeTier, decodeUsage } from './decode-usage.ts';
import { keep, keepRest } from './keep-rest.ts';

const ANSWER = new Set('id type role model content stop_reason stop_sequence stop_details usage'.split(' '));

/** @throws TypeError where the body is no such answer */
export function decodeAnswer(body: JsonObject): Answer {
  if (!Array.isArray(body['content'])) throw new TypeError('an answer without content');
  const parts = decodeBlocks(body['content']);
  const calls = parts.some((part) => part.type === 'tool-call');
  const details = body['stop_details'];
  const refusal = decodeRefusal(details);
  return {
    choices: [
      {
        parts: refusal === undefined ? parts : [...parts, refusal],
        finishReason: decodeStop(stringOf(body['stop_reason']), calls),
        ...present({ stopSequence: stringOf(body['stop_sequence']) }),
        ...keep(isObject(details) ? { stop_details: details } : undefined),
      },
    ],
    ...present({
      id: stringOf(body['id']),
      model: stringOf(body['model']),
      usage: decodeUsage(body['usage']),
      serviceTier: decodeTier(body['usage']),
    }),
    ...keepRest(body, ANSWER),
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
