// Chat requests as JSON texts that JSON.stringify would never write, member by member: odd white space, duplicate and
// escaped keys, numbers that no double holds. Made of raw text, so that a test can follow each byte.

import fc from 'fast-check';

export interface RawMember {
  /** `owned` members are the gateway's to change or remove; all others must pass as they are. */
  readonly kind: 'other' | 'model' | 'policy';
  /** The key with its quotes, the colon, and the white space about it. */
  readonly head: string;
  /** The value's own text. */
  readonly value: string;
  /** White space before the key and after the value. */
  readonly before: string;
  readonly after: string;
}

const space = fc.stringMatching(/^[ \n\r\t]{0,3}$/);
const quoted = fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text));

const value: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    quoted,
    fc.constantFrom('9007199254740993', '-0', '1e400', '0.10', '1E+2', `1${'0'.repeat(40)}`, 'null', 'false'),
    fc.constantFrom(
      '"\\u0041\\"\\\\"',
      '"\\ud83d"',
      '"\\/"',
      '"}],:{["',
      '"日本 🚂"',
      '{}',
      '[ ]',
      '{"model":"x"}',
    ),
    fc
      .array(fc.tuple(space, tie('value')), { maxLength: 4 })
      .map((items) => `[${items.map((i) => i.join('')).join(' ,')}]`),
    fc
      .array(fc.tuple(quoted, space, tie('value')), { maxLength: 4 })
      .map((members) => `{${members.map(([key, pad, inner]) => `${key}${pad}:${inner}`).join(',')}}`),
  ),
})).value;

const MESSAGES = [
  '[{"role":"user","content":"hello"}]',
  '[ {"content" : "h\\u00e9llo", "role":"us\\u0065r", "n":12345678901234567890} ]',
  '[{"role":"system","content":"a"},{"role":"user","content":[{"type":"text","text":"b"}]}]',
];
const POLICY =
  '[{"model":"openai/gpt-4o", "routing_preferences":[{"name":"reasoning","description":"hard }] questions"}]}]';

function member(
  kind: RawMember['kind'],
  key: fc.Arbitrary<string>,
  content: fc.Arbitrary<string>,
): fc.Arbitrary<RawMember> {
  return fc.tuple(space, key, space, space, content, space).map(([before, name, a, b, text, after]) => ({
    kind,
    before,
    head: `${name}${a}:${b}`,
    value: text,
    after,
  }));
}

const other = member(
  'other',
  fc.oneof(fc.constantFrom('"x"', '"__proto__"', '"a\\"b"', '""'), quoted),
  value,
);
const messages = member(
  'other',
  fc.constantFrom('"messages"', '"mess\\u0061ges"'),
  fc.constantFrom(...MESSAGES),
);
const model = member(
  'model',
  fc.constantFrom('"model"', '"mod\\u0065l"'),
  fc.constantFrom('"gpt-4o"', '"openai/gpt-4o-mini"', '"fast"', '"auto"', 'null', '"gpt-\\u0034o"'),
);
const policy = member('policy', fc.constant('"routing_policy"'), fc.constant(POLICY));

/** Members of a request that is always accepted, in any order. */
export const chatMembers: fc.Arbitrary<RawMember[]> = fc
  .tuple(
    messages.map((one) => [one]),
    fc.array(other, { maxLength: 6 }),
    fc.array(model, { maxLength: 2 }),
    fc.array(policy, { maxLength: 2 }),
  )
  .map((groups) => groups.flat())
  .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));

export const textOf = (members: readonly RawMember[]): string =>
  `{${members.map(({ before, head, value: text, after }) => `${before}${head}${text}${after}`).join(',')}}`;
