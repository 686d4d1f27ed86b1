// One task at a time, queries before routes, and no waiting for those whose caller has gone.

import { describe, expect, it } from 'vitest';
import { EncodingQueue } from '../../../../src/decide/embedded/encoding-queue.ts';

const never = new AbortController().signal;

describe('EncodingQueue', () => {
  it('runs tasks one after another, in order', async () => {
    const queue = new EncodingQueue();
    const events: string[] = [];
    const task = (name: string) => async () => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      events.push(`${name} ends`);
      return name;
    };
    const results = await Promise.all([
      queue.run('route', task('a'), never),
      queue.run('route', task('b'), never),
    ]);
    expect(results).toEqual(['a', 'b']);
    expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('goes on after a task that fails', async () => {
    const queue = new EncodingQueue();
    const failing = queue.run('route', () => Promise.reject(new Error('broken')), never);
    const next = queue.run('route', async () => 'fine', never);
    await expect(failing).rejects.toThrow('broken');
    await expect(next).resolves.toBe('fine');
  });

  it('lets a waiting caller go at once and skips its task', async () => {
    const queue = new EncodingQueue();
    const gate = Promise.withResolvers<void>();
    const controller = new AbortController();
    let ran = false;
    const first = queue.run('route', () => gate.promise, never);
    const waiting = queue.run(
      'route',
      async () => {
        ran = true;
      },
      controller.signal,
    );
    controller.abort(new Error('too late'));
    await expect(waiting).rejects.toThrow('too late');
    gate.resolve();
    await first;
    await queue.run('route', async () => {}, never);
    expect(ran).toBe(false);
  });

  it('does not begin for a caller who has gone already', async () => {
    let ran = false;
    const task = async () => {
      ran = true;
    };
    await expect(
      new EncodingQueue().run('route', task, AbortSignal.abort(new Error('gone'))),
    ).rejects.toThrow('gone');
    expect(ran).toBe(false);
  });

  const log = (events: string[], name: string) => async () => {
    events.push(name);
    await new Promise((resolve) => setImmediate(resolve));
  };

  it('takes queries before routes that wait already', async () => {
    const queue = new EncodingQueue();
    const events: string[] = [];
    await Promise.all([
      ...['a', 'b', 'c'].map((name) => queue.run('route', log(events, name), never)),
      ...['x', 'y'].map((name) => queue.run('query', log(events, name), never)),
    ]);
    expect(events).toEqual(['a', 'x', 'y', 'b', 'c']);
  });

  it('lets a route in between after eight queries', async () => {
    const queue = new EncodingQueue();
    const events: string[] = [];
    const queries = Array.from({ length: 20 }, () => queue.run('query', log(events, 'q'), never));
    const routes = Array.from({ length: 3 }, () => queue.run('route', log(events, 'r'), never));
    await Promise.all([...queries, ...routes]);
    expect(events.join('')).toBe('qqqqqqqqrqqqqqqqqrqqqqr');
  });
});
