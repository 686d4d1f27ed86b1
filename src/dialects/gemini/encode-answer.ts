// A neutral answer → a GenerateContentResponse, for a client that speaks Gemini's dialect.

import type { Answer, Choice } from '../../conversation/answer.ts';
import { ownMembers } from '../../conversation/vendor-members.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { objectOf, present } from '../../json/read-value.ts';
import type { AnswerContext } from '../answer-context.ts';
import { type CitedText, encodeCitations } from './convert-citations.ts';
import { encodeLogprobs } from './convert-logprobs.ts';
import { encodeOutput } from './encode-output.ts';
import { encodeFinish } from './finish-reasons.ts';
import { encodeUsage } from './token-counts.ts';

const DIALECT = 'gemini';

export function encodeAnswer(answer: Answer, context: AnswerContext): JsonObject {
  const own = ownMembers(answer.vendor, DIALECT);
  const [first, ...others] = answer.choices;
  const isBlocked =
    others.length === 0 &&
    first?.parts.length === 0 &&
    objectOf(own['promptFeedback'])['blockReason'] !== undefined;
  return {
    ...(isBlocked ? {} : { candidates: answer.choices.map(encodeChoice) }),
    ...present({ usageMetadata: answer.usage && encodeUsage(answer.usage) }),
    modelVersion: answer.model ?? context.model,
    responseId: answer.id ?? context.seed,
    ...own,
  };
}

function encodeChoice({ parts, finishReason, logprobs, vendor }: Choice, index: number): JsonObject {
  const wire: JsonObject[] = [];
  const cited: CitedText[] = [];
  let isMalformed = false;
  for (const part of parts) {
    if (isMark(part) && attach(wire, encodeOutput(part))) continue;
    if (part.type === 'text' && part.citations !== undefined) {
      cited.push({ partIndex: wire.length, text: part.text, citations: part.citations });
    }
    const encoded = encodeOutput(part);
    if (encoded !== undefined) wire.push(encoded);
    else if (part.type === 'tool-call') isMalformed = true;
  }
  return {
    content: { parts: wire, role: 'model' },
    finishReason: isMalformed ? 'MALFORMED_FUNCTION_CALL' : encodeFinish(finishReason),
    index,
    ...present({
      groundingMetadata: encodeCitations(cited),
      logprobsResult: logprobs === undefined ? undefined : encodeLogprobs(logprobs),
    }),
    ...ownMembers(vendor, DIALECT),
  };
}

/** A signature that stood beside the content before it. */
function isMark(part: Choice['parts'][number]): boolean {
  return part.type === 'reasoning' && part.text === '' && part.signature?.dialect === DIALECT;
}

function attach(wire: JsonObject[], mark: JsonObject | undefined): boolean {
  const last = wire.at(-1);
  if (last === undefined || last['thought'] !== undefined || last['functionCall'] !== undefined) return false;
  if (last['thoughtSignature'] !== undefined) return false;
  wire[wire.length - 1] = { ...last, ...present({ thoughtSignature: mark?.['thoughtSignature'] }) };
  return true;
}
