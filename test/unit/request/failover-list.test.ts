// A list of models as Envoy is told of it: who is tried how often and in which order, how long, and with which headers.

import { describe, expect, test } from 'vitest';
import type { FailoverConfig } from '../../../src/config/gateway-config.ts';
import type { Forward } from '../../../src/contract/exchange.ts';
import { chat, config, forwarded, harness, headers, TARGETS, target } from './stage-harness.ts';

const DEFAULTS = config().failover;
const FIRST_BYTE = 'x-envoy-upstream-rq-per-try-timeout-ms';

/** Routed to Claude, then to GPT. */
async function sent(failover: Partial<FailoverConfig>, body: object = {}): Promise<Forward> {
  const settings = { failover: { ...DEFAULTS, ...failover } };
  return forwarded(await harness('code', settings).send({ body: chat(body) }));
}

function clustersOf({ metadata, ...forward }: Forward): (string | undefined)[] {
  const later = Object.entries(metadata).filter(([name]) => name.startsWith('cluster_'));
  return [headers({ metadata, ...forward })['x-pointsman-cluster'], ...later.map(([, cluster]) => cluster)];
}

describe('a list of models', () => {
  test('is tried in its order, each as often as is configured', async () => {
    const forward = await sent({ attemptsPerTarget: 2 });
    expect(clustersOf(forward)).toEqual([
      'anthropic/skippable',
      'anthropic/skippable',
      'openai/served',
      'openai/served',
    ]);
    expect(headers(forward)['x-envoy-max-retries']).toBe('3');
  });

  test('has no more attempts than Envoy’s configuration knows', async () => {
    const models = Array.from({ length: 9 }, (_, index) => `p${index}/m`);
    const targets = [...TARGETS, ...models.map((model) => target(model))];
    const policy = {
      form: 'v0.4' as const,
      routes: [{ name: 'long', description: 'd', examples: [], models }],
    };
    const forward = forwarded(await harness('long', { targets, policy }).send({ body: chat() }));
    expect(clustersOf(forward)).toHaveLength(8);
    expect(headers(forward)['x-envoy-max-retries']).toBe('7');
  });

  test('waits for the first byte of a stream only: any other answer begins when it is complete', async () => {
    expect(headers(await sent({}, { stream: true }))[FIRST_BYTE]).toBe('30000');
    expect(headers(await sent({}))[FIRST_BYTE]).toBeUndefined();
    expect(headers(await sent({ perTryTimeout: 5000 }, { stream: true }))[FIRST_BYTE]).toBe('5000');
    const on = { ...DEFAULTS.on, firstByteTimeout: false };
    expect(headers(await sent({ on }, { stream: true }))[FIRST_BYTE]).toBeUndefined();
  });
});

test('a model’s name that is no header is not made one, of whatever operation', async () => {
  const model = 'groq/a\r\nset-cookie: b';
  const { send } = harness(null, { policy: undefined });
  for (const path of ['/v1/chat/completions', '/v1/embeddings']) {
    const { metadata } = forwarded(await send({ path, body: { ...chat({ model }), input: 'x' } }));
    expect(metadata['model']).toBe('groq/a%0D%0Aset-cookie:%20b');
  }
});

test('headers that mean something to one vendor reach no other', async () => {
  const { send } = harness(null, { policy: undefined });
  const own = { 'anthropic-version': '2023-06-01', 'anthropic-beta': 'files-api' };
  const body = { ...chat(), max_tokens: 9 };
  const asked = async (model: string): Promise<Forward> =>
    forwarded(await send({ path: '/v1/messages', headers: own, body: { ...body, model } }));
  const passed = await asked('anthropic/claude');
  expect(headers(passed)).toMatchObject(own);
  expect(passed.removeHeaders).not.toContain('anthropic-beta');
  const translated = await asked('openai/gpt-4o');
  expect(Object.keys(headers(translated)).filter((name) => name.startsWith('anthropic-'))).toEqual([]);
  expect(translated.removeHeaders).toEqual(expect.arrayContaining(Object.keys(own)));
});
