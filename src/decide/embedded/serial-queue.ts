// Runs tasks one after another. The encoder uses one core, so requests that arrive together wait here rather than
// share it; a request whose deadline passes leaves at once. Called by embedded-router.ts.

export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Settles as the task does, or rejects with the signal's reason when it fires first; then a waiting task is skipped. */
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const abort = (): void => reject(signal.reason);
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      this.#last = this.#last.then(async () => {
        try {
          if (!signal.aborted) resolve(await task());
        } catch (thrown) {
          reject(thrown);
        } finally {
          signal.removeEventListener('abort', abort);
        }
      });
    });
  }
}
