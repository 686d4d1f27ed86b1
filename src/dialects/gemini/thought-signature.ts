// Signatures in Gemini's `thoughtSignature`, a field of bytes: clients in some languages decode it, so what is not Google's
// must be base64 too. https://ai.google.dev/gemini-api/docs/thought-signatures

import { type CarriedSignature, readCarried, writeCarried } from '../../conversation/carried-signature.ts';

const DIALECT = 'gemini';
/** How base64 of a wrapped signature begins. */
export const WRAPPED: string = Buffer.from('pointsman').toString('base64');

/** For calls that another model made: https://ai.google.dev/gemini-api/docs/thought-signatures#faqs */
export const NO_SIGNATURE = 'skip_thought_signature_validator';

export function isForeignSignature(value: string): boolean {
  return readThoughtSignature(value).signature.dialect !== DIALECT;
}

export function writeThoughtSignature(carried: CarriedSignature): string {
  const text = writeCarried(carried, DIALECT);
  return carried.signature.dialect === DIALECT ? text : Buffer.from(text).toString('base64');
}

export function readThoughtSignature(value: string): CarriedSignature {
  const native: CarriedSignature = { signature: { dialect: DIALECT, value } };
  if (!value.startsWith(WRAPPED)) return native;
  const carried = readCarried(Buffer.from(value, 'base64').toString(), DIALECT);
  return carried.signature.dialect === DIALECT ? native : carried;
}
