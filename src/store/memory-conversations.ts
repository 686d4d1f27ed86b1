// Conversations in memory, bounded in bytes, number and time. Held by the process that all workers of a gateway share; the
// clock is passed in.

import type { Conversation } from './conversation-store.ts';

export interface MemoryConversationsOptions {
  /** Milliseconds, counted from the answer. */
  readonly ttl: number;
  readonly maxBytes: number;
  readonly maxEntries: number;
  /** Milliseconds on any clock that never runs backwards. */
  readonly now: () => number;
}

/** The key and what the engine needs to hold an entry. */
const ENTRY_BYTES = 512;

interface Entry {
  readonly input: Buffer;
  readonly answer: Buffer | undefined;
  readonly expires: number;
}

export class MemoryConversations {
  readonly #options: MemoryConversationsOptions;
  /** In the order of writing, which with one TTL is also the order of expiry. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(options: MemoryConversationsOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  begin(key: string, input: Uint8Array): boolean {
    return this.#put(key, copyOf(input), undefined);
  }

  complete(key: string, answer: Uint8Array): boolean {
    const begun = this.#live(key);
    return begun !== undefined && this.#put(key, begun.input, copyOf(answer));
  }

  find(key: string): Conversation | undefined {
    const entry = this.#live(key);
    return entry?.answer === undefined ? undefined : { input: entry.input, answer: entry.answer };
  }

  remove(key: string): boolean {
    const had = this.find(key) !== undefined;
    this.#drop(key);
    return had;
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.expires > this.#options.now() ? entry : undefined;
  }

  /** False for what would not fit if it were alone; it takes nobody else's place. */
  #put(key: string, input: Buffer, answer: Buffer | undefined): boolean {
    const { ttl, maxBytes, maxEntries, now } = this.#options;
    this.#drop(key);
    const entry: Entry = { input, answer, expires: now() + ttl };
    if (sizeOf(entry) > maxBytes || maxEntries < 1) return false;
    this.#entries.set(key, entry);
    this.#bytes += sizeOf(entry);
    this.#dropOldest();
    return true;
  }

  #dropOldest(): void {
    const { maxBytes, maxEntries, now } = this.#options;
    const time = now();
    for (const [key, entry] of this.#entries) {
      const fits = this.#bytes <= maxBytes && this.#entries.size <= maxEntries;
      if (fits && entry.expires > time) return;
      this.#drop(key);
    }
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= sizeOf(entry);
  }
}

function sizeOf({ input, answer }: Entry): number {
  return ENTRY_BYTES + input.length + (answer?.length ?? 0);
}

/** What comes over a process channel is a view of all that came with it. */
function copyOf(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}
