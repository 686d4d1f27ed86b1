import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ChildExit, ManagedChild } from '../../../src/supervisor/managed-child.ts';

/** A process that does what the test says. */
class ScriptedChild extends EventEmitter {
  readonly pid: number;
  exitCode: number | null = null;
  signalCode: string | null = null;
  connected = true;
  readonly sent: object[] = [];
  readonly signals: string[] = [];

  constructor(pid: number) {
    super();
    this.pid = pid;
  }

  send(message: object): void {
    this.sent.push(message);
  }

  kill(signal: string): boolean {
    this.signals.push(signal);
    return true;
  }

  exit(code: number | null, signal: string | null = null): void {
    this.exitCode = code;
    this.signalCode = signal;
    this.connected = false;
    this.emit('exit', code, signal);
  }
}

interface Scripted {
  readonly managed: ManagedChild;
  readonly children: ScriptedChild[];
  readonly exits: ChildExit[];
  readonly givenUp: ChildExit[];
  readonly newest: () => ScriptedChild;
}

function scripted(): Scripted {
  const children: ScriptedChild[] = [];
  const exits: ChildExit[] = [];
  const givenUp: ChildExit[] = [];
  const managed = new ManagedChild({
    name: 'worker-0',
    spawn: () => {
      const child = new ScriptedChild(1000 + children.length);
      children.push(child);
      return child as unknown as ChildProcess;
    },
    onExit: (exit) => exits.push(exit),
    onGiveUp: (exit) => givenUp.push(exit),
  });
  const newest = (): ScriptedChild => {
    const child = children.at(-1);
    if (child === undefined) throw new Error('nothing was started');
    return child;
  };
  return { managed, children, exits, givenUp, newest };
}

describe('restarts', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('a child that was ready comes back after the shortest pause, each time', () => {
    const { managed, children, exits, newest } = scripted();
    managed.start();
    for (const deaths of [1, 2, 3]) {
      managed.markReady();
      newest().exit(1);
      expect(managed.ready).toBe(false);
      vi.advanceTimersByTime(49);
      expect(children).toHaveLength(deaths);
      vi.advanceTimersByTime(1);
      expect(children).toHaveLength(deaths + 1);
    }
    expect(exits).toEqual(Array(3).fill({ name: 'worker-0', reason: 'code 1', restartInMs: 50 }));
  });

  test('pauses double while it never gets ready, and the sixth failure in a row is the last', () => {
    const { managed, children, exits, givenUp, newest } = scripted();
    managed.start();
    for (let deaths = 1; deaths <= 6; deaths += 1) {
      newest().exit(null, 'SIGSEGV');
      vi.advanceTimersByTime(exits.at(-1)?.restartInMs ?? 0);
    }
    vi.advanceTimersByTime(60_000);
    expect(exits.map(({ restartInMs }) => restartInMs)).toEqual([100, 200, 400, 800, 1600]);
    expect(givenUp).toEqual([
      { name: 'worker-0', reason: 'signal SIGSEGV', restartInMs: expect.any(Number) },
    ]);
    expect(children).toHaveLength(6);
  });

  test('being ready once forgets the failures before', () => {
    const { managed, exits, givenUp, newest } = scripted();
    managed.start();
    for (let deaths = 1; deaths <= 5; deaths += 1) {
      newest().exit(1);
      vi.advanceTimersByTime(5_000);
    }
    managed.markReady();
    for (let deaths = 1; deaths <= 6; deaths += 1) {
      newest().exit(1);
      vi.advanceTimersByTime(5_000);
    }
    expect(givenUp).toEqual([]);
    expect(exits.slice(-6).map(({ restartInMs }) => restartInMs)).toEqual([50, 100, 200, 400, 800, 1600]);
  });

  test('a program that cannot be started counts once, though it also exits', () => {
    const { managed, exits, newest } = scripted();
    managed.start();
    newest().emit('error', new Error('spawn ENOENT'));
    newest().exit(-2);
    expect(exits).toEqual([
      { name: 'worker-0', reason: 'cannot be started: spawn ENOENT', restartInMs: 100 },
    ]);
  });

  test('those who wait for it wait across restarts', async () => {
    const { managed, newest } = scripted();
    managed.start();
    let isReady = false;
    const waiting = managed.whenReady().then(() => {
      isReady = true;
    });
    newest().exit(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(isReady).toBe(false);
    managed.markReady();
    await waiting;
    await managed.whenReady();
    expect(managed.pid).toBe(1001);
  });

  test('messages go to the living one only', () => {
    const { managed, children, newest } = scripted();
    managed.send({ type: 'early' });
    managed.start();
    managed.send({ type: 'first' });
    newest().exit(1);
    managed.send({ type: 'lost' });
    vi.advanceTimersByTime(100);
    managed.send({ type: 'second' });
    newest().connected = false;
    managed.send({ type: 'late' });
    expect(children.map(({ sent }) => sent)).toEqual([[{ type: 'first' }], [{ type: 'second' }]]);
  });

  test('after a stop nothing is started again, not even what was about to be', async () => {
    const { managed, children, exits, newest } = scripted();
    managed.start();
    newest().exit(1);
    await managed.stop(() => {}, 1_000);
    vi.advanceTimersByTime(60_000);
    expect(children).toHaveLength(1);
    expect(exits).toHaveLength(1);
  });

  test('a stop asks first and kills after the grace', async () => {
    const { managed, exits, newest } = scripted();
    managed.start();
    managed.markReady();
    const asked: unknown[] = [];
    let isGone = false;
    const stopped = managed
      .stop((child) => asked.push(child.pid), 3_000)
      .then(() => {
        isGone = true;
      });
    expect(asked).toEqual([1000]);
    await vi.advanceTimersByTimeAsync(2_999);
    expect(newest().signals).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(newest().signals).toEqual(['SIGKILL']);
    expect(isGone).toBe(false);
    newest().exit(null, 'SIGKILL');
    await stopped;
    expect(exits).toEqual([]);
  });

  test('a child that goes when asked is not killed', async () => {
    const { managed, newest } = scripted();
    managed.start();
    const stopped = managed.stop(() => newest().exit(0), 3_000);
    await stopped;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(newest().signals).toEqual([]);
  });
});

describe('real processes', () => {
  const managedNode = (script: string, onSpawn: (child: ChildProcess) => void = () => {}): ManagedChild =>
    new ManagedChild({
      name: 'node',
      spawn: () => spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] }),
      onSpawn,
      onExit: () => {},
      onGiveUp: () => {},
    });

  test('one that ignores SIGTERM is gone after its grace', async () => {
    const script = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up');";
    const { promise: isUp, resolve } = Promise.withResolvers<void>();
    let child: ChildProcess | undefined;
    const managed = managedNode(script, (spawned) => {
      child = spawned;
      spawned.stdout?.once('data', () => resolve());
    });
    managed.start();
    await isUp;
    await managed.stop((process) => process.kill('SIGTERM'), 100);
    expect(child?.signalCode).toBe('SIGKILL');
  });

  test('a killed one is another process a moment later', async () => {
    const pids: (number | undefined)[] = [];
    const { promise: isBack, resolve } = Promise.withResolvers<void>();
    const managed = managedNode('setInterval(() => {}, 1000)', (spawned) => {
      pids.push(spawned.pid);
      if (pids.length === 2) resolve();
      else spawned.once('spawn', () => spawned.kill('SIGKILL'));
    });
    managed.start();
    await isBack;
    expect(new Set(pids).size).toBe(2);
    expect(managed.pid).toBe(pids[1]);
    await managed.stop((process) => process.kill('SIGKILL'), 1_000);
  });
});
