// Keeps a session with the model that it was given first. Called by the request stage, or by the process that owns the
// store where several workers share one. In memory and bounded; the clock is passed in.

import { hash } from 'node:crypto';

/** What a session is held to. */
export interface Pin {
  /** `provider/model` that answers. */
  readonly model: string;
  /** In the order of failover, beginning with `model`. */
  readonly models: readonly string[];
  readonly route: string | null;
}

export interface AffinityOptions {
  /** Milliseconds since the last use. */
  readonly ttl: number;
  readonly maxEntries: number;
  /** Milliseconds on any clock that never runs backwards. */
  readonly now: () => number;
}

/** Longer ids are kept as their digest, so that a caller's header cannot fill the memory. */
const LONGEST_ID = 128;

interface Entry {
  readonly pin: Pin;
  expires: number;
}

export class AffinityStore {
  readonly #options: AffinityOptions;
  /** In the order of last use, which with one sliding TTL is also the order of expiry. */
  readonly #entries = new Map<string, Entry>();

  constructor(options: AffinityOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The session's pin, good for another TTL; undefined where it has none or it expired. */
  get(sessionId: string): Pin | undefined {
    return this.#use(keyOf(sessionId));
  }

  /** The first writer wins; everybody gets the winner's pin. */
  pinIfAbsent(sessionId: string, pin: Pin): Pin {
    const key = keyOf(sessionId);
    const present = this.#use(key);
    if (present !== undefined) return present;
    if (this.#options.maxEntries <= 0) return pin;
    this.#entries.set(key, { pin, expires: this.#options.now() + this.#options.ttl });
    this.#dropOldest();
    return pin;
  }

  #use(key: string): Pin | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const now = this.#options.now();
    this.#entries.delete(key);
    if (entry.expires <= now) return undefined;
    entry.expires = now + this.#options.ttl;
    this.#entries.set(key, entry);
    return entry.pin;
  }

  #dropOldest(): void {
    const now = this.#options.now();
    for (const [key, entry] of this.#entries) {
      if (entry.expires > now && this.#entries.size <= this.#options.maxEntries) return;
      this.#entries.delete(key);
    }
  }
}

function keyOf(sessionId: string): string {
  return sessionId.length <= LONGEST_ID ? sessionId : `sha256 ${hash('sha256', sessionId, 'base64url')}`;
}
