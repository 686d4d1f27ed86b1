// Gemini's contents → neutral messages. A client that keeps what was streamed sends it back piece by piece: neighbouring
// contents of the model are one message, and neighbouring pieces of text or thought are one part.

import { GatewayError } from '../../contract/gateway-error.ts';
import type { Message } from '../../conversation/conversation-request.ts';
import type { Part, ReasoningPart } from '../../conversation/part.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import type { Place } from '../client-dialect.ts';
import { CallIds } from './call-ids.ts';
import { listOf } from './camel-members.ts';
import { decodePart } from './decode-parts.ts';

interface OpenMessage {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly parts: Part[];
}

export interface DecodedContents {
  readonly messages: readonly Message[];
  /** Of each message. */
  readonly places: readonly Place[];
}

/** @throws GatewayError 'invalid-request' for a role that Google does not have */
export function decodeContents(contents: JsonValue | undefined): DecodedContents {
  const ids = new CallIds();
  const messages: OpenMessage[] = [];
  const places: Place[] = [];
  for (const [index, content] of listOf(contents).entries()) {
    const role = roleOf(content, `contents[${index}]`);
    let last = role === 'assistant' ? messages.at(-1) : undefined;
    if (last?.role !== 'assistant') ids.beginTurn();
    for (const wire of listOf(content['parts'])) {
      for (const part of decodePart(wire, ids)) {
        const wanted = part.type === 'tool-result' ? 'tool' : role;
        if (last?.role !== wanted) {
          last = { role: wanted, parts: [] };
          messages.push(last);
          // The user's first; after it, and in what the model said, parts are counted anew or joined.
          const isWhole = wanted === 'user' && !places.some(({ path }) => path === `contents[${index}]`);
          places.push({ path: `contents[${index}]`, ...(isWhole ? { parts: '.parts' } : {}) });
        }
        append(last, part);
      }
    }
  }
  return { messages, places };
}

/** `function` is what older clients call the role of results. */
function roleOf({ role }: JsonObject, param: string): 'user' | 'assistant' {
  if (role === 'model') return 'assistant';
  if (role === undefined || role === null || ['user', 'function', 'tool', ''].includes(`${role}`))
    return 'user';
  throw new GatewayError('invalid-request', `'${param}.role' must be user or model`, `${param}.role`);
}

function append({ role, parts }: OpenMessage, part: Part): void {
  const last = parts.at(-1);
  if (role === 'assistant' && last?.type === 'text' && part.type === 'text') {
    if (last.vendor === undefined && part.vendor === undefined) {
      parts[parts.length - 1] = { type: 'text', text: last.text + part.text };
      return;
    }
  }
  if (role === 'assistant' && last?.type === 'reasoning' && part.type === 'reasoning') {
    if (isUnsigned(last) && part.vendor === undefined && part.redacted !== true) {
      parts[parts.length - 1] = { ...part, text: last.text + part.text };
      return;
    }
  }
  parts.push(part);
}

function isUnsigned({ signature, vendor }: ReasoningPart): boolean {
  return signature === undefined && vendor === undefined;
}
