// A provider's stream → the client's, piece by piece: what an event means goes out with the piece that completed it.

import type { Later } from '../contract/exchange.ts';
import { CUT_STREAM } from '../conversation/provider-error.ts';
import type { StreamEvent } from '../conversation/stream-event.ts';
import type { AnswerContext } from '../dialects/answer-context.ts';
import type { ClientDialectModule, StreamEncoder } from '../dialects/client-dialect.ts';
import type { ProviderDialectModule, StreamDecoder } from '../dialects/provider-dialect.ts';

const NOTHING = new Uint8Array(0);

/** Keeps an answer that later requests may go on from. False: it could not. Rejects never. */
export type KeepAnswer = (answer: Buffer) => Promise<boolean>;

export class StreamTranslator {
  private readonly decoder: StreamDecoder;
  private readonly encoder: StreamEncoder;
  private readonly report: (cause: unknown) => void;
  private readonly keep: KeepAnswer | undefined;
  private ended = false;

  /** @param keep undefined where the answer is not to be kept */
  constructor(
    client: Pick<ClientDialectModule, 'createStreamEncoder'>,
    provider: Pick<ProviderDialectModule, 'createStreamDecoder'>,
    context: AnswerContext,
    report: (cause: unknown) => void,
    keep?: KeepAnswer,
  ) {
    this.report = report;
    this.keep = keep;
    this.decoder = provider.createStreamDecoder(context);
    this.encoder = client.createStreamEncoder(context);
  }

  get contentType(): string {
    return this.encoder.contentType;
  }

  /**
   * Throws never: what cannot be read ends the stream with an error. Nothing follows the end. The piece with the end waits
   * until the answer is kept, so that whoever reads it can go on from it.
   */
  push(piece: Uint8Array, isLast: boolean): Later<Uint8Array> {
    if (this.ended) return NOTHING;
    let text = '';
    try {
      if (piece.length > 0) text = this.encode(this.decoder.push(piece));
      if (isLast && !this.ended) text += this.encode(this.decoder.finish());
    } catch (cause) {
      this.report(cause);
      text += this.encode([{ type: 'error', error: CUT_STREAM }, { type: 'end' }]);
    }
    if (!this.ended) return bytesOf(text);
    const end = endStream(this.encoder, this.keep);
    return end instanceof Promise ? end.then((last) => bytesOf(text + last)) : bytesOf(text + end);
  }

  /** All but the end itself. */
  private encode(events: readonly StreamEvent[]): string {
    let text = '';
    for (const event of events) {
      if (this.ended) break;
      if (event.type === 'end') this.ended = true;
      else text += this.encoder.push(event);
    }
    return text;
  }
}

/** The end of a stream, once its answer is kept where it is to be. */
export function endStream(encoder: StreamEncoder, keep: KeepAnswer | undefined): Later<string> {
  const answer = keep === undefined ? undefined : encoder.whole?.();
  if (keep === undefined || answer === undefined) return encoder.push({ type: 'end' });
  return keep(Buffer.from(JSON.stringify(answer))).then((isKept) => {
    if (!isKept) encoder.forget?.();
    return encoder.push({ type: 'end' });
  });
}

function bytesOf(text: string): Uint8Array {
  return text === '' ? NOTHING : Buffer.from(text);
}
