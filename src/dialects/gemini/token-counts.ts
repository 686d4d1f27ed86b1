// Gemini's token counts ↔ neutral usage: https://ai.google.dev/api/generate-content#UsageMetadata. Thoughts are counted apart
// from the candidates, and what tools added apart from the prompt.

import type { Usage } from '../../conversation/answer.ts';
import { ownMembers, restOf } from '../../conversation/vendor-members.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { numberOf, present } from '../../json/read-value.ts';
import { camelMembers } from './camel-members.ts';

const DIALECT = 'gemini';
const COUNTS = new Set([
  'promptTokenCount',
  'cachedContentTokenCount',
  'candidatesTokenCount',
  'thoughtsTokenCount',
  'totalTokenCount',
]);

export function decodeUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const counts = camelMembers(value);
  const rest = restOf(counts, COUNTS);
  const reasoning = numberOf(counts['thoughtsTokenCount']);
  const ofTools = numberOf(counts['toolUsePromptTokenCount']) ?? 0;
  return {
    input: (numberOf(counts['promptTokenCount']) ?? 0) + ofTools,
    output: (numberOf(counts['candidatesTokenCount']) ?? 0) + (reasoning ?? 0),
    ...present({
      cachedInput: numberOf(counts['cachedContentTokenCount']),
      reasoning,
      vendor: rest === undefined ? undefined : ({ dialect: DIALECT, members: rest } as const),
    }),
  };
}

export function encodeUsage({ input, cachedInput, output, reasoning, vendor }: Usage): JsonObject {
  const own = ownMembers(vendor, DIALECT);
  return {
    promptTokenCount: input - (numberOf(own['toolUsePromptTokenCount']) ?? 0),
    ...present({ cachedContentTokenCount: cachedInput }),
    candidatesTokenCount: Math.max(0, output - (reasoning ?? 0)),
    ...present({ thoughtsTokenCount: reasoning }),
    totalTokenCount: input + output,
    ...own,
  };
}
