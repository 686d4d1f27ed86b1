import { describe, expect, test } from 'vitest';
import { isContinuation } from '../../../src/conversation/continuation.ts';

describe('isContinuation', () => {
  test.each([
    'continue',
    'Continue.',
    'yes please',
    'Yes, please!',
    'please continue',
    'ok, go ahead 👍',
    'Sounds good, thanks',
    'go on…',
    '2',
    'option b',
    'the second one',
    'ja bitte',
    'Weiter!',
    "Oui, s'il te plaît",
    'vas-y',
    'Sí, por favor.',
    'sì grazie',
    'tak, proszę',
    'да, пожалуйста',
    '继续',
    'はい、お願いします。',
    '계속해 주세요',
    'نعم من فضلك',
  ])('%s asks for more of the same', (text) => {
    expect(isContinuation(text)).toBe(true);
  });

  test.each([
    '',
    '   ',
    '!',
    'no',
    'thanks',
    'Thanks, that is all for today!',
    'yes, but in French',
    'continue with the tests',
    'now in Go',
    'why?',
    'next week in Lisbon',
    'please',
    'write more tests',
    '2024',
    'constructor',
    'yes '.repeat(20),
  ])('%s does not', (text) => {
    expect(isContinuation(text)).toBe(false);
  });
});
