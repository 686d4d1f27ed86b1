// Neutral reasoning → the members of a Chat message that carry it; see decode-reasoning.ts for whose they are.

import type { ReasoningPart } from '../../conversation/part.ts';
import { writeSignature } from '../../conversation/signature.ts';
import { ownMembers } from '../../conversation/vendor-members.ts';
import type { JsonObject } from '../../json/json-value.ts';

const DIALECT = 'openai-chat';

/** The text, and the parts one by one where any of them has more than its text. */
export function encodeReasoning(parts: readonly ReasoningPart[]): JsonObject {
  if (parts.length === 0) return {};
  const text = parts.map((part) => part.text).join('');
  const detailed = parts.some(
    (part) => part.signature !== undefined || part.redacted === true || part.id !== undefined,
  );
  return {
    ...(text === '' ? {} : { reasoning_content: text }),
    ...(detailed ? { reasoning_details: parts.map(encodeDetail) } : {}),
  };
}

/** Also a piece of a stream: text without its proof, or the proof without its text. */
export function encodeDetail(part: Omit<ReasoningPart, 'type'>): JsonObject {
  const { text, signature, redacted, id, vendor } = part;
  const proof = signature === undefined ? undefined : writeSignature(signature, DIALECT);
  const content: JsonObject =
    redacted === true
      ? { type: 'reasoning.encrypted', data: proof ?? '' }
      : { type: 'reasoning.text', text, ...(proof === undefined ? {} : { signature: proof }) };
  return { ...content, ...(id === undefined ? {} : { id }), ...ownMembers(vendor, DIALECT) };
}
