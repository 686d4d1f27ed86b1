// A whole answer → a response object. This API has one answer per request: others are never asked for.

import type { Answer } from '../../conversation/answer.ts';
import { isObject, type JsonObject } from '../../json/json-value.ts';
import type { AnswerContext } from '../answer-context.ts';
import { customIn, encodeOutput } from './encode-output.ts';
import { encodeResponse, endOf } from './encode-response.ts';
import { ownMembers } from './keep-rest.ts';

export function encodeAnswer(answer: Answer, context: AnswerContext): JsonObject {
  const [choice] = answer.choices;
  const own = ownMembers(choice?.vendor);
  const end = endOf(choice?.finishReason ?? 'content-filter');
  const body = encodeResponse(
    {
      ...end,
      ...(isObject(own['error']) ? { error: own['error'] } : {}),
      ...(isObject(own['incomplete_details']) ? { incomplete: own['incomplete_details'] } : {}),
      output: outputItems(answer, context),
      model: answer.model,
      serviceTier: answer.serviceTier,
      usage: answer.usage,
    },
    context,
  );
  return { ...body, ...ownMembers(answer.vendor) };
}

/** What the answer adds to the conversation: a later request has it in its `input`, before its own items. */
export function outputItems({ choices }: Answer, { seed, memo }: AnswerContext): JsonObject[] {
  const [choice] = choices;
  if (choice === undefined) return [];
  const { status } = endOf(choice.finishReason);
  return encodeOutput(
    choice.parts,
    choice.logprobs ?? [],
    seed,
    status === 'completed' ? status : 'incomplete',
    customIn(memo),
  );
}
