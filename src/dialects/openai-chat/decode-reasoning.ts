// Reasoning in a Chat message, where it has no official place: `reasoning_content` is the text with DeepSeek, vLLM and others,
// `reasoning` with OpenRouter and Groq; OpenRouter's `reasoning_details` carry signatures too:
// https://openrouter.ai/docs/use-cases/reasoning-tokens

import type { ReasoningPart } from '../../conversation/part.ts';
import { readSignature } from '../../conversation/signature.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { objectsOf, stringOf } from '../../json/read-value.ts';
import { keepOthers } from './keep-others.ts';

const DIALECT = 'openai-chat';
const KNOWN_OF_DETAIL = new Set(['type', 'text', 'summary', 'data', 'signature', 'id']);

/** The two names of the text. */
export function reasoningText(wire: JsonObject): string {
  return stringOf(wire['reasoning_content']) || stringOf(wire['reasoning']) || '';
}

/** The text that one entry of `reasoning_details` shows. */
export function detailText(detail: JsonObject): string {
  return stringOf(detail['text']) ?? stringOf(detail['summary']) ?? '';
}

/** The proof that one entry carries; empty for none. */
export function detailProof(detail: JsonObject): string {
  return stringOf(detail[isEncrypted(detail) ? 'data' : 'signature']) ?? '';
}

export function isEncrypted(detail: JsonObject): boolean {
  return detail['type'] === 'reasoning.encrypted';
}

/** The details where there are any: clients that joined a stream return its pieces, and perhaps the text elsewhere. */
export function decodeReasoning(message: JsonObject): ReasoningPart[] {
  const text = reasoningText(message);
  const parts = joinDetails(objectsOf(message['reasoning_details']));
  if (text === '' || parts.some((part) => part.text !== '')) return parts;
  const at = parts.findIndex((part) => part.redacted !== true);
  const found = parts[at];
  if (found === undefined) return [{ type: 'reasoning', text }, ...parts];
  parts[at] = { ...found, text };
  return parts;
}

/** Pieces of text belong together up to the signature that closes them. */
function joinDetails(details: readonly JsonObject[]): ReasoningPart[] {
  const parts: ReasoningPart[] = [];
  let isOpen = false;
  let index: unknown;
  for (const detail of details) {
    const proof = detailProof(detail);
    const signed = proof === '' ? {} : { signature: readSignature(proof, DIALECT) };
    const before = parts.at(-1);
    if (isOpen && before !== undefined && !isEncrypted(detail) && detail['index'] === index) {
      parts[parts.length - 1] = { ...before, text: before.text + detailText(detail), ...signed };
    } else {
      const id = stringOf(detail['id']);
      parts.push({
        type: 'reasoning',
        text: isEncrypted(detail) ? '' : detailText(detail),
        ...signed,
        ...(isEncrypted(detail) ? { redacted: true } : {}),
        ...(id === undefined ? {} : { id }),
        ...keepOthers(detail, KNOWN_OF_DETAIL),
      });
    }
    index = detail['index'];
    isOpen = proof === '' && !isEncrypted(detail);
  }
  return parts;
}
