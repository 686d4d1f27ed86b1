// What says whose account a caller's key belongs to, and what was meant for a proxy on the way: a provider gets to see
// the first only together with the caller's own key, the second never.

import { afterEach, beforeAll, expect, test } from 'vitest';
import { type FakeProvider, startFakeProvider } from './support/fake-provider.ts';
import { KEYS } from './support/keys.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { send } from './support/raw-request.ts';
import { listener } from './support/vendors.ts';

const paths = { '/v1/chat/completions': 'openai-chat' } as const;
const SENT = {
  'proxy-authorization': `Basic ${KEYS.caller}`,
  'openai-organization': 'org-caller',
  'openai-project': 'proj-caller',
};

let gateway: RunningPointsman;
let ours: FakeProvider;
let theirs: FakeProvider;

beforeAll(async () => {
  ours = await startFakeProvider({
    paths,
    credential: ['authorization', `Bearer ${KEYS.openai}`],
    models: ['ours'],
  });
  theirs = await startFakeProvider({
    paths,
    credential: ['authorization', `Bearer ${KEYS.caller}`],
    models: ['theirs'],
  });
  gateway = await startPointsman({
    config: {
      listeners: listener(),
      model_providers: [
        { model: 'openai/ours', base_url: ours.url, access_key: '$OPENAI_API_KEY' },
        {
          model: 'theirs/theirs',
          base_url: theirs.url,
          provider_interface: 'openai',
          passthrough_auth: true,
        },
      ],
      routing: { engine: 'none' },
    },
  });
  return async () => {
    await gateway.stop();
    await Promise.all([ours.close(), theirs.close()]);
  };
});
afterEach(() => {
  expect([...ours.violations, ...theirs.violations]).toEqual([]);
});

async function ask(model: string): Promise<void> {
  const response = await send(`${gateway.url}/v1/chat/completions`, {
    headers: { ...SENT, authorization: `Bearer ${KEYS.caller}` },
    body: { model, messages: [{ role: 'user', content: 'hello' }] },
  });
  expect(response.status).toBe(200);
}

test('stays here where our key goes out', async () => {
  await ask('openai/ours');
  const [received] = ours.requests;
  expect(Object.keys(SENT).filter((name) => received?.headers[name] !== undefined)).toEqual([]);
});

test("goes along with the caller's own key, but for what a proxy was to read", async () => {
  await ask('theirs/theirs');
  const headers = theirs.requests[0]?.headers;
  expect(headers).toMatchObject({ 'openai-organization': 'org-caller', 'openai-project': 'proj-caller' });
  expect(headers?.['proxy-authorization']).toBeUndefined();
});
