// What holds for every pair of dialects, shown with a toy of each: events go out at once, once, and always to an end.

import { describe, expect, test } from 'vitest';
import { CUT_STREAM } from '../../../src/conversation/provider-error.ts';
import type { StreamEvent } from '../../../src/conversation/stream-event.ts';
import type { AnswerContext } from '../../../src/dialects/answer-context.ts';
import { StreamTranslator } from '../../../src/translate/stream-translator.ts';

const context: AnswerContext = { seed: 's', created: 0, model: 'm', stream: true, memo: {} };
const END: StreamEvent = { type: 'end' };
const text = (piece: string): StreamEvent => ({ type: 'text-delta', choice: 0, part: 0, text: piece });

/** A letter is an event; `.` ends the stream, `!` breaks the decoder, `?` the encoder. */
function translator(): { readonly translator: StreamTranslator; readonly reports: unknown[] } {
  const reports: unknown[] = [];
  const client = {
    createStreamEncoder: () => ({
      contentType: 'text/toy',
      push(event: StreamEvent): string {
        if (event.type === 'end') return '<end>';
        if (event.type === 'error') return `<error ${event.error.kind}>`;
        if (event.type !== 'text-delta') return '';
        if (event.text === '?') throw new Error('the encoder broke');
        return event.text.toUpperCase();
      },
    }),
  };
  let ended = false;
  const provider = {
    createStreamDecoder: () => ({
      push(bytes: Uint8Array): StreamEvent[] {
        return [...Buffer.from(bytes).toString()].map((letter) => {
          if (letter === '!') throw new Error('the decoder broke');
          if (letter === '.') ended = true;
          return letter === '.' ? END : text(letter);
        });
      },
      finish: (): StreamEvent[] => (ended ? [] : [{ type: 'error', error: CUT_STREAM }, END]),
    }),
  };
  return {
    translator: new StreamTranslator(client, provider, context, (cause) => reports.push(cause)),
    reports,
  };
}

const pushed = (one: StreamTranslator, piece: string, isLast = false): string =>
  Buffer.from(one.push(Buffer.from(piece), isLast) as Uint8Array).toString();

describe('StreamTranslator', () => {
  test('gives what a piece means with that piece, and nothing after the end', () => {
    const { translator: one } = translator();
    expect(pushed(one, 'ab')).toBe('AB');
    expect(pushed(one, '')).toBe('');
    expect(pushed(one, 'c.d')).toBe('C<end>');
    expect(pushed(one, 'e')).toBe('');
    expect(pushed(one, '', true)).toBe('');
  });

  test('gives all of a stream that comes at once, faster than any clock tells', () => {
    const { translator: one } = translator();
    const letters = 'abc'.repeat(10_000);
    expect(pushed(one, `${letters}.`, true)).toBe(`${letters.toUpperCase()}<end>`);
  });

  test('ends a stream that was cut with an error', () => {
    const { translator: one, reports } = translator();
    expect(pushed(one, 'ab', true)).toBe('AB<error cut><end>');
    expect(reports).toEqual([]);
  });

  test.each(['!', '?'])('ends a stream that cannot be read (%s) with an error, and reports why', (letter) => {
    const { translator: one, reports } = translator();
    expect(pushed(one, `a${letter}`)).toContain('<error cut><end>');
    expect(reports).toHaveLength(1);
    expect(pushed(one, 'b', true)).toBe('');
  });
});

describe('an answer that is to be kept', () => {
  /** Letters are kept as one text; `.` ends it. */
  function keeping(isWhole: boolean): {
    readonly one: StreamTranslator;
    readonly kept: string[];
    readonly settle: (isKept: boolean) => void;
  } {
    const kept: string[] = [];
    const { promise, resolve } = Promise.withResolvers<boolean>();
    let said = '';
    let isForgotten = false;
    const client = {
      createStreamEncoder: () => ({
        contentType: 'text/toy',
        push(event: StreamEvent): string {
          if (event.type === 'text-delta') said += event.text;
          return event.type === 'text-delta'
            ? event.text
            : `<${event.type}${isForgotten ? ' forgotten' : ''}>`;
        },
        whole: () => (isWhole ? { said } : undefined),
        forget(): void {
          isForgotten = true;
        },
      }),
    };
    const provider = {
      createStreamDecoder: () => ({
        push: (bytes: Uint8Array): StreamEvent[] =>
          [...Buffer.from(bytes).toString()].map((letter) => (letter === '.' ? END : text(letter))),
        finish: (): StreamEvent[] => [],
      }),
    };
    const keep = (answer: Buffer): Promise<boolean> => {
      kept.push(answer.toString());
      return promise;
    };
    return {
      one: new StreamTranslator(client, provider, context, () => undefined, keep),
      kept,
      settle: resolve,
    };
  }

  test.each([
    [true, 'c<end>'],
    [false, 'c<end forgotten>'],
  ])('is kept before its end goes out, which says whether it was (%s)', async (isKept, last) => {
    const { one, kept, settle } = keeping(true);
    expect(pushed(one, 'ab')).toBe('ab');
    expect(kept).toEqual([]);
    const end = one.push(Buffer.from('c.d'), false);
    expect(end).toBeInstanceOf(Promise);
    expect(kept).toEqual(['{"said":"abc"}']);
    settle(isKept);
    expect(Buffer.from(await end).toString()).toBe(last);
    expect(pushed(one, 'e', true)).toBe('');
  });

  test('is not where it is none, and nothing is waited for', () => {
    const { one, kept } = keeping(false);
    expect(pushed(one, 'a.')).toBe('a<end>');
    expect(kept).toEqual([]);
  });
});
