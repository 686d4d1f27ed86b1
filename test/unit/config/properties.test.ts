import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/config/config-error.ts';
import { describeConfig } from '../../../src/config/describe-config.ts';
import type { GatewayConfig } from '../../../src/config/gateway-config.ts';
import { loadConfig } from '../../../src/config/load-config.ts';

const SECRET = 'hunter2-hunter2';
const ENV = { KEY: SECRET, URL: `https://h.example/${SECRET}/v1?token=${SECRET}` };

const VALID = `version: v0.4.0
listeners:
  - {type: model, name: a, port: 12000, timeout: 300s}
model_providers:
  - model: openai/gpt-4o
    access_key: $KEY
    default: true
    headers: {x-extra: "a $KEY b"}
    routing_preferences:
      - {name: inline, description: one, examples: [a, b]}
  - {model: anthropic/claude, access_key: ${SECRET}}
  - {model: vllm/*, base_url: $URL, tls: {sni: h}}
routing_preferences:
  - {name: code, description: two, models: [anthropic/claude, gpt-4o], selection_policy: {prefer: fastest}}
model_aliases: {fast: {target: gpt-4o}}
routing: {engine: auto, base_url: $URL, timeout: 2s, session_cache: {type: redis}}
ratelimits: [{model: openai/gpt-4o, selector: {key: a}, limit: {tokens: 1, unit: day}}]
`;

/** The configuration, or the error's text; anything but a ConfigError fails the test. */
function attempt(text: string): GatewayConfig | string {
  try {
    return loadConfig(text, { file: 'c.yaml', env: ENV, cores: 2, demoSocket: '/demo' });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    if (!(error instanceof ConfigError)) throw error;
    for (const { line, column } of error.problems) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(column).toBeGreaterThanOrEqual(1);
    }
    expect(error.problems.length).toBeGreaterThan(0);
    return error.message;
  }
}

const lines = VALID.split('\n');
const words = [
  ...new Set(VALID.split(/[\s{}[\],:]+/)),
  '<<',
  '&a',
  '*a',
  '!!str',
  '---',
  '|',
  '"',
  '__proto__',
  'null',
];

/** The valid text with some lines dropped, doubled, moved, and with words replaced or inserted. */
const mutation = fc.array(
  fc.record({
    line: fc.nat(lines.length - 1),
    kind: fc.constantFrom('drop', 'double', 'indent', 'replace', 'insert', 'cut'),
    at: fc.nat(80),
    word: fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 6 })),
  }),
  { minLength: 1, maxLength: 4 },
);

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(changes: Mutation): string {
  const changed = [...lines];
  for (const { line, kind, at, word } of changes) {
    const old = changed[line] ?? '';
    if (kind === 'drop') changed[line] = '';
    if (kind === 'double') changed[line] = `${old}\n${old}`;
    if (kind === 'indent') changed[line] = `  ${old}`;
    if (kind === 'insert') changed[line] = old.slice(0, at) + word + old.slice(at);
    if (kind === 'cut') changed[line] = old.slice(0, at);
    if (kind === 'replace') changed[line] = old.replace(words[at % words.length] ?? '', () => word);
  }
  return changed.join('\n');
}

test('the text that is mutated is valid', () => {
  const config = attempt(VALID);
  expect(config).toMatchObject({ targets: [{}, {}, {}] });
});

describe('whatever the text is', () => {
  test('nothing but a ConfigError is thrown', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 200 }), fc.json(), fc.string({ unit: 'binary' })),
        (text) => {
          attempt(text);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('nor for a valid file that was changed', () => {
    fc.assert(
      fc.property(mutation, (changes) => {
        attempt(mutate(changes));
      }),
      { numRuns: 1000 },
    );
  });

  test('nor for any value at a known key', () => {
    const keys = [
      'model_providers',
      'listeners',
      'routing',
      'overrides',
      'model_aliases',
      'metrics',
      'routing_preferences',
      'max_body_bytes',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 4 }), (key, value) => {
        attempt(JSON.stringify({ model_providers: [{ model: 'openai/a', access_key: 'k' }], [key]: value }));
      }),
      { numRuns: 500 },
    );
  });

  test('no secret is printed, neither from a variable nor from the file', () => {
    let described = 0;
    // A secret that is moved to where a name belongs is a name.
    const harmless = mutation.map((changes) =>
      changes.filter(({ kind, word }) => kind !== 'insert' && kind !== 'cut' && !words.includes(word)),
    );
    fc.assert(
      fc.property(harmless, (changes) => {
        const result = attempt(mutate(changes));
        if (typeof result === 'string') {
          expect(result).not.toContain(SECRET);
        } else {
          described++;
          expect(describeConfig(result)).not.toContain(SECRET);
        }
      }),
      { numRuns: 1000 },
    );
    expect(described).toBeGreaterThan(0);
  });
});
