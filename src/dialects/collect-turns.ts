// The walk that all dialects share: from the newest message back, text of users and assistants only. The newest turn is
// the latest that says what is wanted: results of tools, an agent's own reminders and "continue" leave it where it was.

import { isContinuation } from '../conversation/continuation.ts';
import type { Turn } from '../conversation/turn.ts';
import { usersWords } from '../conversation/users-words.ts';
import { isObject, type JsonValue } from '../json/json-value.ts';

/**
 * @param messages the dialect's list of messages, oldest first
 * @param textOf the message's text, or '' where it has none
 */
export function collectTurns(
  messages: readonly JsonValue[],
  maxCharacters: number,
  textOf: (content: JsonValue | undefined) => string,
): Turn[] {
  const turns = walkBack(messages, maxCharacters, textOf, isContinuation, usersWords);
  if (turns.length > 0) return turns;
  return walkBack(
    messages,
    maxCharacters,
    textOf,
    () => false,
    (text) => text,
  );
}

function walkBack(
  messages: readonly JsonValue[],
  maxCharacters: number,
  textOf: (content: JsonValue | undefined) => string,
  isPassedOver: (text: string) => boolean,
  wordsOf: (text: string) => string,
): Turn[] {
  const turns: Turn[] = [];
  let characters = 0;
  for (let index = messages.length - 1; index >= 0 && characters < maxCharacters; index -= 1) {
    const message = messages[index];
    if (!isObject(message)) continue;
    const role = message['role'];
    if (role !== 'user' && role !== 'assistant') continue;
    if (turns.length === 0 && role === 'assistant') continue;
    const whole = textOf(message['content']);
    const text = role === 'user' ? wordsOf(whole) : whole;
    if (text.trim() === '') continue;
    if (turns.length === 0 && isPassedOver(text)) continue;
    turns.push({ role, text });
    characters += text.length;
  }
  return turns.reverse();
}

/** Joins the text of content parts whose `type` is one of `types`; a plain string is its own text. */
export function joinText(content: JsonValue | undefined, types: readonly string[]): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const texts: string[] = [];
  for (const part of content) {
    if (!isObject(part) || !types.includes(`${part['type']}`)) continue;
    const text = part['text'];
    if (typeof text === 'string') texts.push(text);
  }
  return texts.join('\n');
}
