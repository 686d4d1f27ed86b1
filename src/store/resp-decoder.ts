// Redis's replies (https://redis.io/docs/latest/develop/reference/protocol-spec/, version 2). A push decoder: any chunking of
// the same bytes gives the same replies.

/** An error that the server answered. Its first word says which: `OOM`, `WRONGPASS`. */
export class RedisError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RedisError';
  }

  get code(): string {
    return this.message.split(' ', 1)[0] ?? '';
  }
}

export type RedisReply = Buffer | number | null | RedisError | readonly RedisReply[];

const LINE_END = 0x0d;

export class RespDecoder {
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  /** What `pendingBytes` must reach before there is anything new to see. */
  private wantedBytes = 1;

  /** @throws where the bytes are no reply; the connection is of no use then */
  push(chunk: Buffer): RedisReply[] {
    this.pending.push(chunk);
    this.pendingBytes += chunk.length;
    const replies: RedisReply[] = [];
    if (this.pendingBytes < this.wantedBytes) return replies;
    const bytes = this.pending.length === 1 ? chunk : Buffer.concat(this.pending, this.pendingBytes);
    let at = 0;
    for (;;) {
      const read = readReply(bytes, at);
      if ('wanted' in read) {
        this.wantedBytes = read.wanted - at;
        break;
      }
      replies.push(read.reply);
      at = read.end;
    }
    const rest = bytes.subarray(at);
    this.pending = rest.length === 0 ? [] : [rest];
    this.pendingBytes = rest.length;
    return replies;
  }
}

/** `wanted` bytes, counted from the start, are needed to go on. */
type Read = { readonly reply: RedisReply; readonly end: number } | { readonly wanted: number };

function readReply(bytes: Buffer, start: number): Read {
  const lineEnd = bytes.indexOf(LINE_END, start);
  if (lineEnd < 0 || lineEnd + 2 > bytes.length) return { wanted: bytes.length + 1 };
  const line = bytes.subarray(start + 1, lineEnd);
  const end = lineEnd + 2;
  switch (String.fromCharCode(bytes[start] ?? 0)) {
    case '+':
      return { reply: line, end };
    case '-':
      return { reply: new RedisError(line.toString()), end };
    case ':':
      return { reply: numberIn(line), end };
    case '$': {
      const length = numberIn(line);
      if (length < 0) return { reply: null, end };
      const wanted = end + length + 2;
      return bytes.length < wanted ? { wanted } : { reply: bytes.subarray(end, end + length), end: wanted };
    }
    case '*':
      return readArray(bytes, numberIn(line), end);
    default:
      throw new Error('the server does not speak the protocol of Redis');
  }
}

function readArray(bytes: Buffer, count: number, start: number): Read {
  if (count < 0) return { reply: null, end: start };
  const replies: RedisReply[] = [];
  let at = start;
  while (replies.length < count) {
    const read = readReply(bytes, at);
    if ('wanted' in read) return read;
    replies.push(read.reply);
    at = read.end;
  }
  return { reply: replies, end: at };
}

function numberIn(line: Buffer): number {
  const number = Number(line.toString('latin1'));
  if (!Number.isSafeInteger(number)) throw new Error('the server does not speak the protocol of Redis');
  return number;
}
