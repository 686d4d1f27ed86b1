// A Converse answer → neutral terms: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html

import type { Answer, FinishReason, Usage } from '../../conversation/answer.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { numberOf, objectOf, present, stringOf } from '../../json/read-value.ts';
import type { AnswerContext } from '../answer-context.ts';
import { decodeBlocks } from './decode-blocks.ts';

/** @throws TypeError where the body is no such answer */
export function decodeAnswer(body: JsonObject, context: AnswerContext): Answer {
  const { content } = objectOf(objectOf(body['output'])['message']);
  if (!Array.isArray(content)) throw new TypeError('an answer without a message');
  const parts = decodeBlocks(content, context.model);
  const calls = parts.some((part) => part.type === 'tool-call');
  const reason = stringOf(body['stopReason']);
  return {
    choices: [
      {
        parts,
        finishReason: decodeStop(reason, calls),
        ...present({ stopSequence: stopSequenceOf(body['additionalModelResponseFields']) }),
      },
    ],
    ...present({
      model: decodeModel(body['trace']),
      usage: decodeUsage(body['usage']),
      serviceTier: decodeTier(body['serviceTier']),
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
    case 'guardrail_intervened':
    case 'content_filtered':
      return 'content-filter';
    case 'malformed_model_output':
    case 'malformed_tool_use':
      return 'error';
    // Claude's own, where Bedrock hands it on.
    case 'refusal':
      return 'refusal';
    default:
      return hasCalls ? 'tool-calls' : 'stop';
  }
}

/** Claude says which one it was, if it is asked to; in a stream as it words its own `message_delta`. */
export function stopSequenceOf(fields: JsonValue | undefined): string | undefined {
  const members = objectOf(fields);
  return stringOf(members['stop_sequence']) ?? stringOf(objectOf(members['delta'])['stop_sequence']);
}

/** What a prompt router chose; nothing else names the model. */
function decodeModel(trace: JsonValue | undefined): string | undefined {
  return stringOf(objectOf(objectOf(trace)['promptRouter'])['invokedModelId']);
}

function decodeTier(tier: JsonValue | undefined): string | undefined {
  return stringOf(objectOf(tier)['type']);
}

/** The vendor counts cached tokens apart from `inputTokens`. */
export function decodeUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const cachedInput = numberOf(value['cacheReadInputTokens']);
  const cacheWrite = numberOf(value['cacheWriteInputTokens']);
  return {
    input: (numberOf(value['inputTokens']) ?? 0) + (cachedInput ?? 0) + (cacheWrite ?? 0),
    output: numberOf(value['outputTokens']) ?? 0,
    ...present({ cachedInput, cacheWrite }),
  };
}
