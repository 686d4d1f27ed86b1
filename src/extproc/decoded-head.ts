// The head of a request or an answer, over the header pairs that processing-request.ts decoded.

import type { RequestHead, ResponseHead } from '../contract/exchange.ts';

export class DecodedHead implements RequestHead, ResponseHead {
  readonly method: string;
  readonly path: string;
  readonly endOfStream: boolean;
  /** Names and values in turn. A dozen headers: a scan is cheaper than a map. */
  private readonly pairs: readonly string[];

  constructor(pairs: readonly string[], endOfStream: boolean) {
    this.pairs = pairs;
    this.endOfStream = endOfStream;
    this.method = this.header(':method') ?? '';
    this.path = this.header(':path') ?? '';
  }

  /** Of an answer; 0 in the head of a request. */
  get status(): number {
    return Number(this.header(':status') ?? 0);
  }

  header(name: string): string | undefined {
    const pairs = this.pairs;
    for (let index = 0; index < pairs.length; index += 2) if (pairs[index] === name) return pairs[index + 1];
    return undefined;
  }
}
