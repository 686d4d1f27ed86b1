// A vendor's proof that a piece of reasoning is its own (Anthropic `signature`, OpenAI `encrypted_content`, Gemini
// `thoughtSignature`). It must come back unchanged to the same vendor and means nothing to another. Where it travels through
// a client of another dialect it is wrapped, so that on its way back it is known whose it is.

import { DIALECTS, type Dialect } from '../contract/dialect.ts';

export interface Signature {
  readonly dialect: Dialect;
  readonly value: string;
}

const PREFIX = 'pointsman.';

/** For a field of `dialect` that holds signatures: a native one as it is, a foreign one wrapped. */
export function writeSignature({ dialect, value }: Signature, field: Dialect): string {
  return dialect === field ? value : `${PREFIX}${dialect}.${value}`;
}

/** The inverse: what stands in such a field of `dialect`. */
export function readSignature(text: string, field: Dialect): Signature {
  if (!text.startsWith(PREFIX)) return { dialect: field, value: text };
  const end = text.indexOf('.', PREFIX.length);
  const dialect = DIALECTS.find((name) => name === text.slice(PREFIX.length, end));
  return dialect === undefined ? { dialect: field, value: text } : { dialect, value: text.slice(end + 1) };
}
