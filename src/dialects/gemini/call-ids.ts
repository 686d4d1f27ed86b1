// Which result belongs to which call. Gemini's calls may lack ids: results are then told apart by the function's name and
// their order: https://ai.google.dev/gemini-api/docs/function-calling. The neutral model always has ids, so some are made.

const MADE = 'gemini_call_';

/** Whether the id was made here, so that Gemini need not be told it. */
export function isMadeId(id: string): boolean {
  return id.startsWith(MADE);
}

export class CallIds {
  private readonly prefix: string;
  private made = 0;
  private readonly known = new Set<string>();
  private readonly answered = new Set<string>();
  private readonly waiting = new Map<string, { readonly ids: string[]; next: number }>();
  private isNewTurn = false;

  /** @param seed of the exchange, for the calls of an answer; none for those of a request, which are numbered alone */
  constructor(seed?: string) {
    this.prefix = seed === undefined ? MADE : `${MADE}${seed}_`;
  }

  /** Its calls, where it makes any, are what the results after it belong to: earlier ones stay without. */
  beginTurn(): void {
    this.isNewTurn = true;
  }

  ofCall(name: string, given: string | undefined): string {
    const id = given === undefined || given === '' ? this.make() : given;
    this.known.add(id);
    if (this.isNewTurn) this.waiting.clear();
    this.isNewTurn = false;
    const queue = this.waiting.get(name);
    if (queue === undefined) this.waiting.set(name, { ids: [id], next: 0 });
    else queue.ids.push(id);
    return id;
  }

  ofResult(name: string, given: string | undefined): string {
    const id = given !== undefined && this.known.has(given) ? given : this.nextOf(name);
    if (id === undefined) return given === undefined || given === '' ? this.make() : given;
    this.answered.add(id);
    return id;
  }

  /** The turn's oldest call of that function without a result. */
  private nextOf(name: string): string | undefined {
    const queue = this.waiting.get(name);
    if (queue === undefined) return undefined;
    while (queue.next < queue.ids.length) {
      const id = queue.ids[queue.next];
      queue.next += 1;
      if (id !== undefined && !this.answered.has(id)) return id;
    }
    return undefined;
  }

  private make(): string {
    const id = `${this.prefix}${this.made}`;
    this.made += 1;
    return id;
  }
}
