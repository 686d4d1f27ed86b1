// A child's side of the process channel: typed sends, calls that are answered later, and the end of the parent.

import type { Call, CallAnswer, CallResult } from './messages.ts';

type CallBody = Call extends infer Each ? (Each extends Call ? Omit<Each, 'id'> : never) : never;

export class ParentChannel {
  private readonly waiting = new Map<number, (result: CallResult) => void>();
  private nextId = 1;

  /** A dead parent takes no messages; its children are about to exit. */
  send(message: object): void {
    if (process.connected) process.send?.(message, undefined, {}, () => {});
  }

  /** Resolves with whatever is answered; `signal` ends the waiting with a failure `timeout`. */
  call(body: CallBody, signal?: AbortSignal): Promise<CallResult> {
    const id = this.nextId++;
    return new Promise((resolve) => {
      const abort = (): void => {
        this.waiting.delete(id);
        this.send({ type: 'cancel', id });
        resolve({ type: 'failure', failure: 'timeout', message: 'the deadline passed' });
      };
      if (signal?.aborted === true) {
        resolve({ type: 'failure', failure: 'timeout', message: 'the deadline passed' });
        return;
      }
      signal?.addEventListener('abort', abort, { once: true });
      this.waiting.set(id, (result) => {
        signal?.removeEventListener('abort', abort);
        resolve(result);
      });
      this.send({ ...body, id });
    });
  }

  settle({ id, result }: CallAnswer): void {
    const resolve = this.waiting.get(id);
    this.waiting.delete(id);
    resolve?.(result);
  }
}
