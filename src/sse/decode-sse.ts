// Bytes of an event stream → its events, for any chunking: https://html.spec.whatwg.org/multipage/server-sent-events.html
// Used by every dialect whose provider streams that way. Nothing that was read is read again.

import { StringDecoder } from 'node:string_decoder';

export interface SseEvent {
  /** Empty where the event has no name. */
  readonly name: string;
  /** The `data` lines, joined by line feeds. */
  readonly data: string;
}

/** An event larger than any provider's; its stream is given up. */
class SseSizeError extends Error {
  constructor(limit: number) {
    super(`an event of the stream is longer than ${limit} characters`);
    this.name = 'SseSizeError';
  }
}

export class SseDecoder {
  private readonly decoder = new StringDecoder('utf8');
  private readonly maxCharacters: number;
  /** The line that has not ended yet. */
  private line = '';
  private name = '';
  private data: string | undefined;
  /** The last chunk ended in CR: an LF that follows belongs to it. */
  private afterCr = false;
  private atStart = true;

  /** @param maxCharacters of one event, in UTF-16 units */
  constructor(maxCharacters: number = 64 * 1024 * 1024) {
    this.maxCharacters = maxCharacters;
  }

  /** @throws SseSizeError */
  push(bytes: Uint8Array): SseEvent[] {
    let text = this.decoder.write(bytes as Buffer);
    if (text === '') return [];
    if (this.atStart) {
      this.atStart = false;
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    }
    const events: SseEvent[] = [];
    let at = this.afterCr && text.charCodeAt(0) === 10 ? 1 : 0;
    this.afterCr = false;
    let lf = text.indexOf('\n', at);
    let cr = text.indexOf('\r', at);
    while (lf >= 0 || cr >= 0) {
      const end = lf < 0 ? cr : cr < 0 ? lf : Math.min(lf, cr);
      const line = this.line === '' ? text.slice(at, end) : this.line + text.slice(at, end);
      this.line = '';
      this.endLine(line, events);
      at = end + 1;
      if (end === cr) {
        if (at === text.length) this.afterCr = true;
        else if (lf === at) at += 1;
        cr = text.indexOf('\r', at);
      }
      if (lf < at && lf >= 0) lf = text.indexOf('\n', at);
    }
    if (at < text.length) this.line += text.slice(at);
    if (this.line.length + (this.data?.length ?? 0) > this.maxCharacters) {
      throw new SseSizeError(this.maxCharacters);
    }
    return events;
  }

  /** An event without its blank line counts too: providers end a stream that way. */
  finish(): SseEvent[] {
    const events: SseEvent[] = [];
    const rest = this.line + this.decoder.end();
    this.line = '';
    if (rest !== '') this.endLine(rest, events);
    this.endLine('', events);
    return events;
  }

  private endLine(line: string, events: SseEvent[]): void {
    if (line === '') {
      if (this.data !== undefined) events.push({ name: this.name, data: this.data });
      this.name = '';
      this.data = undefined;
      return;
    }
    if (line.startsWith('data:')) {
      const value = line.slice(line.charCodeAt(5) === 32 ? 6 : 5);
      this.data = this.data === undefined ? value : `${this.data}\n${value}`;
    } else if (line.startsWith('event:')) {
      this.name = line.slice(line.charCodeAt(6) === 32 ? 7 : 6);
    } else if (line === 'data') {
      this.data = this.data === undefined ? '' : `${this.data}\n`;
    }
    // Comments, ids, retry times and unknown fields mean nothing here.
  }
}
