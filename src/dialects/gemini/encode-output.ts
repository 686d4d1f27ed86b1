// Neutral parts of an answer → the parts of a candidate's content, for a client that speaks Gemini's dialect.

import type { Part } from '../../conversation/part.ts';
import { ownMembers } from '../../conversation/vendor-members.ts';
import { isObject, type JsonObject } from '../../json/json-value.ts';
import { parseObject } from '../../json/parse-object.ts';
import { isMadeId } from './call-ids.ts';
import { withMembers } from './place-members.ts';
import { writeThoughtSignature } from './thought-signature.ts';

const DIALECT = 'gemini';

/** Undefined for what Gemini's answers cannot hold; an error for a call whose arguments are no JSON object. */
export function encodeOutput(part: Part): JsonObject | undefined {
  if (part.type === 'vendor')
    return part.dialect === DIALECT && isObject(part.value) ? part.value : undefined;
  const wire = bare(part);
  return wire === undefined ? undefined : withMembers(wire, ownMembers(part.vendor, DIALECT));
}

function bare(part: Exclude<Part, { type: 'vendor' }>): JsonObject | undefined {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return { text: part.text };
    case 'reasoning': {
      const { signature, redacted } = part;
      const proof =
        signature === undefined
          ? {}
          : { thoughtSignature: writeThoughtSignature({ signature, redacted: redacted === true }) };
      const isOwnMark = part.text === '' && signature?.dialect === DIALECT;
      return isOwnMark ? { text: '', ...proof } : { text: part.text, thought: true, ...proof };
    }
    case 'tool-call': {
      const args = parseObject(part.arguments);
      if (args === undefined) return undefined;
      const { id, name, signature } = part;
      return encodeCall(id, name, args, signature && writeThoughtSignature({ signature }));
    }
    case 'audio':
      return { inlineData: { mimeType: part.mediaType, data: part.data } };
    case 'image':
    case 'file': {
      const { source } = part;
      if (source.type === 'base64') return { inlineData: { mimeType: source.mediaType, data: source.data } };
      return source.type === 'url' ? { fileData: { fileUri: source.url } } : undefined;
    }
    case 'tool-result':
      return undefined;
  }
}

export function encodeCall(
  id: string,
  name: string,
  args: JsonObject,
  thoughtSignature: string | undefined,
): JsonObject {
  const functionCall = { ...(isMadeId(id) ? {} : { id }), name, args };
  return thoughtSignature === undefined ? { functionCall } : { functionCall, thoughtSignature };
}
