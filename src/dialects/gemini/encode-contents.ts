// Neutral messages → the system instruction and the contents of a generateContent request. What tools gave is the user's
// turn; the results of calls made at once must stand in one content, so neighbours of one role are merged.

import type { Message } from '../../conversation/conversation-request.ts';
import { foreignMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { cannotSay, PartEncoder, unknown } from './encode-parts.ts';

const DIALECT = 'gemini';

export interface EncodedContents {
  readonly contents: JsonObject[];
  /** Empty for none. */
  readonly instructions: JsonObject[];
  /** The beginning of the conversation that Google keeps. */
  readonly cachedContent: string | undefined;
}

/** @throws GatewayError 'invalid-request' for what must not be lost */
export function encodeContents(
  messages: readonly Message[],
  modelId: string,
  warnings: Warning[],
): EncodedContents {
  const encoder = new PartEncoder(modelId, warnings);
  const instructions: JsonObject[] = [];
  const turns: { readonly role: 'user' | 'model'; readonly parts: JsonObject[] }[] = [];
  let cachedContent: string | undefined;
  let results: { readonly place: number; readonly parts: JsonObject[] }[] = [];
  const add = (role: 'user' | 'model', parts: readonly JsonObject[]): void => {
    const last = turns.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else turns.push({ role, parts: [...parts] });
  };
  /** Where they have no ids, results of one function are told apart by the order of its calls. */
  const flush = (): void => {
    for (const { parts } of results.sort((one, other) => one.place - other.place)) add('user', parts);
    results = [];
  };
  for (const [index, message] of messages.entries()) {
    const param = `messages[${index}]`;
    for (const name of foreignMembers(message.vendor, DIALECT)) warnings.push(unknown(`${param}.${name}`));
    if (message.name !== undefined) warnings.push(unknown(`${param}.name`));
    const cached = cachedBy(message);
    if (cached !== undefined) {
      cachedContent = cached;
      continue;
    }
    if (message.role === 'tool') {
      for (const [at, part] of message.parts.entries()) {
        const parts = encoder.encodeOne(part, `${param}.content[${at}]`);
        results.push({ place: encoder.placeOf(part), parts });
      }
      continue;
    }
    const parts = encoder.encode(message.parts, param);
    if (parts.length === 0) continue;
    if (message.role === 'system' || message.role === 'developer') {
      checkInstructions(message, param);
      if (turns.length > 0) warnings.push({ param, message: 'moved to the system instruction' });
      instructions.push(...parts);
      continue;
    }
    flush();
    add(message.role === 'assistant' ? 'model' : 'user', parts);
  }
  flush();
  if (turns.length === 0 && instructions.length > 0) {
    warnings.push({
      param: 'messages',
      message: `sent as the user's: ${DIALECT} answers no instructions alone`,
    });
    return { contents: [{ role: 'user', parts: instructions }], instructions: [], cachedContent };
  }
  return { contents: turns.map(({ role, parts }) => ({ role, parts })), instructions, cachedContent };
}

function cachedBy({ parts: [first] }: Message): string | undefined {
  const isCached = first?.type === 'vendor' && first.dialect === DIALECT && first.name === 'cachedContent';
  return isCached && typeof first.value === 'string' ? first.value : undefined;
}

/** https://ai.google.dev/api/generate-content: `systemInstruction` is text only. */
function checkInstructions({ parts }: Message, param: string): void {
  for (const [index, { type }] of parts.entries()) {
    if (type === 'image' || type === 'file' || type === 'audio') {
      throw cannotSay(`${type} in instructions`, `${param}.content[${index}]`);
    }
  }
}
