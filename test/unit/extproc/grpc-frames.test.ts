import { describe, expect, it } from 'vitest';
import { FrameError, GrpcFrameDecoder } from '../../../src/extproc/grpc-frames.ts';
import { frame } from '../../wire/ext-proc-messages.ts';

function decode(chunks: Iterable<Buffer>, maxMessageBytes: number = 1_000_000): Buffer[] {
  const decoder = new GrpcFrameDecoder(maxMessageBytes);
  const messages: Buffer[] = [];
  for (const chunk of chunks) decoder.push(chunk, (message) => messages.push(message));
  return messages;
}

function statusOf(run: () => unknown): number | undefined {
  try {
    run();
    return undefined;
  } catch (thrown) {
    return thrown instanceof FrameError ? thrown.grpcStatus : -1;
  }
}

/** How many bytes Buffer.concat moves while `run` runs. */
function bytesConcatenated(run: () => void): number {
  const original = Buffer.concat;
  let bytes = 0;
  Buffer.concat = (list, length) => {
    const joined = original.call(Buffer, list, length);
    bytes += joined.length;
    return joined;
  };
  try {
    run();
  } finally {
    Buffer.concat = original;
  }
  return bytes;
}

describe('GrpcFrameDecoder', () => {
  it('gives views of a chunk that holds whole messages', () => {
    const chunk = Buffer.concat([
      frame(Buffer.from('one')),
      frame(Buffer.alloc(0)),
      frame(Buffer.from('two')),
    ]);
    const messages = decode([chunk]);
    expect(messages.map(String)).toEqual(['one', '', 'two']);
    for (const message of messages) expect(message.buffer).toBe(chunk.buffer);
  });

  it('gives every message as soon as it is whole', () => {
    const decoder = new GrpcFrameDecoder(100);
    const seen: string[] = [];
    const push = (bytes: Buffer): number => {
      decoder.push(bytes, (message) => seen.push(`${message}`));
      return seen.length;
    };
    const bytes = Buffer.concat([frame(Buffer.from('ab')), frame(Buffer.from('c'))]);
    expect([...bytes.keys()].map((at) => push(bytes.subarray(at, at + 1)))).toEqual([
      0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2,
    ]);
    expect(seen).toEqual(['ab', 'c']);
  });

  it('knows whether a message was begun', () => {
    const decoder = new GrpcFrameDecoder(100);
    const bytes = frame(Buffer.from('ab'));
    expect(decoder.cut).toBe(false);
    for (let at = 0; at < bytes.length; at += 1) {
      decoder.push(bytes.subarray(at, at + 1), () => undefined);
      expect(decoder.cut).toBe(at < bytes.length - 1);
    }
  });

  it('copies a message in one-byte chunks twice at most, whatever its size', () => {
    const bytes = frame(Buffer.alloc(1_000_000, 'abcdefg'));
    let messages: Buffer[] = [];
    const copied = bytesConcatenated(() => {
      messages = decode([...bytes.keys()].map((at) => bytes.subarray(at, at + 1)));
    });
    expect(messages).toHaveLength(1);
    expect(messages[0]?.equals(bytes.subarray(5))).toBe(true);
    expect(copied).toBeGreaterThanOrEqual(bytes.length);
    expect(copied).toBeLessThan(2 * bytes.length);
  });

  it('refuses a message above the limit by its prefix alone, with RESOURCE_EXHAUSTED', () => {
    expect(decode([frame(Buffer.alloc(100))], 100)).toHaveLength(1);
    expect(statusOf(() => decode([frame(Buffer.alloc(101)).subarray(0, 5)], 100))).toBe(8);
    expect(statusOf(() => decode([Buffer.from([0, 255, 255, 255, 255])], 100))).toBe(8);
  });

  it('refuses compressed messages, and flags that do not exist, with UNIMPLEMENTED', () => {
    for (const flags of [1, 2, 128]) {
      expect(statusOf(() => decode([frame(Buffer.from('x'), flags)]))).toBe(12);
    }
  });

  it('gives what came before the fault', () => {
    const decoder = new GrpcFrameDecoder(100);
    const seen: string[] = [];
    const bytes = Buffer.concat([frame(Buffer.from('good')), frame(Buffer.from('bad'), 1)]);
    expect(() => decoder.push(bytes, (message) => seen.push(`${message}`))).toThrow(FrameError);
    expect(seen).toEqual(['good']);
  });
});
