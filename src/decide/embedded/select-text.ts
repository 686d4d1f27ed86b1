// Which text of a conversation the embedded router weighs: the latest turn and what was said just before it, and of a long
// turn what says most of what is wanted. Called by embedded-router.ts and by whoever explains a decision; token-sequence.ts
// cuts what is still too long. model/encoder.py has the same form, but for pastes.

import type { Turn } from '../../conversation/turn.ts';
import type { EncoderInput } from './token-sequence.ts';

/** A turn this long speaks for itself: read with what came before, a change of subject would be missed. */
const WORDS_THAT_STAND_ALONE = 12;
const CHARACTERS_THAT_STAND_ALONE = 400;
/** The encoder reads only the end of the context. */
const CONTEXT_CHARACTERS = 4096;

/** A longer turn than the encoder reads: 88 tokens. */
const LONGEST_READ_WHOLE = 350;
/** Of a turn with a paste: what a person writes before, between and after is shorter. */
const LONGEST_PARAGRAPH = 320;
const LONGEST_REQUEST = 220;
const SHORTEST_REQUEST = 12;
/** Anything shorter belongs to what a person writes. */
const SHORTEST_PASTE = 300;
/** More paragraphs in the middle that nobody asks anything in are a document's. */
const MOST_ASIDES = 2;
/** "What is this?" says little without what it is about; more words mostly name it, and a paste draws the route to it. */
const WORDS_WITHOUT_PASTE = 5;
/** Enough of a paste to know what it is. */
const PASTE_CHARACTERS = 160;
/** More than this of either end of a turn is not searched. */
const SEARCHED_CHARACTERS = 16_384;

/** How people ask, where the sentence begins: in English also by a bare verb. */
const ASKING =
  /^(?:(?:so|and|now|ok|okay|then|also|but|hi|hello|hey)\b[,:]? )*(?:(?:please|pls|can you|could you|would you|will you|help me|i need|i want|i'd like|i would like|we need|my question|question:|task:|tell me|show me|give me|let me know|what i need)\b|(?:write|create|build|make|generate|implement|fix|debug|explain|describe|summari[sz]e|translate|rewrite|rephrase|refactor|review|check|compare|analy[sz]e|list|find|draft|convert|extract|classify|suggest|plan|design|improve|optimi[sz]e|test|add|change|update|remove|proofread|correct|shorten|calculate|solve|recommend|turn|put|answer|reply|respond)\b)/i;
const ASKING_ELSEWHERE =
  /\b(?:please|bitte|kannst du|können sie|ich brauche|s'il (?:te|vous) plaît|peux-tu|pouvez-vous|por favor|puedes|necesito|per favore|puoi|preciso|alsjeblieft|kun je|proszę|możesz)\b|пожалуйста|можешь|нужно|请|帮我|ください|해 ?줘|해주세요|من فضلك/i;

export function selectText(turns: readonly Turn[]): EncoderInput {
  const latest = turns.at(-1)?.text ?? '';
  if (!standsAlone(latest)) return { text: latest, context: contextOf(turns) };
  const { text, paste } = splitPaste(latest);
  const isClear = paste === '' || text.split(/\s+/).length >= WORDS_WITHOUT_PASTE;
  return { text, context: isClear ? '' : paste.slice(0, PASTE_CHARACTERS) };
}

/** Of either end of a turn, in characters: more than is searched here and than token-sequence.ts reads. */
const READABLE_CHARACTERS = 65_536;

/** All that the choice of a text and its tokens depend on, bounded: what the key of the decision cache is made of. */
export function readableText(turns: readonly Turn[]): readonly string[] {
  const latest = turns.at(-1)?.text ?? '';
  const before = latest.length >= CHARACTERS_THAT_STAND_ALONE ? '' : contextOf(turns);
  if (latest.length <= 2 * READABLE_CHARACTERS) return [latest, before];
  return [latest.slice(0, READABLE_CHARACTERS), latest.slice(-READABLE_CHARACTERS), before];
}

/** The two messages before the latest, as one text. */
function contextOf(turns: readonly Turn[]): string {
  const previous = turns.slice(-3, -1).map((turn) => turn.text.slice(-CONTEXT_CHARACTERS));
  return previous.join(' ');
}

function standsAlone(text: string): boolean {
  if (text.length >= CHARACTERS_THAT_STAND_ALONE) return true;
  return text.trim().split(/\s+/).length >= WORDS_THAT_STAND_ALONE;
}

/** What a person wrote around a paste, and the paste; the turn as it is where that cannot be told. */
function splitPaste(turn: string): { readonly text: string; readonly paste: string } {
  const trimmed = turn.trim();
  if (trimmed.length <= LONGEST_READ_WHOLE) return { text: turn, paste: '' };
  const paragraphs = paragraphsOf(searchedPart(trimmed));
  const isShort = paragraphs.map((each) => each.length <= LONGEST_PARAGRAPH && isProse(each));
  const asides = isShort.slice(1, -1).filter((each) => each).length;
  const own = paragraphs.filter(
    (each, index) =>
      isShort[index] &&
      (index === 0 ||
        index === paragraphs.length - 1 ||
        asides <= MOST_ASIDES ||
        sentencesOf(each).some(isRequest)),
  );
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return { text: turn, paste: '' };
  const rest = paragraphs.filter((each) => !own.includes(each));
  const paste = rest[0];
  const pasted = rest.reduce((sum, each) => sum + each.length, 0);
  if (paste === undefined || pasted < SHORTEST_PASTE || 2 * pasted < trimmed.length)
    return { text: turn, paste: '' };
  return { text: first === last ? first : `${first}\n${last}`, paste };
}

function searchedPart(text: string): string {
  if (text.length <= 2 * SEARCHED_CHARACTERS) return text;
  return `${text.slice(0, SEARCHED_CHARACTERS)}\n\n${text.slice(-SEARCHED_CHARACTERS)}`;
}

/** Parts between empty lines; a fenced block is one part. */
function paragraphsOf(text: string): string[] {
  const paragraphs: string[] = [];
  let lines: string[] = [];
  let isFenced = false;
  const end = (): void => {
    if (lines.length > 0) paragraphs.push(lines.join('\n'));
    lines = [];
  };
  for (const line of text.split('\n')) {
    const isFence = line.trimStart().startsWith('```');
    if (isFence && !isFenced) end();
    if (isFenced || line.trim() !== '') lines.push(line);
    else end();
    if (isFence && isFenced) end();
    if (isFence) isFenced = !isFenced;
  }
  end();
  return paragraphs;
}

/** Words rather than code, logs or tables. */
function isProse(paragraph: string): boolean {
  if (/^\s*(?:```|[{[<]|\d{4}-\d\d|\||#!)/.test(paragraph)) return false;
  const letters = paragraph.match(/[\p{L}\p{M} ]/gu)?.length ?? 0;
  return letters >= 0.85 * paragraph.length;
}

function sentencesOf(paragraph: string): string[] {
  return paragraph
    .split(/(?<=[.!?。？！])\s+|\n/)
    .map((sentence) => sentence.trim())
    .filter(({ length }) => length >= SHORTEST_REQUEST && length <= LONGEST_REQUEST);
}

function isRequest(words: string): boolean {
  return /[?？]["')]*$/.test(words) || ASKING.test(words) || ASKING_ELSEWHERE.test(words);
}
