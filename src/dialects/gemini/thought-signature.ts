// Signatures in Gemini's `thoughtSignature`, a field of bytes: clients in some languages decode it, so what is not Google's
// must be base64 too. https://ai.google.dev/gemini-api/docs/thought-signatures

import { readSignature, type Signature, writeSignature } from '../../conversation/signature.ts';

const DIALECT = 'gemini';
/** How base64 of a wrapped signature begins. */
const WRAPPED = Buffer.from('pointsman').toString('base64');

export function writeThoughtSignature(signature: Signature): string {
  const text = writeSignature(signature, DIALECT);
  return signature.dialect === DIALECT ? text : Buffer.from(text).toString('base64');
}

export function readThoughtSignature(value: string): Signature {
  if (!value.startsWith(WRAPPED)) return { dialect: DIALECT, value };
  const signature = readSignature(Buffer.from(value, 'base64').toString(), DIALECT);
  return signature.dialect === DIALECT ? { dialect: DIALECT, value } : signature;
}
