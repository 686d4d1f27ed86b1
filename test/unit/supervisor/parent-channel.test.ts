// The channel is the process's own, so a child process holds it here: parent-channel-child.ts makes the calls that it is
// told to, and says what came of them.

import { type ChildProcess, fork } from 'node:child_process';
import { on } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const CHILD = fileURLToPath(new URL('./parent-channel-child.ts', import.meta.url));

let child: ChildProcess;
let messages: AsyncIterator<unknown[]>;

beforeEach(() => {
  child = fork(CHILD, [], { serialization: 'advanced', execArgv: ['--disable-warning=ExperimentalWarning'] });
  messages = on(child, 'message');
});
afterEach(async () => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
});

async function next(): Promise<unknown> {
  const { value } = await messages.next();
  return value[0];
}

const GET_PIN = (id: number): unknown => ({ type: 'get-pin', id, sessionId: 's' });
const PIN = { type: 'pin', pin: { model: 'a/b', models: ['a/b'], route: null } };
const TIMEOUT = { type: 'failure', failure: 'timeout', message: 'the deadline passed' };

describe('a call', () => {
  test('gets its own answer, in whatever order answers come', async () => {
    child.send({ type: 'make-call', name: 'first' });
    child.send({ type: 'make-call', name: 'second' });
    expect([await next(), await next()]).toEqual([GET_PIN(1), GET_PIN(2)]);
    child.send({ type: 'call-answer', id: 2, result: { type: 'pin', pin: undefined } });
    expect(await next()).toEqual({ name: 'second', result: { type: 'pin', pin: undefined } });
    child.send({ type: 'call-answer', id: 1, result: PIN });
    expect(await next()).toEqual({ name: 'first', result: PIN });
  });

  test('whose deadline passes fails and is cancelled, and a late answer is nothing', async () => {
    child.send({ type: 'make-call', name: 'late', deadline: 20 });
    expect(await next()).toEqual(GET_PIN(1));
    expect(await next()).toEqual({ type: 'cancel', id: 1 });
    expect(await next()).toEqual({ name: 'late', result: TIMEOUT });
    child.send({ type: 'call-answer', id: 1, result: PIN });
    child.send({ type: 'make-call', name: 'after' });
    expect(await next()).toEqual(GET_PIN(2));
  });

  test('that is answered in time is not cancelled afterwards', async () => {
    child.send({ type: 'make-call', name: 'quick', deadline: 100 });
    expect(await next()).toEqual(GET_PIN(1));
    child.send({ type: 'call-answer', id: 1, result: PIN });
    expect(await next()).toEqual({ name: 'quick', result: PIN });
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.send({ type: 'make-call', name: 'marker' });
    expect(await next()).toEqual(GET_PIN(2));
  });

  test('with a deadline in the past is not made', async () => {
    child.send({ type: 'make-call', name: 'past', deadline: 0 });
    expect(await next()).toEqual({ name: 'past', result: TIMEOUT });
  });
});

test('a message to a parent that is gone does not break the child', async () => {
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.send({ type: 'send-after-disconnect' });
  expect(await exit).toBe(42);
});
