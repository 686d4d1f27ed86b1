// Reads HTTP/1.1 answers one after the other from a kept-alive connection: status, and how long the body was. As little
// as a load generator needs, so that it costs little.

export interface Answer {
  readonly status: number;
  readonly bodyBytes: number;
}

const HEAD_END = '\r\n\r\n';

export class AnswerReader {
  private pending: Buffer | undefined;
  private head: { readonly status: number; readonly isChunked: boolean } | undefined;
  private bodyBytes = 0;
  /** Bytes of the body, or of the current chunk and its line end, that are still to come. */
  private left = 0;
  private isLastChunk = false;
  private begun = false;

  /** Of the answer under way, or the last one. */
  get hasBody(): boolean {
    return this.begun;
  }

  /** The answer that `chunk` completes, if it does. One answer is under way at a time. */
  push(chunk: Buffer): Answer | undefined {
    let bytes = chunk;
    if (this.pending !== undefined) {
      bytes = Buffer.concat([this.pending, chunk]);
      this.pending = undefined;
    }
    let at = 0;
    if (this.head === undefined) {
      const end = bytes.indexOf(HEAD_END);
      if (end < 0) return this.keep(bytes);
      at = end + HEAD_END.length;
      const text = bytes.toString('latin1', 0, end).toLowerCase();
      const length = /\r\ncontent-length: *(\d+)/.exec(text)?.[1];
      this.head = { status: Number(text.slice(9, 12)), isChunked: length === undefined };
      this.left = Number(length ?? 0);
      this.bodyBytes = this.left;
      this.begun = false;
    }
    return this.head.isChunked ? this.pushChunked(bytes, at) : this.pushPlain(bytes.length - at);
  }

  private pushPlain(byteLength: number): Answer | undefined {
    this.left -= byteLength;
    this.begun ||= byteLength > 0;
    return this.left > 0 ? undefined : this.finish();
  }

  private pushChunked(bytes: Buffer, from: number): Answer | undefined {
    let at = from;
    for (;;) {
      const skipped = Math.min(this.left, bytes.length - at);
      at += skipped;
      this.left -= skipped;
      if (this.left > 0) return undefined;
      if (this.isLastChunk) return this.finish();
      const end = bytes.indexOf('\r\n', at);
      if (end < 0) return at < bytes.length ? this.keep(bytes.subarray(at)) : undefined;
      const size = Number.parseInt(bytes.toString('latin1', at, end), 16);
      this.bodyBytes += size;
      this.begun ||= size > 0;
      this.left = size + 2;
      this.isLastChunk = size === 0;
      at = end + 2;
    }
  }

  private keep(rest: Buffer): undefined {
    this.pending = rest;
  }

  private finish(): Answer {
    const answer = { status: this.head?.status ?? 0, bodyBytes: this.bodyBytes };
    this.head = undefined;
    this.bodyBytes = 0;
    this.left = 0;
    this.isLastChunk = false;
    return answer;
  }
}
