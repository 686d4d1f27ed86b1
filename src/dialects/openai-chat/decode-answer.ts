// A Chat Completions answer → neutral terms: https://platform.openai.com/docs/api-reference/chat/object

import type { Answer, Choice, FinishReason, TokenLogprob, Usage } from '../../conversation/answer.ts';
import type { Citation, Part } from '../../conversation/part.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { numberOf, objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import type { AnswerContext } from '../answer-context.ts';
import { decodeReasoning } from './decode-reasoning.ts';
import { decodeCall } from './decode-tools.ts';
import { keepOthers } from './keep-others.ts';

const KNOWN = new Set('id object created model choices usage service_tier'.split(' '));
const KNOWN_OF_CHOICE = new Set('index message finish_reason logprobs'.split(' '));
const KNOWN_OF_MESSAGE = new Set(
  'role content refusal annotations tool_calls function_call reasoning reasoning_content reasoning_details'.split(
    ' ',
  ),
);

/** @throws TypeError where the body is no such answer */
export function decodeAnswer(body: JsonObject, context: AnswerContext): Answer {
  if (!Array.isArray(body['choices'])) throw new TypeError('an answer without choices');
  const choices = objectsOf(body['choices']);
  choices.sort((left, right) => (numberOf(left['index']) ?? 0) - (numberOf(right['index']) ?? 0));
  return {
    choices: choices.map((choice, index) => decodeChoice(choice, `call_${context.seed}_${index}`)),
    ...present({
      id: stringOf(body['id']) || undefined,
      model: stringOf(body['model']) || undefined,
      created: numberOf(body['created']),
      usage: decodeUsage(body['usage']),
      serviceTier: stringOf(body['service_tier']),
    }),
    ...keepOthers(body, KNOWN),
  };
}

function decodeChoice(choice: JsonObject, callId: string): Choice {
  const message = objectOf(choice['message']);
  const parts = decodeParts(message, callId);
  const logprobs = decodeLogprobs(choice['logprobs']);
  // What of the message is unknown is kept under its name.
  const others = keepOthers(message, KNOWN_OF_MESSAGE).vendor;
  const rest = { ...choice, message: others?.members };
  return {
    parts,
    finishReason: decodeFinish(
      stringOf(choice['finish_reason']),
      parts.some(({ type }) => type === 'tool-call'),
      parts.some(({ type }) => type === 'refusal'),
    ),
    ...(logprobs === undefined ? {} : { logprobs }),
    ...keepOthers(rest, others === undefined ? KNOWN_OF_CHOICE : KNOWN_BUT_MESSAGE),
  };
}

const KNOWN_BUT_MESSAGE = new Set([...KNOWN_OF_CHOICE].filter((name) => name !== 'message'));

function decodeParts(message: JsonObject, callId: string): Part[] {
  const content = readContent(message['content']);
  const parts: Part[] = decodeReasoning(message);
  if (content.reasoning !== '') parts.push({ type: 'reasoning', text: content.reasoning });
  const citations = objectsOf(message['annotations']).flatMap(decodeAnnotation);
  if (content.text !== '' || citations.length > 0) {
    parts.push({ type: 'text', text: content.text, ...(citations.length > 0 ? { citations } : {}) });
  }
  const refusal = stringOf(message['refusal']) ?? '';
  if (refusal !== '') parts.push({ type: 'refusal', text: refusal });
  for (const [index, call] of objectsOf(message['tool_calls']).entries()) {
    parts.push(decodeCall(call, `${callId}_${index}`));
  }
  const legacy = message['function_call'];
  if (isObject(legacy)) parts.push(decodeCall({ function: legacy }, callId));
  return parts;
}

/** A string, or with Mistral's reasoning models a list: https://docs.mistral.ai/capabilities/reasoning/ */
export function readContent(content: JsonValue | undefined): { text: string; reasoning: string } {
  if (typeof content === 'string') return { text: content, reasoning: '' };
  let text = '';
  let reasoning = '';
  for (const part of objectsOf(content)) {
    if (part['type'] === 'text') text += stringOf(part['text']) ?? '';
    if (part['type'] === 'thinking') reasoning += readContent(part['thinking']).text;
  }
  return { text, reasoning };
}

/** https://platform.openai.com/docs/guides/tools-web-search: `url_citation` is the only kind. */
export function decodeAnnotation(annotation: JsonObject): Citation[] {
  if (annotation['type'] !== 'url_citation') return [];
  const said = objectOf(annotation['url_citation']);
  return [
    present({
      url: stringOf(said['url']),
      title: stringOf(said['title']) || undefined,
      start: numberOf(said['start_index']),
      end: numberOf(said['end_index']),
    }),
  ];
}

/** Some servers say `stop` after a tool call, some `tool_calls` without one. */
export function decodeFinish(
  reason: string | undefined,
  hasCalls: boolean,
  hasRefused: boolean,
): FinishReason {
  switch (reason) {
    case 'length':
    case 'model_length':
      return 'length';
    case 'content_filter':
      return 'content-filter';
    case 'error':
    case 'insufficient_system_resource':
      return 'error';
    default:
      if (hasCalls) return 'tool-calls';
      return hasRefused ? 'refusal' : 'stop';
  }
}

const KNOWN_OF_USAGE = new Set(
  'prompt_tokens completion_tokens total_tokens prompt_tokens_details completion_tokens_details prompt_cache_hit_tokens'.split(
    ' ',
  ),
);
const KNOWN_OF_PROMPT = new Set(['cached_tokens', 'cache_write_tokens']);
const KNOWN_OF_COMPLETION = new Set(['reasoning_tokens']);

/** DeepSeek counts what it read from its cache as `prompt_cache_hit_tokens`: https://api-docs.deepseek.com/guides/kv_cache */
export function decodeUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const prompt = objectOf(value['prompt_tokens_details']);
  const completion = objectOf(value['completion_tokens_details']);
  const others: JsonObject = { ...keepOthers(value, KNOWN_OF_USAGE).vendor?.members };
  const promptOthers = keepOthers(prompt, KNOWN_OF_PROMPT).vendor?.members;
  const completionOthers = keepOthers(completion, KNOWN_OF_COMPLETION).vendor?.members;
  if (promptOthers !== undefined) others['prompt_tokens_details'] = promptOthers;
  if (completionOthers !== undefined) others['completion_tokens_details'] = completionOthers;
  return {
    input: numberOf(value['prompt_tokens']) ?? 0,
    output: numberOf(value['completion_tokens']) ?? 0,
    ...present({
      cachedInput: numberOf(prompt['cached_tokens']) ?? numberOf(value['prompt_cache_hit_tokens']),
      cacheWrite: numberOf(prompt['cache_write_tokens']),
      reasoning: numberOf(completion['reasoning_tokens']),
    }),
    ...keepOthers(others, NONE),
  };
}

const NONE: ReadonlySet<string> = new Set();

/** Of the content; where it has none, of the refusal. */
export function decodeLogprobs(value: JsonValue | undefined): TokenLogprob[] | undefined {
  const { content, refusal } = objectOf(value);
  const tokens = Array.isArray(content) ? content : refusal;
  if (!Array.isArray(tokens)) return undefined;
  return objectsOf(tokens).map((token) => ({
    ...decodeToken(token),
    top: objectsOf(token['top_logprobs']).map(decodeToken),
  }));
}

function decodeToken(token: JsonObject): Omit<TokenLogprob, 'top'> {
  const bytes = token['bytes'];
  const known = Array.isArray(bytes) ? bytes.filter((byte) => typeof byte === 'number') : undefined;
  return {
    token: stringOf(token['token']) ?? '',
    logprob: numberOf(token['logprob']) ?? 0,
    ...(known === undefined ? {} : { bytes: known }),
  };
}
