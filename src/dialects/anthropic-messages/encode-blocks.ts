// Neutral parts → the content blocks of a request.

import { GatewayError } from '../../contract/gateway-error.ts';
import type { CacheControl, Citation, Part, ReasoningPart, ToolResultPart } from '../../conversation/part.ts';
import type { Warning } from '../../conversation/warning.ts';
import { isObject, type JsonObject } from '../../json/json-value.ts';
import { parseObject } from '../../json/parse-object.ts';
import { warnOfReasoning } from '../left-out-reasoning.ts';
import { cannotSay } from './cannot-say.ts';
import { encodeFile, encodeImage } from './encode-media.ts';
import { DIALECT, ownMembers, unknown, warnForeign } from './keep-rest.ts';
import { encodeToolId } from './tool-ids.ts';

type KnownPart = Exclude<Part, { type: 'vendor' }>;

/**
 * Texts that are empty are left out, which the vendor would refuse, and reasoning that is not its own.
 * @param param the message that they are the content of
 * @throws GatewayError for what cannot be said
 */
export function encodeBlocks(parts: readonly Part[], param: string, warnings: Warning[]): JsonObject[] {
  const blocks: JsonObject[] = [];
  for (const [index, part] of parts.entries()) {
    const at = `${param}.content[${index}]`;
    if (part.type === 'vendor') {
      if (part.dialect !== DIALECT || !isObject(part.value)) throw cannotSay(`${part.name} block`, at);
      blocks.push(part.value);
      continue;
    }
    if (part.type === 'text' && part.text.trim() === '') continue;
    if (part.type === 'reasoning' && part.signature?.dialect !== DIALECT) {
      warnOfReasoning(part, at, warnings);
      continue;
    }
    warnForeign(part.vendor, at, warnings);
    const block = encodeBlock(part, at, warnings);
    blocks.push(part.cache === undefined ? block : { ...block, cache_control: encodeCache(part.cache) });
  }
  return blocks;
}

function encodeBlock(part: KnownPart, param: string, warnings: Warning[]): JsonObject {
  const own = ownMembers(part.vendor);
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text, ...encodeCitations(part.citations, param, warnings), ...own };
    case 'refusal':
      return { type: 'text', text: part.text, ...own };
    case 'image':
      if (part.detail === 'low' || part.detail === 'high') warnings.push(unknown(`${param}.detail`));
      return encodeImage(part, param);
    case 'file':
      return encodeFile(part, param);
    case 'reasoning':
      return { ...encodeReasoning(part), ...own };
    case 'tool-call':
      return {
        type: 'tool_use',
        id: encodeToolId(part.id),
        name: part.name,
        input: readArguments(part.arguments, param),
        ...own,
      };
    case 'tool-result':
      return { ...encodeResult(part, param, warnings), ...own };
    case 'audio':
      throw cannotSay('piece of audio', param);
  }
}

function encodeResult(
  { toolCallId, content, isError }: ToolResultPart,
  param: string,
  warnings: Warning[],
): JsonObject {
  const blocks = encodeBlocks(content, param, warnings);
  return {
    type: 'tool_result',
    tool_use_id: encodeToolId(toolCallId),
    ...(blocks.length === 0 ? {} : { content: blocks }),
    ...(isError ? { is_error: true } : {}),
  };
}

function encodeReasoning({ text, signature, redacted }: ReasoningPart): JsonObject {
  const proof = signature?.value ?? '';
  return redacted === true
    ? { type: 'redacted_thinking', data: proof }
    : { type: 'thinking', thinking: text, signature: proof };
}

/** The vendor takes back only what it cited itself. */
function encodeCitations(
  citations: readonly Citation[] | undefined,
  param: string,
  warnings: Warning[],
): { readonly citations?: JsonObject[] } {
  if (citations === undefined) return {};
  const own = citations.map(({ vendor }) => ownMembers(vendor)).filter(({ type }) => type !== undefined);
  if (own.length < citations.length) warnings.push(unknown(`${param}.citations`));
  return own.length === 0 ? {} : { citations: own };
}

function readArguments(text: string, param: string): JsonObject {
  const value = parseObject(text);
  if (value !== undefined) return value;
  const message = `the arguments of the tool call '${param}' are no JSON object`;
  throw new GatewayError('invalid-request', message, param);
}

export function encodeCache({ ttl }: CacheControl): JsonObject {
  return { type: 'ephemeral', ...(ttl === undefined ? {} : { ttl }) };
}
