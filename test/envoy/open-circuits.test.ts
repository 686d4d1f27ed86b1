// A provider that failed several times in a row is passed over where there is another one to try, and only there.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthority } from './support/certificates.ts';
import {
  type Behaviour,
  cut,
  type FakeProvider,
  failWith,
  type ProviderRules,
  startFakeProvider,
} from './support/fake-provider.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { listener } from './support/vendors.ts';
import { waitUntil } from './support/wait.ts';

const FAILURES = 3;
const MORE = 8;
const NAMES = ['failing', 'cutting', 'secure', 'alone', 'last', 'limited', 'shaky', 'backup'] as const;
type Name = (typeof NAMES)[number];

const authority = createAuthority();
const providers = new Map<Name, FakeProvider>();
let pointsman: RunningPointsman;

/** Each name is a provider of its own, whose `chain` has `backup` to go to, and whose `single` has nobody. */
function start(names: readonly Name[], ejection_time: string): Promise<RunningPointsman> {
  const entries = names.flatMap((name) => {
    const { port, url } = provider(name);
    const tls = { http_host: 'secure.test', tls: { ca_file: authority.caFile, sni: 'localhost' } };
    const common = {
      provider_interface: 'openai',
      base_url: name === 'secure' ? `https://localhost:${port}` : url,
      ...(name === 'secure' ? tls : {}),
    };
    const next = name === 'backup' ? 'last/single' : 'backup/single';
    return [
      { model: `${name}/chain`, fallback: [next], ...common },
      { model: `${name}/single`, ...common },
    ];
  });
  return startPointsman({
    config: {
      listeners: listener({ max_retries: 0 }),
      failover: {
        back_off: { base: '1ms', max: '1ms' },
        outlier_detection: { consecutive_failures: FAILURES, ejection_time },
      },
      model_providers: entries,
    },
  });
}

beforeAll(async () => {
  const rules: ProviderRules = {
    paths: { '/v1/chat/completions': 'openai-chat' },
    credential: undefined,
    models: ['chain', 'single'],
  };
  const secure = { tls: authority.issue('localhost'), host: 'secure.test' };
  for (const name of NAMES)
    providers.set(name, await startFakeProvider({ ...rules, ...(name === 'secure' ? secure : {}) }));
  pointsman = await start(NAMES, '60s');
}, 60_000);

afterAll(async () => {
  await pointsman.stop();
  authority.remove();
  for (const each of providers.values()) {
    await each.close();
    expect(each.violations).toEqual([]);
  }
});

function provider(name: Name): FakeProvider {
  const found = providers.get(name);
  if (found === undefined) throw new Error(`no provider ${name}`);
  return found;
}

interface Answered {
  readonly status: number;
  readonly model: string | null;
}

async function ask(model: string, { url } = pointsman): Promise<Answered> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }] }),
  });
  await response.arrayBuffer();
  return { status: response.status, model: response.headers.get('x-pointsman-model') };
}

/** The provider fails every time that it is asked; its `chain` is asked for so often. @returns how often it was asked itself */
async function failAndAsk(name: Name, behaviour: Behaviour, times: number): Promise<number> {
  provider(name).script(...Array.from({ length: times }, () => behaviour));
  const before = provider(name).requests.length;
  for (let time = 0; time < times; time += 1) {
    expect(await ask(`${name}/chain`)).toEqual({ status: 200, model: 'backup/single' });
  }
  return provider(name).requests.length - before;
}

test.each<[string, Name, Behaviour]>([
  ['500', 'failing', failWith(500)],
  ['broken connections', 'cutting', cut],
  ['503 of a provider that has a name and speaks TLS', 'secure', failWith(503)],
])('after %s in a row a provider is not asked again', async (_, name, behaviour) => {
  expect(await failAndAsk(name, behaviour, MORE)).toBe(FAILURES);
});

test.each<[string, Name, readonly Behaviour[]]>([
  ['429', 'limited', [failWith(429)]],
  ['failures that are not in a row', 'shaky', [failWith(503), failWith(503), failWith(429)]],
])('after %s it is', async (_, name, behaviours) => {
  let asked = 0;
  for (let time = 0; time < MORE; time += 1)
    asked += await failAndAsk(name, behaviours[time % behaviours.length] ?? cut, 1);
  expect(asked).toBe(MORE);
});

test('a request with no other model gets its answer all the same', async () => {
  await failAndAsk('alone', failWith(500), FAILURES);
  expect(await ask('alone/single')).toEqual({ status: 200, model: 'alone/single' });
  expect(provider('alone').requests).toHaveLength(FAILURES + 1);
});

test('so does one whose list ends with it', async () => {
  await failAndAsk('last', failWith(500), FAILURES);
  provider('backup').script(failWith(503));
  expect(await ask('backup/chain')).toEqual({ status: 200, model: 'last/single' });
});

test('a provider is asked again when its time is over', async () => {
  const quick = await start(['failing', 'last', 'backup'], '1s');
  const { requests } = provider('failing');
  provider('failing').reset();
  provider('failing').script(...Array.from({ length: FAILURES }, () => failWith(500)));
  for (let time = 0; time < FAILURES; time += 1) await ask('failing/chain', quick);
  await waitUntil(
    async () => (await ask('failing/chain', quick)).model === 'failing/chain',
    'the provider to be asked again',
  );
  expect(requests).toHaveLength(FAILURES + 1);
  await quick.stop();
});
