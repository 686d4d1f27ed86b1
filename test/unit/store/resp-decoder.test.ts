import { describe, expect, test } from 'vitest';
import { RedisError, type RedisReply, RespDecoder } from '../../../src/store/resp-decoder.ts';

const BYTES = Buffer.from(
  '+OK\r\n:12\r\n:-1\r\n$-1\r\n$0\r\n\r\n$5\r\nä\r\nüx\r\n*2\r\n$1\r\na\r\n*1\r\n$-1\r\n*-1\r\n*0\r\n-OOM no room\r\n',
  'latin1',
);
const REPLIES: readonly RedisReply[] = [
  Buffer.from('OK'),
  12,
  -1,
  null,
  Buffer.alloc(0),
  Buffer.from('ä\r\nüx', 'latin1'),
  [Buffer.from('a'), [null]],
  null,
  [],
  new RedisError('OOM no room'),
];

describe('RespDecoder', () => {
  test('reads every kind of reply', () => {
    expect(new RespDecoder().push(BYTES)).toEqual(REPLIES);
  });

  test('gives the same replies however the bytes are cut', () => {
    for (let size = 1; size < BYTES.length; size += 1) {
      const decoder = new RespDecoder();
      const replies: RedisReply[] = [];
      for (let at = 0; at < BYTES.length; at += size) {
        replies.push(...decoder.push(Buffer.from(BYTES.subarray(at, at + size))));
      }
      expect(replies).toEqual(REPLIES);
    }
  });

  test('reads a large value in small pieces in time that grows with its size', () => {
    const value = Buffer.alloc(8_000_000, 'x');
    const bytes = Buffer.concat([Buffer.from(`*1\r\n$${value.length}\r\n`), value, Buffer.from('\r\n')]);
    const decoder = new RespDecoder();
    const replies: RedisReply[] = [];
    for (let at = 0; at < bytes.length; at += 1000)
      replies.push(...decoder.push(bytes.subarray(at, at + 1000)));
    const [[read] = []] = replies as readonly (readonly Buffer[])[];
    expect(read?.equals(value)).toBe(true);
  });

  test.each(['HTTP/1.1 400 Bad Request\r\n', '$x\r\n', ':1.5\r\n'])('refuses %j', (text) => {
    expect(() => new RespDecoder().push(Buffer.from(text))).toThrow('does not speak the protocol');
  });

  test('says which error it was', () => {
    expect(new RedisError('WRONGPASS invalid username-password pair').code).toBe('WRONGPASS');
  });
});
