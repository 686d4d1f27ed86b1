// A generateContent request → neutral terms: https://ai.google.dev/api/generate-content

import type {
  AnswerFormat,
  ConversationRequest,
  Message,
  ReasoningEffort,
  ReasoningSettings,
  ServiceTier,
} from '../../conversation/conversation-request.ts';
import type { Part } from '../../conversation/part.ts';
import { restOf } from '../../conversation/vendor-members.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { booleanOf, numberOf, present, stringOf } from '../../json/read-value.ts';
import type { DecodedRequest } from '../client-dialect.ts';
import { CallIds } from './call-ids.ts';
import { camelMembers, listOf } from './camel-members.ts';
import { toJsonSchema } from './convert-schema.ts';
import { decodeContents } from './decode-contents.ts';
import { decodePart } from './decode-parts.ts';
import { decodeToolConfig, decodeTools } from './decode-tools.ts';

const DIALECT = 'gemini';

/** Read here, or the gateway's own; the model is named by the path. */
const BODY = new Set(
  (
    'contents systemInstruction tools toolConfig generationConfig labels cachedContent model ' +
    'routingPolicy routingPreferences'
  ).split(' '),
);
const CONFIG = new Set(
  (
    'temperature topP topK maxOutputTokens candidateCount stopSequences seed presencePenalty frequencyPenalty ' +
    'thinkingConfig'
  ).split(' '),
);

/** @throws GatewayError 'invalid-request' for a role that Google does not have */
export function decodeRequest(wire: JsonObject, query = ''): DecodedRequest {
  const body = camelMembers(wire);
  const config = camelMembers(body['generationConfig']);
  const { toolChoice, rest: toolRest } = decodeToolConfig(body['toolConfig']);
  const tools = decodeTools(body['tools']);
  const tier = decodeTier(body['serviceTier']);
  const { format, known: formatMembers } = decodeFormat(config);
  const wantsLogprobs = config['responseLogprobs'] === true;
  const members: JsonObject = { ...restOf(body, BODY), ...toolRest };
  if (tier !== undefined) delete members['serviceTier'];
  for (const [name, value] of Object.entries(restOf(config, CONFIG) ?? {})) {
    if (formatMembers.includes(name) || name === 'responseLogprobs') continue;
    if (name === 'logprobs' && wantsLogprobs) continue;
    members[`generationConfig.${name}`] = value;
  }
  const cached = cachedContent(body);
  const system = instructions(body);
  const { messages, places } = decodeContents(body['contents']);
  const request: ConversationRequest = {
    messages: [...cached, ...system, ...messages],
    ...present({
      tools: tools.length > 0 ? tools : undefined,
      toolChoice,
      format,
      reasoning: decodeThinking(config['thinkingConfig']),
      maxTokens: numberOf(config['maxOutputTokens']),
      temperature: numberOf(config['temperature']),
      topP: numberOf(config['topP']),
      topK: numberOf(config['topK']),
      frequencyPenalty: numberOf(config['frequencyPenalty']),
      presencePenalty: numberOf(config['presencePenalty']),
      seed: numberOf(config['seed']),
      stop: texts(config['stopSequences']),
      answers: numberOf(config['candidateCount']),
      logprobs: wantsLogprobs ? { top: numberOf(config['logprobs']) ?? 0 } : undefined,
      metadata: decodeLabels(body['labels']),
      serviceTier: tier,
      vendor: Object.keys(members).length > 0 ? ({ dialect: DIALECT, members } as const) : undefined,
    }),
  };
  // Without it a stream is a JSON array that arrives piece by piece; an answer that is not streamed looks at no memo.
  return {
    request,
    memo: /(^|&)\$?alt=sse(&|$)/i.test(query) ? {} : { arrayStream: true },
    places: [
      ...cached.map(() => ({ path: 'cachedContent' })),
      ...system.map(() => ({ path: 'systemInstruction', parts: '.parts' })),
      ...places,
    ],
  };
}

/** The beginning of the conversation, kept by Google: no other provider has it, so it must not be passed over. */
function cachedContent(body: JsonObject): Message[] {
  const name = stringOf(body['cachedContent']);
  if (name === undefined || name === '') return [];
  return [
    { role: 'user', parts: [{ type: 'vendor', dialect: DIALECT, name: 'cachedContent', value: name }] },
  ];
}

function instructions(body: JsonObject): Message[] {
  const { parts } = camelMembers(body['systemInstruction']);
  const ids = new CallIds();
  const decoded: Part[] = listOf(parts).flatMap((part) => decodePart(part, ids));
  return decoded.length === 0 ? [] : [{ role: 'system', parts: decoded }];
}

function texts(value: JsonValue | undefined): string[] | undefined {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
}

interface DecodedFormat {
  readonly format: AnswerFormat | undefined;
  /** Members of generationConfig that it says. */
  readonly known: readonly string[];
}

/** Other media types (`text/x.enum`) are Google's alone. */
function decodeFormat(config: JsonObject): DecodedFormat {
  const mediaType = config['responseMimeType'];
  if (mediaType === 'text/plain') return { format: { type: 'text' }, known: ['responseMimeType'] };
  if (mediaType !== 'application/json') return { format: undefined, known: [] };
  const { responseJsonSchema, responseSchema } = config;
  const known = ['responseMimeType', 'responseJsonSchema', 'responseSchema'];
  const schema = isObject(responseJsonSchema)
    ? responseJsonSchema
    : isObject(responseSchema)
      ? toJsonSchema(responseSchema)
      : undefined;
  return {
    format: schema === undefined ? { type: 'json' } : { type: 'json-schema', name: '', schema },
    known,
  };
}

const EFFORTS: Readonly<Record<string, ReasoningEffort>> = {
  MINIMAL: 'minimal',
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
  XHIGH: 'xhigh',
};

/** https://ai.google.dev/gemini-api/docs/thinking: a budget of 0 is none, -1 leaves it to the model. */
function decodeThinking(value: JsonValue | undefined): ReasoningSettings | undefined {
  if (!isObject(value)) return undefined;
  const config = camelMembers(value);
  const budget = numberOf(config['thinkingBudget']);
  const level = stringOf(config['thinkingLevel'])?.toUpperCase() ?? '';
  const settings: ReasoningSettings = present({
    effort: budget === 0 ? ('none' as const) : EFFORTS[level],
    budgetTokens: budget !== undefined && budget > 0 ? budget : undefined,
    adaptive: budget !== undefined && budget < 0 ? true : undefined,
    visible: booleanOf(config['includeThoughts']),
  });
  return Object.keys(settings).length === 0 ? undefined : settings;
}

function decodeLabels(value: JsonValue | undefined): Record<string, string> | undefined {
  if (!isObject(value)) return undefined;
  const labels = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return labels.length === 0 ? undefined : Object.fromEntries(labels);
}

const TIERS: Readonly<Record<string, ServiceTier>> = {
  standard: 'default',
  flex: 'flex',
  priority: 'priority',
};

function decodeTier(value: JsonValue | undefined): ServiceTier | undefined {
  return typeof value === 'string' ? TIERS[value.toLowerCase()] : undefined;
}
