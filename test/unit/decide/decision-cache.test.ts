import { describe, expect, test } from 'vitest';
import { DecisionCache, questionKey } from '../../../src/decide/decision-cache.ts';
import { ask } from './questions.ts';

const answer = (route: string | null) => ({ route, scores: [] });

describe('questionKey', () => {
  test('is short and the same for the same question', () => {
    expect(questionKey(ask('x'))).toBe(questionKey(ask('x')));
    expect(questionKey(ask('x'.repeat(1_000_000)))).toHaveLength(43);
  });

  test('tells apart routes, text, role and earlier turns', () => {
    const keys = [
      ask('x'),
      { ...ask('x'), routesId: 'routes-2' },
      ask('y'),
      ask('x', { role: 'user', text: 'a' }),
      ask('x', { role: 'assistant', text: 'a' }),
      ask('x', { role: 'user', text: 'a' }, { role: 'user', text: 'b' }),
      ask('x', { role: 'user', text: 'ab' }),
    ].map(questionKey);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('tells apart what only the embedded router sees: the middle of a long turn, the end of a long answer', () => {
    const log = 'a line of a log\n'.repeat(600);
    const long = (request: string) => ask(`${log}\n${request}\n\n${log}`);
    expect(questionKey(long('Please translate it'))).not.toBe(questionKey(long('Please shorten it')));
    const answered = (end: string) => ask('and in Go?', { role: 'assistant', text: `${log}${end}` });
    expect(questionKey(answered('sorted'))).not.toBe(questionKey(answered('booked')));
  });

  test('what the routers cannot see makes no difference', () => {
    const seen = 'x'.repeat(8_000);
    expect(questionKey(ask(seen, { role: 'user', text: 'a'.repeat(500) }))).toBe(
      questionKey(ask(seen, { role: 'user', text: 'b'.repeat(500) })),
    );
  });
});

describe('DecisionCache', () => {
  test('keeps answers, "none fits" included, by engine', () => {
    const cache = new DecisionCache(10);
    cache.set('embedded', 'k', answer(null));
    expect(cache.get('embedded', 'k')).toEqual(answer(null));
    expect(cache.get('arch-router', 'k')).toBeUndefined();
  });

  test('drops what was used longest ago', () => {
    const cache = new DecisionCache(2);
    cache.set('embedded', 'a', answer('a'));
    cache.set('embedded', 'b', answer('b'));
    cache.get('embedded', 'a');
    cache.set('embedded', 'c', answer('c'));
    expect(cache.get('embedded', 'b')).toBeUndefined();
    expect(cache.get('embedded', 'a')).toEqual(answer('a'));
    expect(cache.get('embedded', 'c')).toEqual(answer('c'));
    expect(cache.size).toBe(2);
  });

  test('stays bounded, and a new answer replaces the old one', () => {
    const cache = new DecisionCache(100);
    for (let index = 0; index < 10_000; index++)
      cache.set('embedded', `k${index % 5_000}`, answer(`r${index}`));
    expect(cache.size).toBe(100);
    expect(cache.get('embedded', 'k4999')).toEqual(answer('r9999'));
  });

  test('an answer over thousands of routes is not kept', () => {
    const cache = new DecisionCache(100);
    const scores = Array.from({ length: 2_000 }, (_, index) => ({ route: `route_${index}`, score: 0.1 }));
    cache.set('embedded', 'big', { route: 'route_1', scores });
    cache.set('embedded', 'long', answer('x'.repeat(1_000_000)));
    expect(cache.size).toBe(0);
  });

  test('no entries, no cache', () => {
    const cache = new DecisionCache(0);
    cache.set('embedded', 'k', answer('a'));
    expect(cache.size).toBe(0);
  });
});
