// Kept answers in Redis, through a real Envoy: two gateways that share them, and a gateway whose Redis goes away. Redis is a real
// one where the machine has it (REDIS_SERVER, or redis-server on the PATH), else a stand-in.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RedisClient } from '../../src/store/redis-client.ts';
import { startFakeRedis } from '../unit/store/fake-redis.ts';
import { freePort } from './support/free-port.ts';
import { KEYS } from './support/keys.ts';
import { type RunningPointsman, startPointsman } from './support/pointsman.ts';
import { CLAUDE, listener, startVendors, type Vendors } from './support/vendors.ts';

const PASSWORD = 'redis-test-password-8e1f';
const BINARY = process.env['REDIS_SERVER'] ?? 'redis-server';
const IS_REAL = spawnSync(BINARY, ['--version']).status === 0;
const model = `anthropic/${CLAUDE}`;

interface Redis {
  start(): Promise<void>;
  stop(): Promise<void>;
}

let vendors: Vendors;
let redis: Redis;
let url: string;
let gateways: RunningPointsman[];

beforeAll(async () => {
  const port = await freePort();
  redis = IS_REAL ? realRedis(port) : fakeRedis(port);
  await redis.start();
  vendors = await startVendors();
  const config = {
    listeners: listener({ max_retries: 0 }),
    workers: 2,
    conversation_store: { type: 'redis', url: '$REDIS_URL', timeout: '500ms' },
    model_providers: [
      { model, base_url: vendors.anthropic.url, access_key: '$ANTHROPIC_API_KEY', default: true },
    ],
  };
  url = `redis://:${PASSWORD}@127.0.0.1:${port}/1`;
  const env = { REDIS_URL: url };
  gateways = await Promise.all([startPointsman({ config, env }), startPointsman({ config, env })]);
}, 60_000);

afterAll(async () => {
  for (const gateway of gateways) {
    await gateway.stop();
    expect(gateway.stderr()).not.toContain(PASSWORD);
  }
  await vendors.close();
  await redis.stop();
});

async function ask(at: number, input: string, previous?: string, stream = false): Promise<string> {
  const client = new OpenAI({ baseURL: `${gateways[at]?.url}/v1`, apiKey: KEYS.caller, maxRetries: 0 });
  const request = { model, input, previous_response_id: previous ?? null };
  if (!stream) return keptId(await client.responses.create(request));
  let last: OpenAI.Responses.Response | undefined;
  for await (const event of await client.responses.create({ ...request, stream: true })) {
    if (event.type === 'response.completed') last = event.response;
  }
  return keptId(last);
}

/** The answer's id where it says that it was kept; else `not kept`. */
function keptId(response: OpenAI.Responses.Response | undefined): string {
  const { id, store } = response as OpenAI.Responses.Response & { readonly store?: boolean };
  return store === true ? id : 'not kept';
}

test.each([false, true])(
  'an answer of one gateway is gone on from at another (streamed: %s)',
  async (stream) => {
    const one = await ask(0, 'Capital of France?', undefined, stream);
    const two = await ask(1, 'And of Spain?', one, stream);
    await ask(0, 'And of Italy?', two, stream);
    expect(vendors.anthropic.requests.at(-1)?.body.messages).toHaveLength(5);
  },
);

test('what Redis let go is gone', async () => {
  const one = await ask(0, 'Capital of France?');
  const client = new RedisClient({ url, timeout: 5000 });
  await client.ask([['FLUSHDB']]);
  client.close();
  await expect(ask(0, 'And of Spain?', one)).rejects.toMatchObject({
    status: 400,
    code: 'previous_response_not_found',
  });
});

test('without Redis, what needs it is told so, and everything else is answered and not kept', async () => {
  const one = await ask(0, 'Capital of France?');
  await redis.stop();
  await expect(ask(0, 'And of Spain?', one)).rejects.toMatchObject({
    status: 503,
    type: 'server_error',
    code: 'service_unavailable',
  });
  for (const stream of [false, true])
    expect(await ask(0, 'Capital of France?', undefined, stream)).toBe('not kept');
  expect(gateways[0]?.stderr()).toContain('Redis does not keep conversations');
  await redis.start();
  await expect.poll(() => ask(0, 'Capital of France?'), { timeout: 10_000 }).toMatch(/^resp_/);
}, 30_000);

function realRedis(port: number): Redis {
  let child: ChildProcess | undefined;
  return {
    async start() {
      child = spawn(BINARY, [
        ...['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
        ...['--requirepass', PASSWORD],
      ]);
      for await (const chunk of child.stdout ?? []) if (/ready to accept/i.test(String(chunk))) break;
    },
    async stop() {
      if (child === undefined || child.exitCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

function fakeRedis(port: number): Redis {
  let running: { stop(): Promise<void> } | undefined;
  return {
    async start() {
      running = await startFakeRedis({ port, password: PASSWORD });
    },
    stop: async () => running?.stop(),
  };
}
