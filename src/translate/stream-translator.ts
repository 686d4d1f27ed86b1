// A provider's stream → the client's, piece by piece: what an event means goes out with the piece that completed it.

import { CUT_STREAM } from '../conversation/provider-error.ts';
import type { StreamEvent } from '../conversation/stream-event.ts';
import type { AnswerContext } from '../dialects/answer-context.ts';
import type { ClientDialectModule, StreamEncoder } from '../dialects/client-dialect.ts';
import type { ProviderDialectModule, StreamDecoder } from '../dialects/provider-dialect.ts';

const NOTHING = new Uint8Array(0);

export class StreamTranslator {
  private readonly decoder: StreamDecoder;
  private readonly encoder: StreamEncoder;
  private readonly report: (cause: unknown) => void;
  private ended = false;

  constructor(
    client: Pick<ClientDialectModule, 'createStreamEncoder'>,
    provider: Pick<ProviderDialectModule, 'createStreamDecoder'>,
    context: AnswerContext,
    report: (cause: unknown) => void,
  ) {
    this.report = report;
    this.decoder = provider.createStreamDecoder(context);
    this.encoder = client.createStreamEncoder(context);
  }

  get contentType(): string {
    return this.encoder.contentType;
  }

  /** Throws never: what cannot be read ends the stream with an error. Nothing follows the end. */
  push(piece: Uint8Array, isLast: boolean): Uint8Array {
    if (this.ended) return NOTHING;
    let text = '';
    try {
      if (piece.length > 0) text = this.encode(this.decoder.push(piece));
      if (isLast) text += this.encode(this.decoder.finish());
    } catch (cause) {
      this.report(cause);
      text += this.encode([{ type: 'error', error: CUT_STREAM }, { type: 'end' }]);
    }
    return text === '' ? NOTHING : Buffer.from(text);
  }

  private encode(events: readonly StreamEvent[]): string {
    let text = '';
    for (const event of events) {
      if (this.ended) break;
      text += this.encoder.push(event);
      if (event.type === 'end') this.ended = true;
    }
    return text;
  }
}
