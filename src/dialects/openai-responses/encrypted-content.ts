// `encrypted_content` of reasoning items holds the signatures of every vendor: OpenAI's own as they are, others wrapped
// (conversation/signature.ts). It is the one member that clients reliably send back, so what else must come back with a
// foreign signature stands in front of it: that it was redacted, or which tool call it signs. Such marks end in a full stop,
// which no vendor's base64 contains.

import { readSignature, type Signature, writeSignature } from '../../conversation/signature.ts';
import { DIALECT } from './keep-rest.ts';

const REDACTED = 'redacted.';
const CALL = 'call.';

export interface EncryptedContent {
  readonly signature: Signature;
  /** The vendor shows nothing of this reasoning. */
  readonly redacted?: boolean;
  /** Present: it signs this tool call, and is no reasoning. */
  readonly callId?: string;
}

export function writeEncryptedContent({ signature, redacted, callId }: EncryptedContent): string {
  const mark = callId !== undefined ? `${CALL}${callId.length}.${callId}` : redacted === true ? REDACTED : '';
  return signature.dialect === DIALECT
    ? signature.value
    : writeSignature({ dialect: signature.dialect, value: mark + signature.value }, DIALECT);
}

export function readEncryptedContent(text: string): EncryptedContent {
  const signature = readSignature(text, DIALECT);
  const { dialect, value } = signature;
  if (dialect === DIALECT) return { signature };
  if (value.startsWith(REDACTED)) {
    return { signature: { dialect, value: value.slice(REDACTED.length) }, redacted: true };
  }
  if (!value.startsWith(CALL)) return { signature };
  const start = value.indexOf('.', CALL.length) + 1;
  const end = start + Number.parseInt(value.slice(CALL.length), 10);
  return { signature: { dialect, value: value.slice(end) }, callId: value.slice(start, end) };
}
