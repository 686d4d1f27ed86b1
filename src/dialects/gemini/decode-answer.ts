// A GenerateContentResponse → a neutral answer: https://ai.google.dev/api/generate-content#generatecontentresponse

import type { Answer, Choice } from '../../conversation/answer.ts';
import type { Part } from '../../conversation/part.ts';
import { restOf } from '../../conversation/vendor-members.ts';
import { isObject, type JsonObject } from '../../json/json-value.ts';
import { numberOf, present, stringOf } from '../../json/read-value.ts';
import type { AnswerContext } from '../answer-context.ts';
import { CallIds } from './call-ids.ts';
import { camelMembers, listOf } from './camel-members.ts';
import { decodeCitations } from './convert-citations.ts';
import { decodeLogprobs } from './convert-logprobs.ts';
import { decodePart } from './decode-parts.ts';
import { decodeFinish, encodeFinish } from './finish-reasons.ts';
import { decodeUsage } from './token-counts.ts';

const DIALECT = 'gemini';
const ANSWER = new Set(['candidates', 'usageMetadata', 'modelVersion', 'responseId']);
const CANDIDATE = new Set(['content', 'finishReason', 'index']);

/** @throws where the body is no answer of Gemini's */
export function decodeAnswer(wire: JsonObject, { seed }: AnswerContext): Answer {
  const body = camelMembers(wire);
  const candidates = listOf(body['candidates']).map(camelMembers);
  if (candidates.length === 0 && !isBlocked(body)) throw new TypeError('the answer has no candidates');
  const ids = new CallIds(seed);
  candidates.sort((one, other) => (numberOf(one['index']) ?? 0) - (numberOf(other['index']) ?? 0));
  const usage = decodeUsage(body['usageMetadata']);
  const rest = restOf(body, ANSWER);
  return {
    choices:
      candidates.length === 0
        ? [{ parts: [], finishReason: 'content-filter' }]
        : candidates.map((candidate) => decodeCandidate(candidate, ids)),
    ...present({
      id: stringOf(body['responseId']),
      model: stringOf(body['modelVersion']),
      created: secondsOf(stringOf(body['createTime'])),
      usage,
      serviceTier: stringOf(usage?.vendor?.members['serviceTier']),
      vendor: rest === undefined ? undefined : ({ dialect: DIALECT, members: rest } as const),
    }),
  };
}

/** Google would not read the prompt: the answer says so and has no candidates. */
export function isBlocked(body: JsonObject): boolean {
  return camelMembers(body['promptFeedback'])['blockReason'] !== undefined;
}

export function secondsOf(time: string | undefined): number | undefined {
  const milliseconds = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}

function decodeCandidate(candidate: JsonObject, ids: CallIds): Choice {
  const grounding = candidate['groundingMetadata'];
  const wireParts = listOf(camelMembers(candidate['content'])['parts']);
  const parts: Part[] = [];
  for (const [index, wire] of wireParts.entries()) {
    for (const part of decodePart(wire, ids)) {
      if (part.type !== 'text' || !isObject(grounding)) parts.push(part);
      else {
        const citations = decodeCitations(grounding, part.text, index);
        parts.push(citations.length === 0 ? part : { ...part, citations });
      }
    }
  }
  const reason = stringOf(candidate['finishReason']) ?? 'STOP';
  const finishReason = decodeFinish(
    reason,
    parts.some(({ type }) => type === 'tool-call'),
  );
  const members: JsonObject = { ...restOf(candidate, CANDIDATE) };
  if (encodeFinish(finishReason) !== reason) members['finishReason'] = reason;
  return {
    parts,
    finishReason,
    ...present({
      logprobs: decodeLogprobs(candidate['logprobsResult']),
      vendor: Object.keys(members).length > 0 ? ({ dialect: DIALECT, members } as const) : undefined,
    }),
  };
}
