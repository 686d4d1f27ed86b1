// Undoes a content-encoding. Providers are asked for plain bytes; some compress all the same, errors above all.

import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';

/** Of one body after decompression. */
const MOST_BYTES = 256 * 1024 * 1024;

/** @throws where the bytes are damaged, or the encoding is not known */
export function decompress(body: Buffer, encoding: string): Buffer {
  const options = { maxOutputLength: MOST_BYTES };
  switch (encoding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return body;
    case 'gzip':
    case 'x-gzip':
      return gunzipSync(body, options);
    case 'deflate':
      return inflateSync(body, options);
    case 'br':
      return brotliDecompressSync(body, options);
    case 'zstd':
      return zstdDecompressSync(body, options);
    default:
      throw new Error(`an unknown content-encoding: ${encoding}`);
  }
}
