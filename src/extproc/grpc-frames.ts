// gRPC's message framing (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md): a flag byte, a 4-byte
// big-endian length, the message. A push decoder: any chunking of the same bytes gives the same messages.

const PREFIX_BYTES = 5;

/** The peer broke the framing or the size limit. `grpcStatus` is the code to end the stream with. */
export class FrameError extends Error {
  readonly grpcStatus: number;

  constructor(grpcStatus: number, message: string) {
    super(message);
    this.name = 'FrameError';
    this.grpcStatus = grpcStatus;
  }
}

export class GrpcFrameDecoder {
  private readonly maxMessageBytes: number;
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  /** What `pendingBytes` must reach before there is anything new to see. */
  private wantedBytes = PREFIX_BYTES;

  constructor(maxMessageBytes: number) {
    this.maxMessageBytes = maxMessageBytes;
  }

  /** Calls `emit` for each message that `chunk` completes. A message is a view where one chunk holds it whole. */
  push(chunk: Buffer, emit: (message: Buffer) => void): void {
    let bytes = chunk;
    if (this.pendingBytes > 0) {
      this.pending.push(chunk);
      this.pendingBytes += chunk.length;
      if (this.pendingBytes < this.wantedBytes) return;
      bytes = Buffer.concat(this.pending, this.pendingBytes);
      this.pending = [];
      this.pendingBytes = 0;
    }
    let at = 0;
    while (bytes.length - at >= PREFIX_BYTES) {
      const end = at + PREFIX_BYTES + this.messageLength(bytes, at);
      if (end > bytes.length) {
        this.keep(bytes.subarray(at), end - at);
        return;
      }
      emit(bytes.subarray(at + PREFIX_BYTES, end));
      at = end;
    }
    if (at < bytes.length) this.keep(bytes.subarray(at), PREFIX_BYTES);
  }

  /** True where a message was begun and not completed. */
  get cut(): boolean {
    return this.pendingBytes > 0;
  }

  private messageLength(bytes: Buffer, at: number): number {
    if (bytes[at] !== 0) throw new FrameError(12, 'compressed gRPC messages are not supported');
    const length = bytes.readUInt32BE(at + 1);
    if (length > this.maxMessageBytes) {
      throw new FrameError(8, `a message of ${length} bytes is above the limit of ${this.maxMessageBytes}`);
    }
    return length;
  }

  private keep(rest: Buffer, wantedBytes: number): void {
    this.pending = [rest];
    this.pendingBytes = rest.length;
    this.wantedBytes = wantedBytes;
  }
}
