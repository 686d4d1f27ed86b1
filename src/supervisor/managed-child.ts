// A child process that is kept running: started again when it dies, with a growing pause, until it dies so often
// without ever being ready that going on is pointless.

import type { ChildProcess } from 'node:child_process';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;
/** Deaths in a row before it was ready once more. */
const MAX_FAILED_STARTS = 6;

export interface ManagedChildOptions {
  readonly name: string;
  /** Starts the process; `ready` is called by its messages or by whoever finds out. */
  readonly spawn: () => ChildProcess;
  /** Also at every restart, before `ready`. */
  readonly onSpawn?: (child: ChildProcess) => void;
  readonly onExit: (exit: ChildExit) => void;
  /** It cannot be kept running. */
  readonly onGiveUp: (exit: ChildExit) => void;
}

export interface ChildExit {
  readonly name: string;
  /** `code 1`, `signal SIGKILL`, `cannot be started: …` */
  readonly reason: string;
  readonly restartInMs: number;
}

export class ManagedChild {
  readonly name: string;
  private readonly options: ManagedChildOptions;
  private child: ChildProcess | undefined;
  private failedStarts = 0;
  private stopping = false;
  private restart: NodeJS.Timeout | undefined;
  private isReady = false;
  private readyWaiters: (() => void)[] = [];

  constructor(options: ManagedChildOptions) {
    this.options = options;
    this.name = options.name;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get ready(): boolean {
    return this.isReady;
  }

  start(): void {
    const child = this.options.spawn();
    this.child = child;
    let ended = false;
    const end = (reason: string): void => {
      if (ended) return;
      ended = true;
      this.ended(reason);
    };
    child.on('error', (error) => end(`cannot be started: ${error.message}`));
    child.on('exit', (code, signal) => end(signal === null ? `code ${code}` : `signal ${signal}`));
    this.options.onSpawn?.(child);
  }

  /** The process does its work: deaths from here on count from zero again. */
  markReady(): void {
    this.isReady = true;
    this.failedStarts = 0;
    for (const resolve of this.readyWaiters.splice(0)) resolve();
  }

  whenReady(): Promise<void> {
    return this.isReady ? Promise.resolve() : new Promise((resolve) => this.readyWaiters.push(resolve));
  }

  /** Messages to a process that is dead or dying are dropped. */
  send(message: object): void {
    if (this.child?.connected === true) this.child.send(message, () => {});
  }

  /** Asks by `request`, then ends it by SIGKILL after `graceMs`. Resolves when the process is gone. */
  stop(request: (child: ChildProcess) => void, graceMs: number): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restart);
    const child = this.child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
      child.once('exit', () => {
        clearTimeout(kill);
        resolve();
      });
      request(child);
    });
  }

  private ended(reason: string): void {
    if (!this.isReady) this.failedStarts += 1;
    this.isReady = false;
    this.child = undefined;
    if (this.stopping) return;
    const restartInMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failedStarts);
    const exit = { name: this.name, reason, restartInMs };
    if (this.failedStarts >= MAX_FAILED_STARTS) {
      this.options.onGiveUp(exit);
      return;
    }
    this.options.onExit(exit);
    this.restart = setTimeout(() => this.start(), restartInMs);
  }
}
