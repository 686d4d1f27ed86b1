// The content of a message, a string or a list of blocks → neutral parts: of requests and of answers.
// https://platform.claude.com/docs/en/api/messages

import { readCarried } from '../../conversation/carried-signature.ts';
import type {
  CacheControl,
  FilePart,
  ImagePart,
  Part,
  TextPart,
  ToolCallPart,
} from '../../conversation/part.ts';
import { readSignature, type Signature } from '../../conversation/signature.ts';
import { restOf } from '../../conversation/vendor-members.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import { decodeCitation } from './decode-citation.ts';
import { decodeDocument, decodeImage, decodeSearchResult } from './decode-media.ts';
import { DIALECT, keep, keepRest } from './keep-rest.ts';

const TEXT = new Set('type text citations cache_control'.split(' '));
const CALL = new Set('type id name input cache_control caller'.split(' '));
const RESULT = new Set('type tool_use_id content is_error cache_control'.split(' '));
const THINKING = new Set('type thinking signature'.split(' '));
const REDACTED = new Set('type data'.split(' '));

export function decodeBlocks(content: JsonValue | undefined): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  const parts: Part[] = [];
  for (const block of objectsOf(content)) {
    if (!sign(block, parts)) parts.push(decodeBlock(block));
  }
  return parts;
}

function decodeBlock(block: JsonObject): Part {
  const cache = decodeCache(block['cache_control']);
  const part = decodeKnown(block);
  if (part === undefined) {
    return { type: 'vendor', dialect: DIALECT, name: stringOf(block['type']) ?? 'unknown', value: block };
  }
  return part.type === 'vendor' || cache === undefined ? part : { ...part, cache };
}

/** Undefined for what only this vendor knows. */
function decodeKnown(block: JsonObject): Part | undefined {
  switch (block['type']) {
    case 'text':
      return decodeText(block);
    case 'image':
      return decodeImage(block);
    case 'document':
      return decodeDocument(block);
    case 'search_result':
      return decodeSearchResult(block);
    case 'tool_use':
      return decodeCall(block);
    case 'tool_result':
      return decodeResult(block);
    case 'thinking': {
      const proof = stringOf(block['signature']) ?? '';
      return {
        type: 'reasoning',
        text: stringOf(block['thinking']) ?? '',
        ...(proof === '' ? {} : { signature: readSignature(proof, DIALECT) }),
        ...keepRest(block, THINKING),
      };
    }
    case 'redacted_thinking': {
      const signature = readSignature(stringOf(block['data']) ?? '', DIALECT);
      return { type: 'reasoning', text: '', redacted: true, signature, ...keepRest(block, REDACTED) };
    }
    default:
      return undefined;
  }
}

function decodeText(block: JsonObject): TextPart {
  const citations = objectsOf(block['citations']).map(decodeCitation);
  return {
    type: 'text',
    text: stringOf(block['text']) ?? '',
    ...(citations.length > 0 ? { citations } : {}),
    ...keepRest(block, TEXT),
  };
}

/** That the model itself called is said of every call, and changes nothing. */
function decodeCall(block: JsonObject): ToolCallPart {
  const rest = restOf(block, CALL);
  const caller = objectOf(block['caller']);
  const others = isObject(block['caller']) && caller['type'] !== 'direct' ? { ...rest, caller } : rest;
  return {
    type: 'tool-call',
    id: stringOf(block['id']) ?? '',
    name: stringOf(block['name']) ?? '',
    arguments: JSON.stringify(objectOf(block['input'])),
    ...keep(others),
  };
}

/** Undefined where it holds what only this vendor knows, so that none of it is lost. */
function decodeResult(block: JsonObject): Part | undefined {
  const content = decodeBlocks(block['content']);
  if (!content.every(isResultContent)) return undefined;
  return {
    type: 'tool-result',
    toolCallId: stringOf(block['tool_use_id']) ?? '',
    content,
    isError: block['is_error'] === true,
    ...keepRest(block, RESULT),
  };
}

function isResultContent(part: Part): part is TextPart | ImagePart | FilePart {
  return part.type === 'text' || part.type === 'image' || part.type === 'file';
}

/** Whether the block says no more than the signature of a call before it. */
function sign(block: JsonObject, parts: Part[]): boolean {
  const carried = callSignature(block);
  if (carried === undefined) return false;
  const at = parts.findLastIndex((part) => part.type === 'tool-call' && part.id === carried.callId);
  const call = parts[at];
  if (call?.type === 'tool-call') parts[at] = { ...call, signature: carried.signature };
  return true;
}

/** The signature of a call that a block carries: see encode-output.ts. */
export function callSignature(
  block: JsonObject,
): { readonly signature: Signature; readonly callId: string } | undefined {
  const data = block['type'] === 'redacted_thinking' ? stringOf(block['data']) : undefined;
  if (data === undefined) return undefined;
  const { signature, callId } = readCarried(data, DIALECT);
  return callId === undefined ? undefined : { signature, callId };
}

export function decodeCache(value: JsonValue | undefined): CacheControl | undefined {
  if (!isObject(value)) return undefined;
  const ttl = stringOf(value['ttl']);
  return present({ ttl: ttl === '1h' || ttl === '5m' ? ttl : undefined });
}
