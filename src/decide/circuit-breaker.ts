// Keeps an engine that does not answer out of the path: after a few failures in a row nobody asks it until a back-off
// has passed, then there is one try. Called by engine-stage.ts. Pure; the clock is passed in.

export interface CircuitBreakerOptions {
  /** Milliseconds on any clock that never runs backwards. */
  readonly now: () => number;
  /** Failures in a row until it opens. */
  readonly failuresToOpen: number;
  /** Milliseconds until the first probe; doubled by each probe that fails. */
  readonly firstBackoff: number;
  readonly longestBackoff: number;
  /** True where it begins open, without a back-off: the engine has to show first that it is there. */
  readonly beginsOpen?: boolean;
  /** Called when a closed breaker opens; failed probes of an open one are silent. */
  readonly onOpen?: (backoff: number) => void;
  /** Called when it closes again. */
  readonly onClose?: () => void;
}

/** The right to make one call. Exactly one of its methods is to be called; later calls do nothing. */
export interface Permit {
  succeed(): void;
  fail(): void;
  /** The call ended without saying anything about the engine: its caller went away, or was to blame. */
  abandon(): void;
}

type State =
  | { readonly type: 'closed'; readonly failures: number }
  | { readonly type: 'open'; readonly until: number; readonly backoff: number }
  | { readonly type: 'half-open'; readonly probe: object; readonly backoff: number };

export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #state: State = { type: 'closed', failures: 0 };
  #wasClosed = true;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
    // Half the first back-off, since the first probe that fails doubles it.
    if (options.beginsOpen === true) {
      this.#wasClosed = false;
      this.#state = { type: 'open', until: options.now(), backoff: options.firstBackoff / 2 };
    }
  }

  get state(): State['type'] {
    return this.#state.type;
  }

  /** False until the first success of one that began open. */
  get wasClosed(): boolean {
    return this.#wasClosed;
  }

  /** Whether `acquire` would grant a permit now. */
  get isPassable(): boolean {
    const state = this.#state;
    return state.type === 'closed' || (state.type === 'open' && this.#options.now() >= state.until);
  }

  /** Undefined while the engine is to be left alone. */
  acquire(): Permit | undefined {
    if (!this.isPassable) return undefined;
    const token = {};
    if (this.#state.type === 'open') {
      this.#state = { type: 'half-open', probe: token, backoff: this.#state.backoff };
    }
    let isUsed = false;
    const once = (report: () => void) => (): void => {
      if (isUsed) return;
      isUsed = true;
      report();
    };
    return {
      succeed: once(() => this.#onSuccess()),
      fail: once(() => this.#onFailure(token)),
      abandon: once(() => this.#onAbandon(token)),
    };
  }

  /** Also for a call that began before it opened: an answer is an answer. */
  #onSuccess(): void {
    const wasClosed = this.#state.type === 'closed';
    this.#state = { type: 'closed', failures: 0 };
    this.#wasClosed = true;
    if (!wasClosed) this.#options.onClose?.();
  }

  #onFailure(token: object): void {
    const state = this.#state;
    if (state.type === 'closed') {
      const failures = state.failures + 1;
      if (failures < this.#options.failuresToOpen) {
        this.#state = { type: 'closed', failures };
        return;
      }
      this.#open(this.#options.firstBackoff);
      this.#options.onOpen?.(this.#options.firstBackoff);
    } else if (state.type === 'half-open' && state.probe === token) {
      this.#open(Math.min(state.backoff * 2, this.#options.longestBackoff));
    }
  }

  #onAbandon(token: object): void {
    const state = this.#state;
    if (state.type !== 'half-open' || state.probe !== token) return;
    this.#state = { type: 'open', until: this.#options.now(), backoff: state.backoff };
  }

  #open(backoff: number): void {
    this.#state = { type: 'open', until: this.#options.now() + backoff, backoff };
  }
}
