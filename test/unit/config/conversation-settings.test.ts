import { describe, expect, test } from 'vitest';
import { ConfigError, type ConfigProblem } from '../../../src/config/config-error.ts';
import { describeConfig } from '../../../src/config/describe-config.ts';
import type { GatewayConfig } from '../../../src/config/gateway-config.ts';
import { type LoadOptions, loadConfig } from '../../../src/config/load-config.ts';
import { markedYaml } from './marked-yaml.ts';

const MODELS = 'model_providers:\n  - {model: openai/gpt-4o, access_key: $KEY}\n';
const REDIS = 'rediss://user:s3cret@redis.internal:6380/2';

function load(text: string, options: Partial<LoadOptions> = {}): GatewayConfig {
  return loadConfig(MODELS + text, {
    file: 'c.yaml',
    env: { KEY: 'sk-test', REDIS_URL: REDIS },
    cores: 4,
    ...options,
  });
}

function problemsOf(text: string): readonly ConfigProblem[] {
  try {
    load(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('conversation_store', () => {
  test.each(['', 'conversation_store: {}\n', 'conversation_store: {type: memory}\n'])(
    'is in memory, for an hour: %j',
    (text) => {
      const { conversations, warnings } = load(text);
      expect(conversations).toEqual({
        type: 'memory',
        ttl: 3_600_000,
        maxBytes: 67_108_864,
        maxEntries: 100_000,
      });
      expect(warnings).toEqual([]);
    },
  );

  test('has bounds', () => {
    const { conversations } = load('conversation_store: {ttl: 10m, max_bytes: 1MB, max_entries: 5}\n');
    expect(conversations).toEqual({ type: 'memory', ttl: 600_000, maxBytes: 1_048_576, maxEntries: 5 });
  });

  test('may be off', () => {
    expect(load('conversation_store: {type: none}\n').conversations).toEqual({ type: 'none' });
  });

  test('is Redis by its URL, which no output shows', () => {
    const config = load('conversation_store: {type: redis, url: $REDIS_URL, ttl: 24h, timeout: 200ms}\n');
    expect(config.conversations).toEqual({ type: 'redis', url: REDIS, ttl: 86_400_000, timeout: 200 });
    const text = describeConfig(config);
    expect(text).toContain('kept 86400s in Redis at redis.internal:6380');
    expect(text).not.toContain('s3cret');
  });

  test('needs no URL where nothing is called', () => {
    const options = { env: { KEY: 'k' }, keysOptional: true };
    const config = load('conversation_store: {type: redis, url: $REDIS_URL}\n', options);
    expect(config.conversations).toMatchObject({ type: 'redis', url: '' });
    expect(describeConfig(config)).toContain('in Redis');
  });

  test.each([
    ['{url: "redis://h"}', 'conversation_store.url: not used without type: redis'],
    ['{timeout: 1s}', 'conversation_store.timeout: not used without type: redis'],
    [
      '{type: redis, url: "redis://h", max_bytes: 1MB}',
      'conversation_store.max_bytes: not used with type: redis',
    ],
    ['{type: redis, url: "redis://h", max_entries: 1}', 'conversation_store.max_entries: not used with'],
  ])('warns of what has no effect: %s', (block, warning) => {
    expect(load(`conversation_store: ${block}\n`).warnings).toEqual([expect.stringContaining(warning)]);
  });

  test.each([
    ['no URL', 'conversation_store:\n  ‸type: redis\n', 'this key is missing'],
    ['another scheme', 'conversation_store:\n  type: redis\n  url: ‸http://h\n', 'this is no URL of a Redis'],
    ['a path', 'conversation_store:\n  type: redis\n  url: ‸redis://h/a/b\n', 'this is no URL of a Redis'],
    ['no host', 'conversation_store:\n  type: redis\n  url: ‸"redis:"\n', 'this is no URL of a Redis'],
    [
      'a long wait',
      'conversation_store:\n  type: redis\n  url: redis://h\n  timeout: ‸3s\n',
      'no request may wait so long',
    ],
    ['another store', 'conversation_store: {type: ‸postgres}\n', ''],
    ['an unknown key', 'conversation_store: {‸tll: 1h}\n', 'unknown key'],
  ])('is refused with %s', (_, marked, message) => {
    const { text } = markedYaml(marked);
    const [problem, ...more] = problemsOf(text);
    expect(more).toEqual([]);
    expect(problem?.message).toContain(message);
    expect(problem?.path.startsWith('conversation_store')).toBe(true);
  });
});

describe("Plano's state_storage", () => {
  test.each(['state_storage', 'state_storage_v1_responses'])('%s in memory is what there is', (key) => {
    const { conversations, warnings } = load(`${key}: {type: memory}\n`);
    expect([conversations.type, warnings]).toEqual(['memory', []]);
  });

  test('gives way to our own', () => {
    const { conversations, warnings } = load(
      'state_storage: {type: memory}\nconversation_store: {type: none}\n',
    );
    expect([conversations.type, warnings]).toEqual([
      'none',
      ['state_storage: not used where conversation_store is set'],
    ]);
  });
});
