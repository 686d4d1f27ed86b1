// What is not among the reasons to move on is told to the client as it is.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Behaviour, cut, failWith, hang } from './support/fake-provider.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { send } from './support/raw-request.ts';
import { CLAUDE, listener, startVendors, type Vendors } from './support/vendors.ts';

let vendors: Vendors;
let pointsman: RunningPointsman;

beforeAll(async () => {
  vendors = await startVendors();
  const { openai, anthropic } = vendors;
  pointsman = await startPointsman({
    config: {
      listeners: listener(),
      failover: { on: [503], per_try_timeout: '1s', back_off: { base: '10ms', max: '20ms' } },
      model_providers: [
        {
          model: 'openai/gpt-4o',
          base_url: openai.url,
          access_key: '$OPENAI_API_KEY',
          fallback: [`anthropic/${CLAUDE}`],
        },
        { model: `anthropic/${CLAUDE}`, base_url: anthropic.url, access_key: '$ANTHROPIC_API_KEY' },
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

test.each<[string, Behaviour, status: number, asksNext: boolean]>([
  ['503', failWith(503), 200, true],
  ['500', failWith(500), 500, false],
  ['429', failWith(429), 429, false],
  ['a connection that breaks', cut, 503, false],
  ['silence', hang, 504, false],
])('on: [503], after %s', async (_, behaviour, status, asksNext) => {
  vendors.openai.script(behaviour);
  const body = { model: 'openai/gpt-4o', messages: [{ role: 'user', content: 'hello' }] };
  expect((await send(`${pointsman.url}/v1/chat/completions`, { body })).status).toBe(status);
  expect(vendors.anthropic.requests).toHaveLength(asksNext ? 1 : 0);
});
