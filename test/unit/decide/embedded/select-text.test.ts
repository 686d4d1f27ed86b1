import { describe, expect, test } from 'vitest';
import type { Turn } from '../../../../src/conversation/turn.ts';
import { selectText } from '../../../../src/decide/embedded/select-text.ts';

const said = (...texts: string[]): Turn[] =>
  texts.map((text, index) => ({ role: (texts.length - index) % 2 === 1 ? 'user' : 'assistant', text }));

const LOG = Array.from(
  { length: 20 },
  (_, index) => `2026-03-02T10:11:${10 + index}Z WARN slow response path=/v1/items pool=3/10`,
).join('\n');
const STORY = 'It rained for most of the night and in the morning the river had come up. '.repeat(12).trim();
const ASK = 'Turn the times into a chart for the weekly report.';

describe('a short turn', () => {
  test('is read with the two messages before it', () => {
    expect(selectText(said('a', 'b', 'c', 'and in Go?'))).toEqual({ text: 'and in Go?', context: 'b c' });
  });

  test('stands alone from twelve words on', () => {
    const text = 'one two three four five six seven eight nine ten eleven';
    expect(selectText(said('before', 'b', text)).context).toBe('before b');
    expect(selectText(said('before', 'b', `${text} twelve`)).context).toBe('');
  });

  test('is read with the end of a long message', () => {
    expect(selectText(said('q', `${'x'.repeat(100_000)}END`, 'why?')).context).toMatch(/^q x{4093}END$/);
  });
});

describe('a turn with a paste', () => {
  test.each([
    ['before it', `${ASK}\n\n${LOG}`],
    ['after it', `${LOG}\n\n${ASK}`],
    ['in the middle of two', `${LOG}\n\n${ASK}\n\n${STORY}`],
    ['after a fenced one with empty lines', `\`\`\`\n${LOG}\n\nWrite a poem\n\n${LOG}\n\`\`\`\n${ASK}`],
  ])('is what is asked %s', (_where, text) => {
    expect(selectText(said('before', 'b', text))).toEqual({ text: ASK, context: '' });
  });

  test('is what is asked on both sides', () => {
    const text = `Here is the log of this morning.\n\n${LOG}\n\n${ASK}`;
    expect(selectText(said(text)).text).toBe(`Here is the log of this morning.\n${ASK}`);
  });

  test('is read with the beginning of the paste where the question does not say what it is about', () => {
    expect(selectText(said(`What is this?\n\n${LOG}`))).toEqual({
      text: 'What is this?',
      context: LOG.slice(0, 160),
    });
  });

  test.each([
    ['in English', 'Please shorten it to one page'],
    ['as a question', 'which of these would a child understand?'],
    ['in German', 'Kannst du das bitte kürzen'],
    ['in Chinese', '请把这份文件翻译成英文，并且保留原来的格式'],
  ])('finds what is asked among the paragraphs of a document: %s', (_how, ask) => {
    const paragraph = 'The parties agree that the services are rendered at the place named in annex two.';
    const document = Array.from({ length: 8 }, () => paragraph).join('\n\n');
    const text = `${STORY}\n\n${document}\n\n${ask}\n\n${document}\n\n${STORY}`;
    expect(selectText(said(text)).text).toBe(ask);
  });

  test.each([
    ['nothing is asked around it', `${LOG}\n\n${STORY}`],
    ['there is none, in several paragraphs', `${ASK}\n\n${STORY.slice(0, 300)}\n\n${STORY.slice(0, 300)}`],
    ['most of it is not pasted', `${STORY.slice(0, 310)}\n\n${LOG.slice(0, 310)}\n\n${STORY.slice(0, 310)}`],
  ])('is left whole where %s', (_why, text) => {
    expect(selectText(said(text))).toEqual({ text, context: '' });
  });

  test('of any size costs no more than its ends', () => {
    const text = `${ASK}\n\n${'line of a log 1\n\n'.repeat(500_000)}`;
    expect(selectText(said(text)).text.startsWith(ASK)).toBe(true);
    // Left whole, it took seconds once.
    const whole = Buffer.alloc(40_000_000, 'x y ').toString();
    expect(selectText(said(whole)).text.length).toBe(whole.length);
  });
});
