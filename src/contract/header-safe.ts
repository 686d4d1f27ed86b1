// Text that a caller may have written, as the value of a header. Whoever names a route or a model in one uses it: what a line
// end in it would begin is a header of the caller's.

/** Longest value in bytes: Envoy bounds the size of all headers together. */
const LONGEST_VALUE = 512;

/**
 * Any text as a header value: each byte of its UTF-8 that is not visible ASCII, and `%`, is percent-encoded, so that
 * `decodeURIComponent` gives it back. Cut at 512 bytes, never inside a character.
 */
export function headerSafe(value: string): string {
  let safe = '';
  for (const character of value) {
    const encoded = /^[!-$&-~]$/.test(character) ? character : percentEncode(character);
    if (safe.length + encoded.length > LONGEST_VALUE) break;
    safe += encoded;
  }
  return safe;
}

function percentEncode(character: string): string {
  let encoded = '';
  for (const byte of Buffer.from(character)) {
    encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}
