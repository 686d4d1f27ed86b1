// Neutral parts → content blocks: of requests and of answers.

import { GatewayError } from '../../contract/gateway-error.ts';
import type { CacheControl, Citation, MediaSource, Part, ReasoningPart } from '../../conversation/part.ts';
import { writeSignature } from '../../conversation/signature.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { present } from '../../json/read-value.ts';

const DIALECT = 'anthropic-messages';

/**
 * Blocks of a request: texts that are empty are left out, which the vendor would refuse, and reasoning that is not its own.
 * @throws GatewayError for what cannot be said
 */
export function encodeBlocks(parts: readonly Part[], param: string): JsonObject[] {
  const blocks: JsonObject[] = [];
  for (const part of parts) {
    if (part.type === 'text' && part.text.trim() === '') continue;
    if (part.type === 'reasoning' && part.signature?.dialect !== DIALECT) continue;
    blocks.push(encodeBlock(part, param));
  }
  return blocks;
}

export function encodeBlock(part: Part, param: string): JsonObject {
  const block = encodeBare(part, param);
  return part.type === 'vendor' || part.cache === undefined
    ? block
    : { ...block, cache_control: encodeCache(part.cache) };
}

function encodeBare(part: Part, param: string): JsonObject {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return { type: 'text', text: part.text };
    case 'image':
      return { type: 'image', source: encodeSource(part.source, 'image', param) };
    case 'file':
      return {
        type: 'document',
        source: encodeSource(part.source, 'document', param),
        ...present({
          title: part.name,
          context: part.context,
          citations: part.citations && { enabled: true },
        }),
      };
    case 'reasoning':
      return encodeReasoning(part);
    case 'tool-call':
      return { type: 'tool_use', id: part.id, name: part.name, input: readArguments(part.arguments, param) };
    case 'tool-result':
      return {
        type: 'tool_result',
        tool_use_id: part.toolCallId,
        content: encodeBlocks(part.content, param),
        ...(part.isError ? { is_error: true } : {}),
      };
    case 'audio':
      throw cannotSay('audio', param);
    case 'vendor':
      if (part.dialect === DIALECT && isObject(part.value)) return part.value;
      throw cannotSay(`${part.name} block`, param);
  }
}

function encodeReasoning({ text, signature, redacted }: ReasoningPart): JsonObject {
  const proof = signature === undefined ? '' : writeSignature(signature, DIALECT);
  return redacted === true
    ? { type: 'redacted_thinking', data: proof }
    : { type: 'thinking', thinking: text, signature: proof };
}

function encodeSource(source: MediaSource, kind: string, param: string): JsonObject {
  switch (source.type) {
    case 'url':
      return { type: 'url', url: source.url };
    case 'base64':
      return { type: 'base64', media_type: source.mediaType, data: source.data };
    case 'text':
      return { type: 'text', media_type: 'text/plain', data: source.text };
    case 'file-id':
      if (source.dialect === DIALECT) return { type: 'file', file_id: source.id };
      throw cannotSay(`${kind} that was uploaded elsewhere`, param);
  }
}

function readArguments(text: string, param: string): JsonObject {
  if (text.trim() === '') return {};
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    value = null;
  }
  if (isObject(value)) return value;
  throw new GatewayError(
    'invalid-request',
    `the arguments of a tool call in '${param}' are no JSON object`,
    param,
  );
}

export function encodeCache({ ttl }: CacheControl): JsonObject {
  return { type: 'ephemeral', ...(ttl === undefined ? {} : { ttl }) };
}

export function encodeCitation({ url, title, citedText }: Citation): JsonObject {
  return {
    type: 'web_search_result_location',
    url: url ?? '',
    title: title ?? null,
    cited_text: citedText ?? '',
    encrypted_index: '',
  };
}

export function cannotSay(what: string, param: string): GatewayError {
  return new GatewayError(
    'invalid-request',
    `'${param}' is a ${what}, which ${DIALECT} cannot be told`,
    param,
  );
}
