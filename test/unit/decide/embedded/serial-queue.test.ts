// One task at a time, and no waiting for those whose caller has gone.

import { describe, expect, it } from 'vitest';
import { SerialQueue } from '../../../../src/decide/embedded/serial-queue.ts';

const never = new AbortController().signal;

describe('SerialQueue', () => {
  it('runs tasks one after another, in order', async () => {
    const queue = new SerialQueue();
    const events: string[] = [];
    const task = (name: string) => async () => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      events.push(`${name} ends`);
      return name;
    };
    const results = await Promise.all([queue.run(task('a'), never), queue.run(task('b'), never)]);
    expect(results).toEqual(['a', 'b']);
    expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('goes on after a task that fails', async () => {
    const queue = new SerialQueue();
    const failing = queue.run(() => Promise.reject(new Error('broken')), never);
    const next = queue.run(async () => 'fine', never);
    await expect(failing).rejects.toThrow('broken');
    await expect(next).resolves.toBe('fine');
  });

  it('lets a waiting caller go at once and skips its task', async () => {
    const queue = new SerialQueue();
    const gate = Promise.withResolvers<void>();
    const controller = new AbortController();
    let ran = false;
    const first = queue.run(() => gate.promise, never);
    const waiting = queue.run(async () => {
      ran = true;
    }, controller.signal);
    controller.abort(new Error('too late'));
    await expect(waiting).rejects.toThrow('too late');
    gate.resolve();
    await first;
    await queue.run(async () => {}, never);
    expect(ran).toBe(false);
  });

  it('does not begin for a caller who has gone already', async () => {
    let ran = false;
    const task = async () => {
      ran = true;
    };
    await expect(new SerialQueue().run(task, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(ran).toBe(false);
  });
});
