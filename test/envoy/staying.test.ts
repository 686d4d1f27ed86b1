// Several attempts at one model before the next: a retry-after is waited for where the next attempt stays, and nowhere else.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { failWith } from './support/fake-provider.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { CLAUDE, listener, startVendors, type Vendors } from './support/vendors.ts';

let vendors: Vendors;
let pointsman: RunningPointsman;

beforeAll(async () => {
  vendors = await startVendors({ seesAttempts: ['2', '3'] });
  pointsman = await startPointsman({
    config: {
      listeners: listener(),
      failover: { attempts_per_target: 2, back_off: { base: '10ms', max: '20ms' } },
      model_providers: [
        {
          model: 'openai/gpt-4o',
          base_url: vendors.openai.url,
          access_key: '$OPENAI_API_KEY',
          fallback: [`anthropic/${CLAUDE}`],
        },
        {
          model: `anthropic/${CLAUDE}`,
          base_url: vendors.anthropic.url,
          access_key: '$ANTHROPIC_API_KEY',
        },
      ],
    },
  });
}, 60_000);

afterEach(() => {
  vendors.verify();
  vendors.reset();
});

afterAll(async () => {
  await pointsman.stop();
  await vendors.close();
});

async function ask(content = 'hello'): Promise<readonly (string | null)[]> {
  const { response } = await pointsman.openai.chat.completions
    .create({ model: 'openai/gpt-4o', messages: [{ role: 'user', content }] }, { maxRetries: 0 })
    .withResponse();
  return [response.headers.get('x-pointsman-model'), response.headers.get('x-pointsman-attempts')];
}

test('a retry-after is waited for where the next attempt stays', async () => {
  vendors.openai.script(failWith(429, { 'retry-after': '1' }));
  expect(await ask()).toEqual(['openai/gpt-4o', '2']);
  const [first, second] = vendors.openai.requests;
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(900);
  expect(second?.body).toEqual(first?.body);
});

test('and not where it moves on', async () => {
  vendors.openai.script(failWith(503), failWith(429, { 'retry-after': '29' }));
  const begun = performance.now();
  expect(await ask()).toEqual([`anthropic/${CLAUDE}`, '3']);
  expect(performance.now() - begun).toBeLessThan(20_000);
  expect(vendors.openai.requests).toHaveLength(2);
}, 60_000);

test('all attempts are made before the last error is told', async () => {
  vendors.openai.script(failWith(500), failWith(500));
  vendors.anthropic.script(failWith(529), failWith(529));
  await expect(ask()).rejects.toMatchObject({ status: 529 });
  expect(vendors.openai.requests).toHaveLength(2);
  expect(vendors.anthropic.requests).toHaveLength(2);
});

test('a body of 10 MB arrives whole at every attempt, with its length', async () => {
  const content = `${'x'.repeat(10_000_000)}é`;
  vendors.openai.script(failWith(503), failWith(503));
  expect(await ask(content)).toEqual([`anthropic/${CLAUDE}`, '3']);
  for (const { body } of vendors.openai.requests) expect(body.messages[0].content === content).toBe(true);
  expect(vendors.openai.requests).toHaveLength(2);
  expect(vendors.anthropic.requests[0]?.body.messages[0].content[0].text === content).toBe(true);
}, 60_000);
