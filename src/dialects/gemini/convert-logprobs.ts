// Log probabilities: https://ai.google.dev/api/generate-content#LogprobsResult

import type { TokenLogprob } from '../../conversation/answer.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { numberOf, objectsOf, stringOf } from '../../json/read-value.ts';
import { camelMembers } from './camel-members.ts';

/** Undefined where the answer has none. */
export function decodeLogprobs(value: JsonValue | undefined): TokenLogprob[] | undefined {
  if (!isObject(value)) return undefined;
  const result = camelMembers(value);
  const top = objectsOf(result['topCandidates']);
  return objectsOf(result['chosenCandidates']).map((chosen, index) => ({
    ...one(chosen),
    top: objectsOf(top[index]?.['candidates']).map(one),
  }));
}

function one(wire: JsonObject): { token: string; logprob: number } {
  const candidate = camelMembers(wire);
  return { token: stringOf(candidate['token']) ?? '', logprob: numberOf(candidate['logProbability']) ?? 0 };
}

export function encodeLogprobs(logprobs: readonly TokenLogprob[]): JsonObject {
  return {
    chosenCandidates: logprobs.map(candidate),
    topCandidates: logprobs.map(({ top }) => ({ candidates: top.map(candidate) })),
  };
}

function candidate({ token, logprob }: { readonly token: string; readonly logprob: number }): JsonObject {
  return { token, logProbability: logprob };
}
