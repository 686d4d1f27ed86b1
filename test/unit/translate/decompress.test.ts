import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decompress } from '../../../src/translate/decompress.ts';

const BODY = Buffer.from('{"error":{"message":"Überlast"}}');

test.each([
  ['identity', BODY],
  ['', BODY],
  ['gzip', gzipSync(BODY)],
  ['GZIP', gzipSync(BODY)],
  ['deflate', deflateSync(BODY)],
  ['br', brotliCompressSync(BODY)],
  ['zstd', zstdCompressSync(BODY)],
])('undoes %j', (encoding, bytes) => {
  expect(decompress(bytes, encoding)).toEqual(BODY);
});

test('refuses what it does not know, and damaged bytes', () => {
  expect(() => decompress(BODY, 'compress')).toThrow('compress');
  expect(() => decompress(BODY, 'gzip')).toThrow();
});
