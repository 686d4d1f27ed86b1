// Neutral messages → the system prompt and the turns of a Messages request. Turns of one role that follow one another are
// one, and the first must be the user's.

import type { Message } from '../../conversation/conversation-request.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { ClaudeModel } from '../claude-models.ts';
import { cannotSay } from './cannot-say.ts';
import { encodeBlocks } from './encode-blocks.ts';
import { ownMembers, unknown, warnForeign } from './keep-rest.ts';

export interface EncodedMessages {
  readonly system: JsonObject[];
  readonly messages: JsonObject[];
}

interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: JsonObject[];
  readonly members: JsonObject;
}

/** @throws GatewayError 'invalid-request' for what must not be lost */
export function encodeMessages(
  messages: readonly Message[],
  model: ClaudeModel,
  warnings: Warning[],
): EncodedMessages {
  const system: JsonObject[] = [];
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    const param = `messages[${index}]`;
    if (message.name !== undefined) warnings.push(unknown(`${param}.name`));
    warnForeign(message.vendor, param, warnings);
    const content = encodeBlocks(message.parts, param, warnings);
    if (content.length === 0) continue;
    const members = { ...ownMembers(message.vendor) };
    if (message.role !== 'system' && message.role !== 'developer') {
      add(turns, { role: message.role === 'assistant' ? 'assistant' : 'user', content, members });
      continue;
    }
    checkInstructions(content, param);
    if (model.takesSystemTurns && standsAfterUser(turns) && isAnsweredNext(messages, index)) {
      add(turns, { role: 'system', content, members });
      continue;
    }
    if (turns.length > 0) warnings.push({ param, message: 'moved to the system prompt' });
    system.push(...content);
  }
  const instructions = addMissingTurns(system, turns, model, warnings);
  return {
    system: instructions,
    messages: turns.map(({ role, content, members }) => ({
      role,
      content: resultsFirst(content),
      ...members,
    })),
  };
}

function add(turns: Turn[], turn: Turn): void {
  const last = turns.at(-1);
  if (last?.role !== turn.role) turns.push(turn);
  else {
    last.content.push(...turn.content);
    Object.assign(last.members, turn.members);
  }
}

/** https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages: right after a user's turn … */
function standsAfterUser(turns: readonly Turn[]): boolean {
  const last = turns.at(-1);
  return last?.role === 'user' || last?.role === 'system';
}

/** … and before the assistant's, or at the end. */
function isAnsweredNext(messages: readonly Message[], index: number): boolean {
  const next = messages.slice(index + 1).find(({ role }) => role !== 'system' && role !== 'developer');
  return next === undefined || next.role === 'assistant';
}

function checkInstructions(content: readonly JsonObject[], param: string): void {
  const at = content.findIndex(({ type }) => type !== 'text');
  if (at >= 0) throw cannotSay(`${content[at]?.['type']} in instructions`, `${param}.content[${at}]`);
}

/** @returns the instructions that are left for the system prompt */
function addMissingTurns(
  system: JsonObject[],
  turns: Turn[],
  model: ClaudeModel,
  warnings: Warning[],
): JsonObject[] {
  if (turns.length === 0 && system.length > 0) {
    warnings.push({ param: 'messages', message: "sent as the user's: instructions alone are not answered" });
    turns.push({ role: 'user', content: system, members: {} });
    return [];
  }
  if (turns[0]?.role === 'assistant') {
    warnings.push({ param: 'messages[0]', message: "a user's turn was put before it" });
    turns.unshift({ role: 'user', content: [{ type: 'text', text: '.' }], members: {} });
  }
  const last = turns.at(-1);
  if (last?.role === 'assistant' && !endsWithCall(last)) endWithPrefill(last, turns, model, warnings);
  return system;
}

/** A turn that was paused, or that waits for the results of calls. */
function endsWithCall({ content }: Turn): boolean {
  const type = `${content.at(-1)?.['type']}`;
  return type.endsWith('tool_use') || type.endsWith('tool_result');
}

/** https://platform.claude.com/docs/en/api/errors#prefill-not-supported; and white space at its end is refused. */
function endWithPrefill(last: Turn, turns: Turn[], model: ClaudeModel, warnings: Warning[]): void {
  if (!model.takesPrefill) {
    warnings.push({
      param: 'messages',
      message: "the model goes on only after a user's turn; one was added",
    });
    turns.push({ role: 'user', content: [{ type: 'text', text: 'Go on.' }], members: {} });
    return;
  }
  const block = last.content.at(-1);
  const text = block?.['text'];
  if (typeof text === 'string' && text !== text.trimEnd()) {
    last.content[last.content.length - 1] = { ...block, text: text.trimEnd() };
  }
}

/** What tools gave comes before all else in a turn. */
function resultsFirst(content: JsonObject[]): JsonObject[] {
  const isResult = (block: JsonObject): boolean => block['type'] === 'tool_result';
  return content.some(isResult)
    ? [...content.filter(isResult), ...content.filter((block) => !isResult(block))]
    : content;
}
