import { describe, expect, test } from 'vitest';
import { ConfigError, type ConfigProblem } from '../../../src/config/config-error.ts';
import type { GatewayConfig } from '../../../src/config/gateway-config.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { markedYaml } from './marked-yaml.ts';

function load(text: string): GatewayConfig {
  return loadConfig(text, { file: 'c.yaml', env: { KEY: 'sk-test' }, cores: 4 });
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

const MODELS = `model_providers:
  - {model: openai/gpt-4o, access_key: $KEY}
  - {model: anthropic/claude, access_key: $KEY}
  - {model: groq/*, access_key: $KEY}
`;

/** Three entries, the first with these fallbacks. */
function withFallback(list: string): string {
  return MODELS.replace('gpt-4o, access_key: $KEY}', `gpt-4o, access_key: $KEY, fallback: ${list}}`);
}

describe('the failover section', () => {
  test('has defaults where it is absent', () => {
    expect(load(MODELS).failover).toEqual({
      on: { connectFailure: true, reset: true, firstByteTimeout: true, serverErrors: true, statuses: [429] },
      attemptsPerTarget: 1,
      perTryTimeout: 120_000,
      firstByteTimeout: 30_000,
      backOff: { base: 100, max: 2000 },
      outlierDetection: { consecutiveFailures: 5, ejectionTime: 30_000 },
    });
  });

  test('and the defaults are what the section says when written out', () => {
    const written = `${MODELS}failover:
  on: [connect-failure, reset, 429, 5xx, first-byte-timeout]
  attempts_per_target: 1
  per_try_timeout: 120s
  first_byte_timeout: 30s
  back_off: {base: 100ms, max: 2s}
  outlier_detection: {consecutive_failures: 5, ejection_time: 30s}
`;
    expect(load(written).failover).toEqual(load(MODELS).failover);
  });

  test('passes nobody over after no failures, nor where that would be no reason to go on', () => {
    const off = '{consecutive_failures: 0, ejection_time: 5s}';
    for (const section of [
      `{outlier_detection: ${off}}`,
      '{on: [5xx]}',
      `{on: [5xx], outlier_detection: ${off}}`,
    ])
      expect(load(`${MODELS}failover: ${section}\n`).failover.outlierDetection).toBeUndefined();
  });

  test('takes single statuses, quoted or not, and each once', () => {
    const { failover } = load(`${MODELS}failover: {on: [503, "408", reset, 503]}\n`);
    expect(failover.on).toEqual({
      connectFailure: false,
      reset: true,
      firstByteTimeout: false,
      serverErrors: false,
      statuses: [408, 503],
    });
  });

  test('says that a first byte that is late is not told from a connection that breaks', () => {
    const [warning, ...more] = load(`${MODELS}failover: {on: [first-byte-timeout]}\n`).warnings;
    expect(warning).toMatch(/^failover\.on: first-byte-timeout without reset: /);
    expect(more).toEqual([]);
    expect(load(`${MODELS}failover: {on: [first-byte-timeout, reset]}\n`).warnings).toEqual([]);
  });

  test('switches the limit of one attempt off', () => {
    expect(load(`${MODELS}failover: {per_try_timeout: 0s}\n`).failover.perTryTimeout).toBe(0);
  });

  test('leaves the limits of the listener alone', () => {
    const { listener, failover } = load(
      `${MODELS}listeners: [{type: model, per_try_timeout: 5s}]\nfailover: {per_try_timeout: 7s}\n`,
    );
    expect([listener.perTryTimeout, failover.perTryTimeout]).toEqual([5000, 7000]);
  });
});

describe('fallback', () => {
  test('holds full ids in their order: of ids, names, aliases and what a wildcard covers', () => {
    const { targets } = load(
      `${withFallback('[fast, claude, groq/b, groq/c]')}  - {model: mistral/m, name: house, access_key: $KEY, fallback: [openai/gpt-4o]}\nmodel_aliases: {fast: {target: house}}\n`,
    );
    expect(targets.map(({ fallback }) => fallback)).toEqual([
      ['mistral/m', 'anthropic/claude', 'groq/b', 'groq/c'],
      [],
      [],
      ['openai/gpt-4o'],
    ]);
  });

  test('of a wildcard counts for all its models', () => {
    const { targets } = load(MODELS.replace('groq/*,', 'groq/*, fallback: [openai/gpt-4o],'));
    expect(targets[2]).toMatchObject({ modelId: '*', fallback: ['openai/gpt-4o'] });
  });

  test('leaves the default the target that it is', () => {
    const config = load(withFallback('[claude]').replace('gpt-4o,', 'gpt-4o, default: true,'));
    expect(config.defaultTarget).toBe(config.targets[0]);
    expect(config.defaultTarget?.fallback).toEqual(['anthropic/claude']);
  });
});

describe('lists that are longer than what is tried', () => {
  test('are warned about, and only they', () => {
    const routes = '{name: long, description: d, models: [gpt-4o, claude, groq/a]}';
    const { warnings } = load(
      `${withFallback('[claude]')}routing_preferences: [${routes}]\nfailover: {attempts_per_target: 3}\n`,
    );
    expect(warnings).toEqual([
      'route long: its 3 models with 3 attempts each are more than the 8 attempts that one request gets; the last are never tried',
    ]);
  });

  test('one model alone is not a list', () => {
    expect(load(`${MODELS}failover: {attempts_per_target: 5}\n`).warnings).toEqual([]);
  });
});

const NO_REASON = 'this is no reason to try the next model';

describe('what cannot be is refused at its place, with what to write instead', () => {
  test.each<[name: string, yaml: string, path: string, message: string, hint: string]>([
    [
      'a misspelt condition',
      `${MODELS}failover: {on: [reset, ‸conect-failure]}\n`,
      'failover.on[1]',
      NO_REASON,
      'did you mean connect-failure?',
    ],
    ['4xx', `${MODELS}failover: {on: [‸4xx]}\n`, 'failover.on[0]', NO_REASON, 'did you mean 5xx?'],
    [
      'a status of success',
      `${MODELS}failover: {on: [‸200]}\n`,
      'failover.on[0]',
      NO_REASON,
      'write one of connect-failure, reset, 429, 5xx, first-byte-timeout, or a status from 400 to 599',
    ],
    ['nothing', `${MODELS}failover: {on: [‸null]}\n`, 'failover.on[0]', NO_REASON, 'write one of'],
    ['no conditions', `${MODELS}failover: {on: ‸[]}\n`, 'failover.on', 'this is empty', 'write a value'],
    [
      'an unknown key',
      `${MODELS}failover: {‸backoff: {}}\n`,
      'failover.backoff',
      'unknown key',
      'did you mean back_off?',
    ],
    [
      'no attempts',
      `${MODELS}failover: {attempts_per_target: ‸0}\n`,
      'failover.attempts_per_target',
      'this number is too small',
      'write at least 1',
    ],
    [
      'six attempts',
      `${MODELS}failover: {attempts_per_target: ‸6}\n`,
      'failover.attempts_per_target',
      'this number is too large',
      'write at most 5',
    ],
    [
      'no time for the first byte',
      `${MODELS}failover: {first_byte_timeout: ‸0s}\n`,
      'failover.first_byte_timeout',
      'durations here go from 1ms to 576h',
      'write one of those',
    ],
    [
      'providers passed over where that is no reason to go on',
      `${MODELS}failover: {on: [5xx], outlier_detection: ‸{ejection_time: 1m}}\n`,
      'failover.outlier_detection',
      'a provider that is passed over counts as one that cannot be connected to',
      'add connect-failure to on:',
    ],
    [
      'ejection after half a failure',
      `${MODELS}failover: {outlier_detection: {consecutive_failures: ‸0.5}}\n`,
      'failover.outlier_detection.consecutive_failures',
      'expected a whole number, found a number',
      '',
    ],
    [
      'no time for an ejection',
      `${MODELS}failover: {outlier_detection: {ejection_time: ‸0s}}\n`,
      'failover.outlier_detection.ejection_time',
      'durations here go from 1ms to 576h',
      'write one of those',
    ],
    [
      'waits that shrink',
      `${MODELS}failover: {back_off: {base: 3s, max: ‸1s}}\n`,
      'failover.back_off.max',
      'the longest wait is shorter than the first',
      'write base: and max:',
    ],
    [
      'a first wait above the default of the longest',
      `${MODELS}failover: {back_off: {base: ‸3s}}\n`,
      'failover.back_off.base',
      'the longest wait is shorter than the first',
      'write base: and max:',
    ],
    [
      'an unknown fallback',
      withFallback('[‸anthropic/claud]'),
      'model_providers[0].fallback[0]',
      '"anthropic/claud" is not declared in model_providers',
      'did you mean anthropic/claude?',
    ],
    [
      'itself',
      withFallback('[claude, ‸gpt-4o]'),
      'model_providers[0].fallback[1]',
      'a model cannot fall back to itself',
      'name another one',
    ],
    [
      'a model of the same wildcard',
      MODELS.replace('groq/*,', 'groq/*, fallback: [‸groq/llama],'),
      'model_providers[2].fallback[0]',
      'this wildcard covers that model itself',
      'declare it in an entry of its own',
    ],
    [
      'one model twice, by two names',
      withFallback('[claude, ‸anthropic/claude]'),
      'model_providers[0].fallback[1]',
      'this model is in the list already',
      'name each model once',
    ],
    [
      'a model that nobody can call',
      `${withFallback('[‸chatgpt/gpt-5]')}  - {model: chatgpt/gpt-5}\n`,
      'model_providers[0].fallback[0]',
      'this model cannot be called',
      'name another one',
    ],
  ])('%s', (_, marked, path, message, hint) => {
    const { text, line, column } = markedYaml(marked);
    const problems = problemsOf(text);
    expect(problems).toEqual([
      {
        file: 'c.yaml',
        line,
        column,
        path,
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      },
    ]);
  });
});
