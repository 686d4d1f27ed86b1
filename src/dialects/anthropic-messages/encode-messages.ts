// Neutral messages → the system prompt and the turns of a Messages request, which must alternate.

import type { Message } from '../../conversation/conversation-request.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { encodeBlocks } from './encode-blocks.ts';

export interface EncodedMessages {
  readonly system: JsonObject[];
  readonly messages: JsonObject[];
}

export function encodeMessages(messages: readonly Message[], warnings: Warning[]): EncodedMessages {
  const system: JsonObject[] = [];
  const turns: { readonly role: 'user' | 'assistant'; readonly content: JsonObject[] }[] = [];
  for (const [index, message] of messages.entries()) {
    const blocks = encodeBlocks(message.parts, `messages[${index}]`);
    if (message.role === 'system' || message.role === 'developer') {
      if (turns.length > 0)
        warnings.push({ param: `messages[${index}]`, message: 'moved to the system prompt' });
      system.push(...blocks);
      continue;
    }
    if (blocks.length === 0) continue;
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else turns.push({ role, content: blocks });
  }
  return { system, messages: turns.map(({ role, content }) => ({ role, content: resultsFirst(content) })) };
}

/** What tools gave comes before all else in a turn. */
function resultsFirst(content: JsonObject[]): JsonObject[] {
  const isResult = (block: JsonObject): boolean => block['type'] === 'tool_result';
  return content.some(isResult)
    ? [...content.filter(isResult), ...content.filter((block) => !isResult(block))]
    : content;
}
