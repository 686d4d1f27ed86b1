import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { usersWords } from '../../../src/conversation/users-words.ts';

describe('usersWords', () => {
  test.each([
    ['plain text', 'Write a parser', 'Write a parser'],
    ['white space of a plain text', '  Write a <b>parser</b>\n', '  Write a <b>parser</b>\n'],
    [
      'a reminder before the question',
      '<system-reminder>\nThe user opened a.sql\n</system-reminder>\nFix the test',
      'Fix the test',
    ],
    [
      'reminders on both sides',
      '<system-reminder>a</system-reminder>b<system-reminder>c</system-reminder>',
      'b',
    ],
    ['a reminder alone', '<system-reminder>Plan a trip</system-reminder>\n', ''],
    [
      'a task with its surroundings',
      '<task>\nAdd a retry\n</task>\n\n<environment_details>\n# VSCode Visible Files\nsrc/a.ts\n</environment_details>',
      'Add a retry',
    ],
    [
      'a query among attachments',
      '<timestamp>now</timestamp>\n<user_query>\nAdd it\n</user_query>',
      'Add it',
    ],
    [
      'a request behind instructions',
      '<attachments>x</attachments>\n<reminderInstructions>Be brief</reminderInstructions>\n<userRequest>\nExplain\n</userRequest>',
      'Explain',
    ],
    ['an AGENTS.md', '# AGENTS.md instructions for /srv/app\n\n<INSTRUCTIONS>Use tabs</INSTRUCTIONS>', ''],
    ['the surroundings of Codex', '<environment_context>\n<cwd>/srv</cwd>\n</environment_context>', ''],
    ['an interruption', '[Request interrupted by user for tool use]', ''],
    ['a tool result in words', "[read_file for 'src/a.ts'] Result:\nexport const a = 1;", ''],
    [
      'feedback on a tool',
      '[attempt_completion] Result:\n<feedback>\nNow in French\n</feedback>',
      'Now in French',
    ],
    ['a tag that is not closed', 'What does <system-reminder> mean?', 'What does <system-reminder> mean?'],
    ['a list', '[1, 2, 3] sorted descending', '[1, 2, 3] sorted descending'],
    ['a heading', '# Title\nTranslate this', '# Title\nTranslate this'],
  ])('%s', (_what, text, words) => {
    expect(usersWords(text)).toBe(words);
  });

  test('takes time in proportion to the text, whatever is open in it', () => {
    const text = `${'<system-reminder><user_query>'.repeat(30_000)}end`;
    expect(usersWords(text)).toBe(text);
  });

  test('does not look through megabytes', () => {
    const reminder = '<system-reminder>a</system-reminder>';
    expect(usersWords(reminder + 'b'.repeat(1_048_576 - reminder.length))).not.toContain('<');
    expect(usersWords(reminder + 'b'.repeat(1_048_576))).toContain('<');
  });

  test('adds nothing', () => {
    const piece = fc.constantFrom(
      '<task>',
      '</task>',
      '<user_query>',
      '</user_query>',
      'a',
      ' ',
      '[x] Result:',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        expect(text).toContain(usersWords(text));
      }),
    );
  });
});
