// A request that goes to a model of this dialect as it came, but whose history another vendor's model has spoken in: its
// thoughts are left out, since Anthropic refuses a signature that is not its own.
// https://platform.claude.com/docs/en/build-with-claude/thinking#preserving-thinking-blocks

import { isWrapped, WRAPPED } from '../../conversation/signature.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { objectOf, objectsOf, stringOf } from '../../json/read-value.ts';
import { lacksThoughts } from './lacks-thoughts.ts';

export const historyMarks: readonly string[] = [`"${WRAPPED}`, '"thinking"'];

export function fitHistory(body: JsonObject, modelId: string): JsonObject {
  const messages = body['messages'];
  if (!Array.isArray(messages)) return {};
  // Others who speak this dialect may not sign their thoughts, and want them back.
  const isSigned = /claude/i.test(modelId);
  const kept = messages.flatMap((message) => fitMessage(message, isSigned));
  if (kept.every((message, index) => message === messages[index])) return {};
  const mustStop = objectOf(body['thinking'])['type'] === 'enabled' && lacksThoughts(kept.filter(isObject));
  return { messages: kept, ...(mustStop ? { thinking: { type: 'disabled' } } : {}) };
}

/** None where nothing is left of it. */
function fitMessage(message: JsonValue, isSigned: boolean): JsonValue[] {
  if (!isObject(message) || message['role'] !== 'assistant') return [message];
  const content = objectsOf(message['content']);
  const own = content.filter((block) => !isForeign(block, isSigned));
  if (own.length === content.length) return [message];
  return own.length === 0 ? [] : [{ ...message, content: own }];
}

function isForeign(block: JsonObject, isSigned: boolean): boolean {
  if (block['type'] === 'redacted_thinking') return isWrapped(stringOf(block['data']) ?? '');
  if (block['type'] !== 'thinking') return false;
  const signature = stringOf(block['signature']) ?? '';
  return signature === '' ? isSigned : isWrapped(signature);
}
