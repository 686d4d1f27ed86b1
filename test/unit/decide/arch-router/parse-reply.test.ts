import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseReply } from '../../../../src/decide/arch-router/parse-reply.ts';
import { RouterError } from '../../../../src/decide/intent-router.ts';

const NAMES = ['code_generation', 'complex reasoning', "it's", 'Übersetzung'];

describe('parseReply', () => {
  test.each([
    ['{"route": "code_generation"}', 'code_generation'],
    ['{"route":"complex reasoning"}', 'complex reasoning'],
    ['  \n{"route": "code_generation"}\n ', 'code_generation'],
    ['{"route": " code_generation "}', 'code_generation'],
    ['{"route": "Code_Generation"}', 'code_generation'],
    ['{"route": "\\u00dcbersetzung"}', 'Übersetzung'],
    ['```json\n{"route": "code_generation"}\n```', 'code_generation'],
    ['```\n{"route": "code_generation"}\n```', 'code_generation'],
    ['```{"route": "code_generation"}```', 'code_generation'],
    ["{'route': 'code_generation'}", 'code_generation'],
    ["{'route': \"it's\"}", "it's"],
    ["{'route': 'it\\'s'}", "it's"],
    ["```python\n{'route': 'code_generation'}\n```", 'code_generation'],
    ['{"route": ["code_generation"]}', 'code_generation'],
    ['{"route": ["code_generation", "complex reasoning"]}', 'code_generation'],
    ["{'route': ['code_generation']}", 'code_generation'],
    ['[{"route": "code_generation"}]', 'code_generation'],
    ['["code_generation"]', 'code_generation'],
    ['{"route": "code_generation", "confidence": 0.9}', 'code_generation'],
    ['{route: code_generation}', 'code_generation'],
    ['The best route is {"route": "code_generation"}, since it asks for code.', 'code_generation'],
    ['Sure!\n```json\n{"route": "code_generation"}\n```\nAnything else?', 'code_generation'],
    ['{"route": "code_generation"}\n{"route": "code_generation"}', 'code_generation'],
    ['{"route": "code_generation"', 'code_generation'],
    ['code_generation', 'code_generation'],
    ['"code_generation"', 'code_generation'],
    ['`code_generation`', 'code_generation'],
  ])('%s names %s', (text, route) => {
    expect(parseReply(text, NAMES)).toBe(route);
  });

  test.each([
    '{"route": "other"}',
    '{"route": "Other"}',
    "{'route': 'other'}",
    '{"route": null}',
    "{'route': None}",
    '{"route": ""}',
    '{"route": []}',
    "{'route': []}",
    '{"route": [""]}',
    '{"route": "null"}',
    '{"route": "none"}',
    'null',
    '""',
    "''",
    '[]',
    'other',
    'Nothing fits: {"route": "other"}.',
  ])('%s is no match', (text) => {
    expect(parseReply(text, NAMES)).toBeNull();
  });

  test.each([
    '{"route": "cooking"}',
    "{'route': 'cooking'}",
    '{"route": ["cooking"]}',
    '{route: cooking}',
    '"cooking"',
  ])('%s names an unknown route', (text) => {
    expect(() => parseReply(text, NAMES)).toThrow(expect.objectContaining({ failure: 'unknown-route' }));
  });

  test.each([
    '',
    '   ',
    'I cannot help with that.',
    '<html><body>502</body></html>',
    '{"answer": "code_generation"}',
    '{"subroute": "code_generation"}',
    '{"route": 7}',
    '{"route": {"name": "code_generation"}}',
    '42',
    'true',
    '{"route": "',
    '{"route":',
    '{"route": "code_generation"} or {"route": "complex reasoning"}',
    '[[[[[[["code_generation"]]]]]]]',
  ])('%j is a bad answer', (text) => {
    expect(() => parseReply(text, NAMES)).toThrow(expect.objectContaining({ failure: 'bad-answer' }));
  });

  test('a route that is itself called "other" can be matched', () => {
    expect(parseReply('{"route": "other"}', ['code', 'other'])).toBe('other');
  });

  test('names that differ only by case are told apart', () => {
    expect(parseReply('{"route": "a"}', ['A', 'a'])).toBe('a');
    expect(() => parseReply('{"route": "AA"}', ['aA', 'Aa'])).toThrow(RouterError);
  });

  test('whatever the text, the answer is a known name, null or a RouterError', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        'route',
        ':',
        ' ',
        '```',
        'json',
        '\\',
        'null',
        ...NAMES,
        '"route": ',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        try {
          const route = parseReply(pieces.join(''), NAMES);
          expect(route === null || NAMES.includes(route)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(RouterError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('a name in any JSON spelling comes back', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme', maxLength: 60 }),
        fc.boolean(),
        (name, isList) => {
          expect(parseReply(JSON.stringify({ route: isList ? [name] : name }), [name])).toBe(name);
        },
      ),
    );
  });

  test('hostile text takes no time', () => {
    const texts = [
      "'route':'".repeat(100_000),
      '```'.repeat(300_000),
      `{"route":${'['.repeat(500_000)}`,
      'route'.repeat(200_000),
    ];
    const begun = performance.now();
    for (const text of texts) {
      try {
        expect(parseReply(text, NAMES)).toBeNull();
      } catch (error) {
        expect(error).toBeInstanceOf(RouterError);
      }
    }
    expect(performance.now() - begun).toBeLessThan(500);
  });
});
