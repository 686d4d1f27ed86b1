// Writes the protobuf wire format from the end of a buffer to its front: a nested message's length is known by the
// time it has to be written, so nothing is measured twice and nothing is copied.

export class ProtobufWriter {
  private buffer: Buffer;
  private position: number;
  /** Bytes that follow the buffer on the wire without being copied into it; see `external`. */
  private tail = 0;

  /** @param capacity a guess at the message's size in bytes; it grows if need be */
  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafe(capacity);
    this.position = capacity;
  }

  /** Bytes written so far, external ones included: pass it to `closeMessage` later. */
  get length(): number {
    return this.buffer.length - this.position + this.tail;
  }

  /** A bytes field whose content the caller sends right after this message's own bytes. Only as the first call. */
  external(field: number, byteLength: number): void {
    this.tail = byteLength;
    this.varint(byteLength);
    this.varint((field << 3) | 2);
  }

  /** A bytes field, copied. */
  raw(field: number, value: Uint8Array): void {
    this.reserve(value.length + 12);
    this.position -= value.length;
    this.buffer.set(value, this.position);
    this.varint(value.length);
    this.varint((field << 3) | 2);
  }

  /** A string or bytes field of characters below 256, one byte each. */
  latin1(field: number, value: string): void {
    const length = value.length;
    this.reserve(length + 12);
    this.position -= length;
    this.buffer.write(value, this.position, length, 'latin1');
    this.varint(length);
    this.varint((field << 3) | 2);
  }

  utf8(field: number, value: string): void {
    const length = Buffer.byteLength(value);
    this.reserve(length + 12);
    this.position -= length;
    this.buffer.write(value, this.position, length, 'utf8');
    this.varint(length);
    this.varint((field << 3) | 2);
  }

  uint(field: number, value: number): void {
    this.varint(value);
    this.varint(field << 3);
  }

  /** Turns everything written since `length` was `since` into the embedded message `field`. */
  closeMessage(field: number, since: number): void {
    this.varint(this.length - since);
    this.varint((field << 3) | 2);
  }

  /** Ends with the gRPC length prefix: one flag byte (not compressed) and the message's size, big-endian. */
  finishFrame(): Buffer {
    const length = this.length;
    this.reserve(5);
    this.position -= 5;
    this.buffer[this.position] = 0;
    this.buffer.writeUInt32BE(length, this.position + 1);
    return this.buffer.subarray(this.position);
  }

  private varint(value: number): void {
    this.reserve(5);
    const size = value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : value < 268_435_456 ? 4 : 5;
    this.position -= size;
    let at = this.position;
    let rest = value;
    while (rest > 127) {
      this.buffer[at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.buffer[at] = rest;
  }

  private reserve(bytes: number): void {
    if (this.position >= bytes) return;
    const used = this.buffer.length - this.position;
    const larger = Buffer.allocUnsafe(this.buffer.length * 2 + bytes);
    this.buffer.copy(larger, larger.length - used, this.position);
    this.buffer = larger;
    this.position = larger.length - used;
  }
}
