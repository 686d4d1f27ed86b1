// Neutral messages → the system prompt and the turns of a Converse request, which alternate and begin with the user's.

import type { Message } from '../../conversation/conversation-request.ts';
import type { CacheControl } from '../../conversation/part.ts';
import { foreignMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { cannotSay, unknown } from './cannot-say.ts';
import { BlockEncoder } from './encode-blocks.ts';

export interface EncodedMessages {
  /** Empty for none. */
  readonly system: JsonObject[];
  readonly messages: JsonObject[];
}

interface Turn {
  readonly role: 'user' | 'assistant';
  /** What tools gave comes before all else in a turn. */
  readonly results: JsonObject[];
  readonly others: JsonObject[];
}

/** What a conversation that the assistant began is begun with; a text may not be empty. */
const OPENING = { text: '.' };

/**
 * @param cache of the whole prompt
 * @throws GatewayError 'invalid-request' for what must not be lost
 */
export function encodeMessages(
  messages: readonly Message[],
  modelId: string,
  cache: CacheControl | undefined,
  warnings: Warning[],
): EncodedMessages {
  const encoder = new BlockEncoder(modelId, warnings);
  const system: JsonObject[] = [];
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    const param = `messages[${index}]`;
    for (const name of foreignMembers(message.vendor, 'bedrock-converse'))
      warnings.push(unknown(`${param}.${name}`));
    if (message.name !== undefined) warnings.push(unknown(`${param}.name`));
    if (message.role === 'system' || message.role === 'developer') {
      if (turns.length > 0) warnings.push({ param, message: 'moved to the system prompt' });
      addInstructions(message, param, encoder, system);
      continue;
    }
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = turns.at(-1);
    const turn: Turn = last?.role === role ? last : { role, results: [], others: [] };
    for (const [at, part] of message.parts.entries()) {
      const blocks = part.type === 'tool-result' ? turn.results : turn.others;
      encoder.add(part, `${param}.content[${at}]`, blocks);
    }
    if (turn !== last && turn.results.length + turn.others.length > 0) turns.push(turn);
  }
  if (cache !== undefined) encoder.addCachePoint(cache, 'cache_control', turns.at(-1)?.others ?? system);
  return { system, messages: begin(turns, warnings) };
}

/** Text only, and where it is to be kept. */
function addInstructions(
  { parts }: Message,
  param: string,
  encoder: BlockEncoder,
  system: JsonObject[],
): void {
  for (const [index, part] of parts.entries()) {
    const at = `${param}.content[${index}]`;
    if (part.type === 'image' || part.type === 'file' || part.type === 'audio')
      throw cannotSay(`${part.type} in instructions`, at);
    encoder.add(part, at, system);
  }
}

function begin(turns: readonly Turn[], warnings: Warning[]): JsonObject[] {
  const wire = turns.map(
    ({ role, results, others }): JsonObject => ({ role, content: [...results, ...others] }),
  );
  if (turns[0]?.role === 'user') return wire;
  const message = "begun with a user's: bedrock-converse answers nothing else";
  warnings.push({ param: 'messages', message });
  return [{ role: 'user', content: [OPENING] }, ...wire];
}
