// A vendor's proof that a piece of reasoning is its own (Anthropic `signature`, OpenAI `encrypted_content`, Gemini
// `thoughtSignature`). It must come back unchanged to the same vendor and means nothing to another. Where it travels through
// a client of another dialect it is wrapped, so that on its way back it is known whose it is.

import { DIALECTS, type Dialect } from '../contract/dialect.ts';

export interface Signature {
  readonly dialect: Dialect;
  readonly value: string;
  /** The vendor's item that it proves, where the vendor wants that named too (Responses `rs_…`). */
  readonly id?: string;
}

/** How a wrapped signature begins. */
export const WRAPPED = 'pointsman.';

/** For a field of `dialect` that holds signatures: a native one as it is, a foreign one wrapped: `pointsman.DIALECT/ID.VALUE`. */
export function writeSignature({ dialect, value, id }: Signature, field: Dialect): string {
  if (dialect === field) return value;
  return `${WRAPPED}${dialect}${id === undefined || id.includes('.') ? '' : `/${id}`}.${value}`;
}

/** Whether what stands in a field of signatures is another vendor's than the field's. */
export function isWrapped(text: string): boolean {
  return text.startsWith(WRAPPED);
}

/** The inverse: what stands in such a field of `dialect`. */
export function readSignature(text: string, field: Dialect): Signature {
  if (!isWrapped(text)) return { dialect: field, value: text };
  const end = text.indexOf('.', WRAPPED.length);
  const [name, id] = text.slice(WRAPPED.length, end).split('/', 2);
  const dialect = DIALECTS.find((each) => each === name);
  if (dialect === undefined) return { dialect: field, value: text };
  return { dialect, value: text.slice(end + 1), ...(id === undefined ? {} : { id }) };
}
