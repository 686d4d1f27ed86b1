// Which store the configuration opens, and what is said of one that is away: once, and nothing that it holds.

import { describe, expect, test } from 'vitest';
import type { ConversationStore } from '../../../src/store/conversation-store.ts';
import { openConversations } from '../../../src/store/open-conversations.ts';
import { startFakeRedis } from './fake-redis.ts';

const SHARED: ConversationStore = {
  begin: () => Promise.resolve(true),
  complete: () => Promise.resolve(true),
  find: () => Promise.resolve(undefined),
  remove: () => Promise.resolve(false),
};

interface Opened {
  readonly store: ConversationStore | undefined;
  readonly lines: string[];
  readonly counts: string[];
}

function open(settings: Parameters<typeof openConversations>[0]): Opened {
  const lines: string[] = [];
  const counts: string[] = [];
  const store = openConversations(settings, {
    shared: SHARED,
    count: (name, { operation }) => counts.push(`${name} ${operation}`),
    log: (level, message, fields) => lines.push(`${level} ${message} ${fields?.['cause'] ?? ''}`.trim()),
  });
  return { store, lines, counts };
}

test('memory is the shared one, and none is none', () => {
  expect(open({ type: 'memory' }).store).toBe(SHARED);
  expect(open({ type: 'none' }).store).toBeUndefined();
});

describe('Redis', () => {
  const SECRET = Buffer.from('["secret"]');

  test('that goes away and comes back is one line each, and every failure counts', async () => {
    const redis = await startFakeRedis({ password: 'hidden' });
    const url = `redis://:hidden@localhost:${redis.port}`;
    const { store, lines, counts } = open({ type: 'redis', url, ttl: 1000, timeout: 1000 });
    expect(await store?.begin('secret-key', SECRET)).toBe(true);
    await redis.stop();
    for (let failed = 0; failed < 3; failed += 1) await store?.begin('secret-key', SECRET);
    expect(counts).toEqual(Array(3).fill('pointsman_conversation_store_failures_total begin'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^warn Redis does not keep conversations \S/);
    const again = await startFakeRedis({ port: redis.port, password: 'hidden' });
    await expect.poll(() => store?.begin('secret-key', SECRET), { timeout: 5000 }).toBe(true);
    expect(lines.slice(1)).toEqual(['info Redis keeps conversations again']);
    expect(lines.join()).not.toMatch(/secret|hidden/);
    await again.stop();
  });

  test('that refuses says which error it was, and no more', async () => {
    const redis = await startFakeRedis();
    const url = `redis://127.0.0.1:${redis.port}`;
    const { store, lines } = open({ type: 'redis', url, ttl: 1000, timeout: 1000 });
    await store?.begin('k', SECRET);
    redis.script('-MOVED 3999 10.0.0.1:6381 secret\r\n');
    await store?.begin('k', SECRET);
    expect(lines).toEqual(['warn Redis does not keep conversations MOVED']);
    await redis.stop();
  });
});
