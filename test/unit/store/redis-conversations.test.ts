import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { StoreUnavailableError } from '../../../src/store/conversation-store.ts';
import { RedisClient } from '../../../src/store/redis-client.ts';
import { RedisConversations } from '../../../src/store/redis-conversations.ts';
import { createAuthority } from '../../envoy/support/certificates.ts';
import { type FakeRedis, startFakeRedis as startServer } from './fake-redis.ts';

const INPUT = Buffer.from('[1]');
const ANSWER = Buffer.from('{"é":1}');

async function startFakeRedis(options: Parameters<typeof startServer>[0] = {}): Promise<FakeRedis> {
  const redis = await startServer(options);
  onTestFinished(() => redis.stop());
  return redis;
}

interface Opened {
  readonly kept: RedisConversations;
  readonly failures: string[];
  readonly causes: string[];
}

function open(
  port: number,
  { path = '', login = '', timeout = 2000, scheme = 'redis', host = '127.0.0.1' } = {},
): Opened {
  const failures: string[] = [];
  const causes: string[] = [];
  const client = new RedisClient({ url: `${scheme}://${login}${host}:${port}${path}`, timeout });
  onTestFinished(() => client.close());
  const kept = new RedisConversations({
    client,
    ttl: 5000,
    onFailure: (operation, cause) => {
      failures.push(operation);
      causes.push(String(cause));
    },
    onAnswer: () => failures.push('answered'),
  });
  return { kept, failures, causes };
}

async function ready(options: Parameters<typeof open>[1] = {}): Promise<Opened & { redis: FakeRedis }> {
  const redis = await startFakeRedis();
  return { ...open(redis.port, options), redis };
}

describe('conversations in Redis', () => {
  test('are found once their answer is whole, for as long as they may', async () => {
    const { kept, redis } = await ready();
    expect(await kept.begin('k', INPUT)).toBe(true);
    expect(await kept.find('k')).toBeUndefined();
    expect(await kept.complete('k', ANSWER)).toBe(true);
    expect(await kept.find('k')).toEqual({ input: INPUT, answer: ANSWER });
    expect([...redis.values.keys()]).toEqual([
      'pointsman:conversation:{k}:input',
      'pointsman:conversation:{k}:answer',
    ]);
    expect([...redis.values.values()].map(({ ttl }) => ttl)).toEqual([5000, 5000]);
    expect(redis.connections()).toBe(1);
  });

  test('are none without what was asked', async () => {
    const { kept } = await ready();
    expect(await kept.complete('k', ANSWER)).toBe(false);
    expect(await kept.find('k')).toBeUndefined();
  });

  test('are gone when they are removed', async () => {
    const { kept, redis } = await ready();
    await kept.begin('k', INPUT);
    await kept.complete('k', ANSWER);
    expect([await kept.remove('k'), await kept.remove('k')]).toEqual([true, false]);
    expect(redis.values.size).toBe(0);
  });

  test('of many requests at once get their own replies', async () => {
    const { kept, redis } = await ready();
    const keys = Array.from({ length: 50 }, (_, index) => `k${index}`);
    await Promise.all(keys.map((key) => kept.begin(key, Buffer.from(`[${key.slice(1)}]`))));
    await Promise.all(keys.map((key) => kept.complete(key, ANSWER)));
    const found = await Promise.all(keys.map((key) => kept.find(key)));
    expect(found.map((one) => one?.input.toString())).toEqual(keys.map((key) => `[${key.slice(1)}]`));
    expect(redis.connections()).toBe(1);
  });
});

describe('a connection', () => {
  test('says who it is and which database it wants', async () => {
    const redis = await startFakeRedis({ password: 'p@ss' });
    const { kept } = open(redis.port, { login: 'me:p%40ss@', path: '/3' });
    expect(await kept.begin('k', INPUT)).toBe(true);
    expect(redis.commands.slice(0, 2)).toEqual([
      ['AUTH', 'me', 'p@ss'],
      ['SELECT', '3'],
    ]);
  });

  test('with a wrong password keeps nothing, and says why without the password', async () => {
    const redis = await startFakeRedis({ password: 'right' });
    const { kept, causes } = open(redis.port, { login: ':wrong@' });
    expect(await kept.begin('k', INPUT)).toBe(false);
    expect(causes).toEqual(['RedisError: WRONGPASS no']);
  });

  test('that the server closed is opened again', async () => {
    const { kept, redis, failures } = await ready();
    await kept.begin('k', INPUT);
    redis.drop();
    expect(await kept.complete('k', ANSWER)).toBe(true);
    expect(await kept.find('k')).toBeDefined();
    expect([failures, redis.connections()]).toEqual([['answered', 'answered', 'answered'], 2]);
  });

  test('that gets no answer fails in its time, and the next one is new', async () => {
    const { kept, redis, causes } = await ready({ timeout: 100 });
    await kept.begin('k', INPUT);
    redis.script('silence', 'silence');
    expect(await kept.complete('k', ANSWER)).toBe(false);
    expect(causes).toEqual(['Error: Redis did not answer within 100 ms']);
    expect(await kept.complete('k', ANSWER)).toBe(true);
    expect(redis.connections()).toBe(2);
  });

  test('that was lost and gets no answer again fails in the same time', async () => {
    const { kept, redis, causes } = await ready({ timeout: 300 });
    await kept.begin('k', INPUT);
    redis.drop();
    redis.script('silence');
    expect(await kept.begin('k', INPUT)).toBe(false);
    expect(causes).toEqual(['Error: Redis did not answer within 300 ms']);
  });

  test('to something else fails', async () => {
    const { kept, redis, causes } = await ready();
    redis.script('HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await kept.begin('k', INPUT)).toBe(false);
    expect(causes).toEqual([expect.stringContaining('does not speak the protocol')]);
  });
});

describe('over TLS', () => {
  const authority = createAuthority();
  const trusted = tls.getCACertificates('default');

  beforeAll(() => tls.setDefaultCACertificates([...trusted, readFileSync(authority.caFile, 'utf8')]));
  afterAll(() => {
    tls.setDefaultCACertificates(trusted);
    authority.remove();
  });

  test.each([
    ['rediss', '127.0.0.1', true],
    ['rediss', 'localhost', true],
    ['redis', '127.0.0.1', false],
  ])('%s at %s keeps conversations: %s', async (scheme, host, keeps) => {
    const certificate = authority.issue('127.0.0.1', 'localhost');
    const redis = await startFakeRedis({ certificate, password: 'secret' });
    const { kept } = open(redis.port, { scheme, host, login: ':secret@', timeout: 1000 });
    expect(await kept.begin('k', INPUT)).toBe(keeps);
    expect(redis.commands.flat().includes('secret')).toBe(keeps);
  });

  test("another server's certificate is refused before the password is said", async () => {
    const redis = await startFakeRedis({ certificate: authority.issue('redis.internal') });
    const { kept, causes } = open(redis.port, { scheme: 'rediss', login: ':secret@' });
    expect(await kept.begin('k', INPUT)).toBe(false);
    expect(causes).toEqual([expect.stringContaining('does not match certificate')]);
    expect(redis.commands).toEqual([]);
  });
});

describe('without Redis', () => {
  test('nothing is kept, and what needs it is told so', async () => {
    const redis = await startFakeRedis();
    await redis.stop();
    const { kept, failures } = open(redis.port);
    expect([await kept.begin('k', INPUT), await kept.complete('k', ANSWER)]).toEqual([false, false]);
    await expect(kept.find('k')).rejects.toThrow(StoreUnavailableError);
    await expect(kept.remove('k')).rejects.toThrow(StoreUnavailableError);
    expect(failures).toEqual(['begin', 'complete', 'find', 'remove']);
  });

  test('it is asked again after a while', async () => {
    const gone = await startFakeRedis();
    await gone.stop();
    const { kept } = open(gone.port);
    expect(await kept.begin('k', INPUT)).toBe(false);
    await startFakeRedis({ port: gone.port });
    await expect.poll(() => kept.begin('k', INPUT), { timeout: 5000 }).toBe(true);
  });

  test('a refused command is a failure of that command alone', async () => {
    const { kept, redis, causes } = await ready();
    await kept.begin('k', INPUT);
    redis.script("-OOM command not allowed when used memory > 'maxmemory'.\r\n");
    expect(await kept.begin('k', INPUT)).toBe(false);
    expect(await kept.begin('k', INPUT)).toBe(true);
    expect([causes.length, redis.connections()]).toEqual([1, 1]);
  });
});
