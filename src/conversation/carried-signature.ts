// A signature in a field that clients reliably send back (Responses' `encrypted_content`, Anthropic's `redacted_thinking`,
// Gemini's `thoughtSignature`), with what else must come back where the signature is another vendor's: that its reasoning is
// redacted, or which tool call it signs. Such marks stand in front of it and end in a full stop, which no vendor's base64
// contains. Written and read by the dialects.

import type { Dialect } from '../contract/dialect.ts';
import { readSignature, type Signature, writeSignature } from './signature.ts';

const REDACTED = 'redacted.';
const CALL = 'call.';

export interface CarriedSignature {
  readonly signature: Signature;
  /** The vendor shows nothing of this reasoning. */
  readonly redacted?: boolean;
  /** Present: it signs this tool call, and is no reasoning. */
  readonly callId?: string;
}

/** For such a field of `field`. */
export function writeCarried({ signature, redacted, callId }: CarriedSignature, field: Dialect): string {
  const { dialect, value } = signature;
  if (dialect === field) return value;
  const mark = callId !== undefined ? `${CALL}${callId.length}.${callId}` : redacted === true ? REDACTED : '';
  return writeSignature({ ...signature, value: mark + value }, field);
}

/** The inverse: what stands there. */
export function readCarried(text: string, field: Dialect): CarriedSignature {
  const signature = readSignature(text, field);
  const { dialect, value } = signature;
  if (dialect === field) return { signature };
  if (value.startsWith(REDACTED)) {
    return { signature: { ...signature, value: value.slice(REDACTED.length) }, redacted: true };
  }
  if (!value.startsWith(CALL)) return { signature };
  const start = value.indexOf('.', CALL.length) + 1;
  const end = start + Number.parseInt(value.slice(CALL.length), 10);
  return { signature: { ...signature, value: value.slice(end) }, callId: value.slice(start, end) };
}
