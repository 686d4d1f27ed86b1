// Runs encodings one after another. The encoder uses one core, so requests that arrive together wait here rather than
// share it; one whose deadline passes leaves at once. Called by embedded-router.ts and route-vectors.ts.

/** A query is all that is left to do for its request; routes may come by the hundred, for one request alone. */
export type EncodingKind = 'query' | 'route';

/** Queries in a row while a route waits: also a stream of queries lets every route have its turn. */
const QUERIES_PER_ROUTE = 8;

/** Runs what it holds; asked at most once. */
type Entry = () => Promise<void>;

export class EncodingQueue {
  readonly #waiting: Readonly<Record<EncodingKind, Set<Entry>>> = { query: new Set(), route: new Set() };
  #queriesInRow = 0;
  #isRunning = false;

  /** Settles as the task does, or rejects with the signal's reason when it fires first; then a waiting task is dropped. */
  run<T>(kind: EncodingKind, task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiting = this.#waiting[kind];
      const abort = (): void => {
        waiting.delete(entry);
        reject(signal.reason);
      };
      const entry: Entry = async () => {
        try {
          resolve(await task());
        } catch (thrown) {
          reject(thrown);
        } finally {
          signal.removeEventListener('abort', abort);
        }
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      waiting.add(entry);
      if (!this.#isRunning) void this.#runAll();
    });
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    for (let entry = this.#take(); entry !== undefined; entry = this.#take()) await entry();
    this.#isRunning = false;
  }

  #take(): Entry | undefined {
    const { query, route } = this.#waiting;
    const isRoutesTurn = query.size === 0 || (route.size > 0 && this.#queriesInRow >= QUERIES_PER_ROUTE);
    this.#queriesInRow = isRoutesTurn ? 0 : this.#queriesInRow + 1;
    const waiting = isRoutesTurn ? route : query;
    for (const entry of waiting) {
      waiting.delete(entry);
      return entry;
    }
    return undefined;
  }
}
