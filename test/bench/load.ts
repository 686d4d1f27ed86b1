// Runs the load generator and the fake provider as child processes. Called by the benchmark and the soak.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadReport, ProviderReady } from './load-messages.ts';

export class LoadGenerator {
  private readonly child = forkHere('./load-process.ts');

  /** One order at a time. */
  async run(order: LoadOrder): Promise<LoadReport> {
    this.child.send(order);
    const [report] = await once(this.child, 'message');
    return report as LoadReport;
  }

  close(): void {
    this.child.disconnect();
  }
}

export interface Provider {
  readonly port: number;
  close(): void;
}

export async function startProvider(): Promise<Provider> {
  const child = forkHere('./provider-process.ts');
  const [{ port }] = (await once(child, 'message')) as [ProviderReady];
  return { port, close: () => child.disconnect() };
}

/** A child without the flags of this process; it ends when it is disconnected. */
export function forkHere(file: string, execArgv: readonly string[] = []): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    serialization: 'advanced',
    execArgv: ['--disable-warning=ExperimentalWarning', ...execArgv],
  });
}
