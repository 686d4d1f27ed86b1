// Neutral parts of an answer → its content blocks. The blocks' builders are shared with the stream.
//
// Calls have no member for a signature (Gemini's): a redacted thinking block carries it, right after the call, since clients
// must send such blocks back unchanged; decode-blocks.ts puts it where it was.

import { writeCarried } from '../../conversation/carried-signature.ts';
import type { Citation, Part, ReasoningPart } from '../../conversation/part.ts';
import { type Signature, writeSignature } from '../../conversation/signature.ts';
import { isObject, type JsonObject } from '../../json/json-value.ts';
import { parseObject } from '../../json/parse-object.ts';
import { DIALECT, ownMembers } from './keep-rest.ts';
import { encodeToolId } from './tool-ids.ts';

/** None for what this dialect's answers cannot hold. */
export function encodeOutput(part: Part): JsonObject[] {
  switch (part.type) {
    case 'text': {
      const citations = (part.citations ?? []).flatMap(encodeCitation);
      const block = { type: 'text', text: part.text, ...ownMembers(part.vendor) };
      return [citations.length === 0 ? block : { ...block, citations }];
    }
    case 'refusal':
      // What the vendor itself explains stands beside the content.
      return part.vendor?.dialect === DIALECT ? [] : [{ type: 'text', text: part.text }];
    case 'tool-call': {
      const { id, name, signature, vendor } = part;
      const call = {
        ...callBlock(id, name),
        input: parseObject(part.arguments) ?? {},
        ...ownMembers(vendor),
      };
      return signature === undefined ? [call] : [call, callSignatureBlock(id, signature)];
    }
    case 'reasoning':
      return [{ ...reasoningBlock(part), ...ownMembers(part.vendor) }];
    case 'vendor':
      return part.dialect === DIALECT && isObject(part.value) ? [part.value] : [];
    default:
      return [];
  }
}

/** As a stream opens it, without its arguments. */
export function callBlock(id: string, name: string): JsonObject {
  return { type: 'tool_use', id: encodeToolId(id), name, input: {}, caller: { type: 'direct' } };
}

export function callSignatureBlock(id: string, signature: Signature): JsonObject {
  return {
    type: 'redacted_thinking',
    data: writeCarried({ signature, callId: encodeToolId(id) }, DIALECT),
  };
}

export function redactedBlock(signature: Signature): JsonObject {
  return { type: 'redacted_thinking', data: writeSignature(signature, DIALECT) };
}

function reasoningBlock({ text, signature, redacted }: ReasoningPart): JsonObject {
  if (redacted === true && signature !== undefined) return redactedBlock(signature);
  const proof = signature === undefined ? '' : writeSignature(signature, DIALECT);
  return { type: 'thinking', thinking: text, signature: proof };
}

/** The vendor's own as it came; of others what has a link, as a result of a search. */
export function encodeCitation({ url, title, citedText, vendor }: Citation): JsonObject[] {
  const own = ownMembers(vendor);
  if (own['type'] !== undefined) return [own];
  if (url === undefined) return [];
  return [
    {
      type: 'web_search_result_location',
      url,
      title: title ?? null,
      cited_text: citedText ?? '',
      encrypted_index: '',
    },
  ];
}
