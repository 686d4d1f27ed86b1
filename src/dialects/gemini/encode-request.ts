// Neutral terms → a generateContent request: https://ai.google.dev/api/generate-content. Model and streaming are in the path.

import type { AnswerFormat, ConversationRequest } from '../../conversation/conversation-request.ts';
import { foreignMembers, ownMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { present } from '../../json/read-value.ts';
import { withoutNeedless } from '../caches-unasked.ts';
import type { EncodedRequest, EncodingTarget } from '../provider-dialect.ts';
import { encodeContents } from './encode-contents.ts';
import { unknown } from './encode-parts.ts';
import { encodeThinking } from './encode-thinking.ts';
import { encodeToolConfig, encodeTools } from './encode-tools.ts';
import { withMembers } from './place-members.ts';

const DIALECT = 'gemini';
/** https://ai.google.dev/api/generate-content#generationconfig */
const MOST_STOPS = 5;
const MOST_LOGPROBS = 20;
const MOST_ANSWERS = 8;

/** @throws GatewayError 'invalid-request' for what must not be lost */
export function encodeRequest(request: ConversationRequest, { modelId }: EncodingTarget): EncodedRequest {
  const warnings: Warning[] = foreignMembers(request.vendor, DIALECT).map(unknown);
  if (request.user !== undefined) warnings.push(unknown('user'));
  // Vertex AI alone takes labels: https://ai.google.dev/api/generate-content knows none, and refuses what it does not know.
  if (request.metadata !== undefined) warnings.push(unknown('metadata'));
  if (request.cacheKey !== undefined) warnings.push(unknown('prompt_cache_key'));
  if (request.cache !== undefined) {
    warnings.push({ param: 'cache_control', message: `${DIALECT} decides by itself what to cache` });
  }
  const { contents, instructions, cachedContent } = encodeContents(request.messages, modelId, warnings);
  const tools = request.tools === undefined ? [] : encodeTools(request.tools, warnings);
  const config = encodeConfig(request, modelId, warnings);
  const body: JsonObject = {
    contents,
    ...present({
      systemInstruction: instructions.length > 0 ? { parts: instructions } : undefined,
      tools: tools.length > 0 ? tools : undefined,
      toolConfig: encodeToolConfig(request, warnings),
      generationConfig: Object.keys(config).length > 0 ? config : undefined,
      cachedContent,
      serviceTier: tierOf(request),
    }),
  };
  return {
    body: withMembers(body, ownMembers(request.vendor, DIALECT)),
    warnings: withoutNeedless(warnings, modelId),
  };
}

function encodeConfig(request: ConversationRequest, modelId: string, warnings: Warning[]): JsonObject {
  const { logprobs, reasoning, stop } = request;
  if (stop !== undefined && stop.length > MOST_STOPS) {
    warnings.push({ param: 'stop', message: `only the first ${MOST_STOPS} are sent` });
  }
  const limit = (
    name: string,
    value: number | undefined,
    least: number,
    most: number,
  ): number | undefined => {
    if (value === undefined || (value >= least && value <= most)) return value;
    const allowed = value < least ? least : most;
    warnings.push({ param: name, message: `${value < least ? 'raised' : 'lowered'} to ${allowed}` });
    return allowed;
  };
  return present({
    temperature: limit('temperature', request.temperature, 0, 2),
    topP: limit('top_p', request.topP, 0, 1),
    topK: request.topK,
    maxOutputTokens: limit('max_tokens', request.maxTokens, 1, Number.MAX_SAFE_INTEGER),
    candidateCount: limit('n', request.answers, 1, MOST_ANSWERS),
    stopSequences: stop === undefined || stop.length === 0 ? undefined : stop.slice(0, MOST_STOPS),
    seed: seedOf(request, warnings),
    presencePenalty: limit('presence_penalty', request.presencePenalty, -2, 2),
    frequencyPenalty: limit('frequency_penalty', request.frequencyPenalty, -2, 2),
    responseLogprobs: logprobs === undefined ? undefined : true,
    logprobs:
      logprobs === undefined || logprobs.top === 0
        ? undefined
        : limit('top_logprobs', logprobs.top, 1, MOST_LOGPROBS),
    ...formatOf(request.format),
    thinkingConfig: reasoning === undefined ? undefined : encodeThinking(reasoning, modelId, warnings),
  });
}

/** An int32 on the wire. */
function seedOf({ seed }: ConversationRequest, warnings: Warning[]): number | undefined {
  if (seed === undefined || seed === (seed | 0)) return seed;
  warnings.push({ param: 'seed', message: 'not sent: it has more than 32 bits' });
  return undefined;
}

function formatOf(format: AnswerFormat | undefined): JsonObject {
  switch (format?.type) {
    case undefined:
      return {};
    case 'text':
      return { responseMimeType: 'text/plain' };
    case 'json':
      return { responseMimeType: 'application/json' };
    case 'json-schema': {
      const { schema, description } = format;
      const described = description === undefined ? schema : { description, ...schema };
      return { responseMimeType: 'application/json', responseJsonSchema: described };
    }
  }
}

function tierOf({ serviceTier }: ConversationRequest): string | undefined {
  if (serviceTier === 'default' || serviceTier === 'standard-only') return 'standard';
  return serviceTier === 'auto' ? undefined : serviceTier;
}
