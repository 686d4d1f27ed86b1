// AWS's binary event stream → its messages, for any chunking. Nothing that was read is read again; both checksums are
// held. https://smithy.io/2.0/aws/amazon-eventstream.html. Knows nothing of what the messages say.

import { crc32 } from 'node:zlib';

export interface Frame {
  /** Headers whose value is text, by their names: `:event-type`. */
  readonly headers: ReadonlyMap<string, string>;
  readonly payload: Buffer;
}

/** Length of the whole, length of the headers, checksum of both. */
const PRELUDE = 12;
const CHECKSUM = 4;
/** AWS's own limits are 16 MB of payload and 128 KB of headers. */
const MOST_BYTES = 17 * 1024 * 1024;

export class FrameDecoder {
  /** The message at hand, as long as is known yet. */
  private frame = Buffer.allocUnsafe(PRELUDE);
  private filled = 0;
  private corrupt = false;

  /** True where the bytes are no event stream, or were damaged on their way: nothing more is read then. */
  get isCorrupt(): boolean {
    return this.corrupt;
  }

  /** The messages that are complete with these bytes. */
  push(bytes: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    let at = 0;
    while (at < bytes.length && !this.corrupt) {
      const piece = bytes.subarray(at, at + this.frame.length - this.filled);
      this.frame.set(piece, this.filled);
      this.filled += piece.length;
      at += piece.length;
      if (this.filled < this.frame.length) break;
      if (this.filled === PRELUDE) this.makeRoom();
      else this.end(frames);
    }
    return frames;
  }

  private makeRoom(): void {
    const prelude = this.frame;
    const length = prelude.readUInt32BE(0);
    const fits = length >= PRELUDE + prelude.readUInt32BE(4) + CHECKSUM && length <= MOST_BYTES;
    if (!fits || prelude.readUInt32BE(8) !== crc32(prelude.subarray(0, 8))) {
      this.corrupt = true;
      return;
    }
    this.frame = Buffer.allocUnsafe(length);
    prelude.copy(this.frame);
  }

  private end(frames: Frame[]): void {
    const { frame } = this;
    const body = frame.length - CHECKSUM;
    const payload = PRELUDE + frame.readUInt32BE(4);
    const headers =
      frame.readUInt32BE(body) === crc32(frame.subarray(0, body))
        ? readHeaders(frame.subarray(PRELUDE, payload))
        : undefined;
    if (headers === undefined) {
      this.corrupt = true;
      return;
    }
    frames.push({ headers, payload: frame.subarray(payload, body) });
    this.frame = Buffer.allocUnsafe(PRELUDE);
    this.filled = 0;
  }
}

/** Bytes of the values whose length their type says: true, false, byte, short, int, long, timestamp, UUID. */
const FIXED_LENGTHS: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };
const BYTES = 6;
const TEXT = 7;

/** Undefined where they do not fill their space exactly. */
function readHeaders(bytes: Buffer): Map<string, string> | undefined {
  const headers = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const nameEnd = at + 1 + (bytes[at] as number);
    const type = bytes[nameEnd];
    if (type === undefined) return undefined;
    const name = bytes.toString('utf8', at + 1, nameEnd);
    at = nameEnd + 1;
    if (type === BYTES || type === TEXT) {
      if (at + 2 > bytes.length) return undefined;
      const end = at + 2 + bytes.readUInt16BE(at);
      if (end > bytes.length) return undefined;
      if (type === TEXT) headers.set(name, bytes.toString('utf8', at + 2, end));
      at = end;
    } else {
      const length = FIXED_LENGTHS[type];
      if (length === undefined) return undefined;
      at += length;
    }
  }
  return at === bytes.length ? headers : undefined;
}
