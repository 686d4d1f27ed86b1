import { describe, expect, test } from 'vitest';
import { AffinityStore } from '../../../src/decide/affinity.ts';
import { MemoryConversations } from '../../../src/store/memory-conversations.ts';
import { CallDesk, type Correspondent } from '../../../src/supervisor/call-desk.ts';
import type { Call, CallResult } from '../../../src/supervisor/messages.ts';

interface Recorded extends Correspondent {
  ready: boolean;
  readonly sent: unknown[];
}

function correspondent(): Recorded {
  const sent: unknown[] = [];
  return { ready: true, sent, send: (message) => sent.push(message) };
}

interface Desk {
  readonly desk: CallDesk;
  readonly embedded: Recorded;
  readonly one: Recorded;
  readonly two: Recorded;
}

function openDesk(): Desk {
  const embedded = correspondent();
  const pins = new AffinityStore({ ttl: 1_000, maxEntries: 10, now: () => 0 });
  return {
    desk: new CallDesk(pins, conversations(), embedded),
    embedded,
    one: correspondent(),
    two: correspondent(),
  };
}

const conversations = (): MemoryConversations =>
  new MemoryConversations({ ttl: 1_000, maxBytes: 10_000, maxEntries: 10, now: () => 0 });

const decide = (id: number): Call => ({
  type: 'decide',
  id,
  question: { routes: [], routesId: `question-${id}`, turns: [] },
});
const ANSWER: CallResult = { type: 'answer', answer: { route: 'code', scores: [] } };
const idsOf = (sent: readonly unknown[]): unknown[] => sent.map((message) => (message as { id: unknown }).id);
const failureOf = (id: number, message: string): unknown => ({
  type: 'call-answer',
  id,
  result: { type: 'failure', failure: 'unreachable', message },
});

describe('pins', () => {
  test('are one store for all workers, and the first one counts', () => {
    const { desk, one, two } = openDesk();
    const pin = { model: 'a/b', models: ['a/b'], route: null };
    desk.receive(one, { type: 'get-pin', id: 1, sessionId: 's' });
    desk.receive(one, { type: 'pin-if-absent', id: 2, sessionId: 's', pin });
    desk.receive(two, { type: 'pin-if-absent', id: 1, sessionId: 's', pin: { ...pin, model: 'c/d' } });
    expect(one.sent).toEqual([
      { type: 'call-answer', id: 1, result: { type: 'pin', pin: undefined } },
      { type: 'call-answer', id: 2, result: { type: 'pin', pin } },
    ]);
    expect(two.sent).toEqual([{ type: 'call-answer', id: 1, result: { type: 'pin', pin } }]);
  });
});

describe('conversations', () => {
  const KEPT = { input: Buffer.from('[1]'), answer: Buffer.from('{}') };
  const { input, answer } = KEPT;

  test('are one store for all workers', () => {
    const { desk, one, two } = openDesk();
    desk.receive(one, { type: 'begin-conversation', id: 1, key: 'k', input });
    desk.receive(two, { type: 'find-conversation', id: 1, key: 'k' });
    desk.receive(two, { type: 'complete-conversation', id: 2, key: 'k', answer });
    desk.receive(one, { type: 'find-conversation', id: 2, key: 'k' });
    desk.receive(two, { type: 'remove-conversation', id: 3, key: 'k' });
    desk.receive(one, { type: 'complete-conversation', id: 3, key: 'k', answer });
    const results = (sent: readonly unknown[]): unknown[] =>
      sent.map((message) => (message as { result: unknown }).result);
    expect(results(one.sent)).toEqual([
      { type: 'done', done: true },
      { type: 'conversation', conversation: KEPT },
      { type: 'done', done: false },
    ]);
    expect(results(two.sent)).toEqual([
      { type: 'conversation', conversation: undefined },
      { type: 'done', done: true },
      { type: 'done', done: true },
    ]);
  });
});

describe('decisions', () => {
  test('go on with ids of their own, and back with those of the asker', () => {
    const { desk, embedded, one, two } = openDesk();
    desk.receive(one, decide(7));
    desk.receive(two, decide(7));
    const [first, second] = idsOf(embedded.sent) as [number, number];
    expect(first).not.toBe(second);
    expect(embedded.sent[1]).toMatchObject({ type: 'decide', question: { routesId: 'question-7' } });
    desk.settle({ type: 'call-answer', id: second, result: ANSWER });
    expect(one.sent).toEqual([]);
    expect(two.sent).toEqual([{ type: 'call-answer', id: 7, result: ANSWER }]);
    desk.settle({ type: 'call-answer', id: first, result: ANSWER });
    expect(one.sent).toEqual([{ type: 'call-answer', id: 7, result: ANSWER }]);
  });

  test('an answer counts once', () => {
    const { desk, embedded, one } = openDesk();
    desk.receive(one, decide(1));
    const [id] = idsOf(embedded.sent) as [number];
    desk.settle({ type: 'call-answer', id, result: ANSWER });
    desk.settle({ type: 'call-answer', id, result: ANSWER });
    expect(one.sent).toHaveLength(1);
  });

  test('fail at once while nobody can answer', () => {
    const { desk, embedded, one } = openDesk();
    embedded.ready = false;
    desk.receive(one, decide(1));
    expect(embedded.sent).toEqual([]);
    expect(one.sent).toEqual([failureOf(1, 'the embedded router is not running')]);
    const pins = new AffinityStore({ ttl: 1, maxEntries: 1, now: () => 0 });
    const without = new CallDesk(pins, conversations(), undefined);
    without.receive(one, decide(2));
    expect(one.sent[1]).toEqual(failureOf(2, 'the embedded router is not running'));
  });

  test('a cancelled one is cancelled there too, and its answer goes nowhere', () => {
    const { desk, embedded, one, two } = openDesk();
    desk.receive(one, decide(1));
    desk.receive(two, decide(1));
    const [first, second] = idsOf(embedded.sent) as [number, number];
    desk.cancel(two, 1);
    desk.cancel(two, 99);
    expect(embedded.sent.slice(2)).toEqual([{ type: 'cancel', id: second }]);
    desk.settle({ type: 'call-answer', id: second, result: ANSWER });
    desk.settle({ type: 'call-answer', id: first, result: ANSWER });
    expect(two.sent).toEqual([]);
    expect(one.sent).toHaveLength(1);
  });

  test('whoever waits is told when the embedded process dies, once', () => {
    const { desk, embedded, one, two } = openDesk();
    desk.receive(one, decide(3));
    desk.receive(two, decide(4));
    desk.embeddedDied();
    desk.embeddedDied();
    expect(one.sent).toEqual([failureOf(3, 'the embedded router died')]);
    expect(two.sent).toEqual([failureOf(4, 'the embedded router died')]);
    // Ids are not used again, so a late answer of the old process cannot be taken for one of the new.
    desk.receive(one, decide(5));
    expect(new Set(idsOf(embedded.sent)).size).toBe(3);
  });

  test('a dead worker gets nothing, the others do', () => {
    const { desk, embedded, one, two } = openDesk();
    desk.receive(one, decide(1));
    desk.receive(two, decide(1));
    desk.workerDied(one);
    for (const id of idsOf(embedded.sent) as number[])
      desk.settle({ type: 'call-answer', id, result: ANSWER });
    expect(one.sent).toEqual([]);
    expect(two.sent).toHaveLength(1);
  });
});
