// What can be refused before the body is here: an unknown path, a body that is none, too large or of a kind not taken.

import type { RequestHead } from '../contract/exchange.ts';
import { GatewayError } from '../contract/gateway-error.ts';

/** @throws GatewayError */
export function checkHead(head: RequestHead, maxBodyBytes: number): void {
  checkContentType(head.header('content-type'));
  checkContentEncoding(head.header('content-encoding'));
  checkContentLength(head.header('content-length'), maxBodyBytes);
  if (head.endOfStream)
    throw new GatewayError('invalid-request', 'the request has no body; a JSON object is needed');
}

export function unknownEndpoint(method: string, path: string, allowed: string | undefined): GatewayError {
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  if (allowed !== undefined) {
    return new GatewayError('method-not-allowed', `${method} is not allowed on ${shown}; use ${allowed}`);
  }
  return new GatewayError('not-found', `there is nothing at ${method} ${shown}`);
}

/** JSON by any of its names; a missing type is taken as JSON. */
function checkContentType(contentType: string | undefined): void {
  if (contentType === undefined || /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(contentType)) return;
  const message = `the content type must be application/json, not ${JSON.stringify(contentType.slice(0, 100))}`;
  throw new GatewayError('unsupported-media-type', message);
}

/** The members that steer routing have to be read. */
function checkContentEncoding(encoding: string | undefined): void {
  if (encoding === undefined || encoding === '' || encoding.toLowerCase() === 'identity') return;
  const message = `a body with content-encoding ${JSON.stringify(encoding.slice(0, 100))} is not accepted; send it plain`;
  throw new GatewayError('unsupported-media-type', message);
}

function checkContentLength(contentLength: string | undefined, maxBodyBytes: number): void {
  if (contentLength !== undefined) checkLength(Number(contentLength), maxBodyBytes);
}

/** Of a body that came without saying how long it is. @throws GatewayError */
export function checkLength(length: number, maxBodyBytes: number): void {
  if (!(length > maxBodyBytes)) return;
  const message = `the body of ${length} bytes is above the limit of ${maxBodyBytes}`;
  throw new GatewayError('payload-too-large', message);
}
