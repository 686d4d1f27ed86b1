// Neutral messages → the system prompt and the turns of a Converse request, which alternate and begin with the user's.

import type { Message } from '../../conversation/conversation-request.ts';
import type { CacheControl } from '../../conversation/part.ts';
import { foreignMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { ClaudeModel } from '../claude-models.ts';
import { cannotSay, unknown } from './cannot-say.ts';
import { BlockEncoder } from './encode-blocks.ts';
import { familyOf, type ModelFamily } from './model-families.ts';

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

/** What stands for a user that said nothing; a text may not be empty. */
const OPENING = { text: '.' };
const GO_ON = { text: 'Go on.' };

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
  const instructions = addMissingTurns(system, turns, familyOf(modelId), warnings);
  const wire = turns.map(
    ({ role, results, others }): JsonObject => ({ role, content: [...results, ...others] }),
  );
  return { system: instructions, messages: wire };
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

/** @returns the instructions that are left for the system prompt */
function addMissingTurns(
  system: JsonObject[],
  turns: Turn[],
  { claude }: ModelFamily,
  warnings: Warning[],
): JsonObject[] {
  if (turns.length === 0 && system.length > 0) {
    warnings.push({ param: 'messages', message: "sent as the user's: instructions alone are not answered" });
    turns.push({ role: 'user', results: [], others: system });
    return [];
  }
  if (turns[0]?.role === 'assistant') {
    warnings.push({ param: 'messages[0]', message: "a user's turn was put before it" });
    turns.unshift({ role: 'user', results: [], others: [OPENING] });
  }
  const last = turns.at(-1);
  const isPrefill = last?.role === 'assistant' && last.others.at(-1)?.['toolUse'] === undefined;
  if (isPrefill && claude !== undefined) endWithPrefill(last, turns, claude, warnings);
  return system;
}

/** https://platform.claude.com/docs/en/api/errors#prefill-not-supported; and white space at its end is refused. */
function endWithPrefill({ others }: Turn, turns: Turn[], claude: ClaudeModel, warnings: Warning[]): void {
  if (!claude.takesPrefill) {
    const message = "the model goes on only after a user's turn; one was added";
    warnings.push({ param: 'messages', message });
    turns.push({ role: 'user', results: [], others: [GO_ON] });
    return;
  }
  const text = others.at(-1)?.['text'];
  if (typeof text === 'string') others[others.length - 1] = { text: text.trimEnd() };
}
