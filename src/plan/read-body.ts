// Bytes → a JSON object that later steps may trust: bounded depth and size, valid UTF-8, valid JSON, an object.

import { isUtf8 } from 'node:buffer';
import { GatewayError } from '../contract/gateway-error.ts';
import { isObject, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { JsonScanError, type Member, scanObject } from '../json/scan-object.ts';

export interface ReadBody {
  readonly bytes: Buffer;
  /** Where each top-level member lies in `bytes`. */
  readonly members: readonly Member[];
  readonly value: JsonObject;
}

/** @throws GatewayError 'invalid-request' */
export function readBody(bytes: Buffer): ReadBody {
  if (bytes.length === 0)
    throw new GatewayError('invalid-request', 'the request has no body; a JSON object is needed');
  if (!isUtf8(bytes)) throw new GatewayError('invalid-request', 'the body is not valid UTF-8');
  try {
    const members = scanObject(bytes);
    const value = JSON.parse(bytes.toString('utf8')) as JsonValue;
    if (!isObject(value)) throw new GatewayError('invalid-request', 'the body must be a JSON object');
    return { bytes, members, value };
  } catch (thrown) {
    if (thrown instanceof JsonScanError) throw new GatewayError('invalid-request', thrown.message);
    if (thrown instanceof SyntaxError)
      throw new GatewayError('invalid-request', syntaxMessage(thrown, bytes));
    throw thrown;
  }
}

/** V8 quotes the text around the fault, which may hold anything; only the place is kept. */
function syntaxMessage(error: SyntaxError, bytes: Buffer): string {
  const position = /at position (\d+)/.exec(error.message)?.[1];
  if (position === undefined) return `the body is not valid JSON (${bytes.length} bytes)`;
  return `the body is not valid JSON: unexpected text at character ${position}`;
}
