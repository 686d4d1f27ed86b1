// Checks AWS Signature Version 4 of a received request, as Bedrock would.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface SignedRequest {
  readonly method: string;
  /** As received, with query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** What is wrong with the signature; empty where Bedrock would take it. */
export function findSignatureBreaches(
  { method, path, headers, bytes }: SignedRequest,
  keys: AwsKeys,
): string[] {
  const [, id, day = '', region = '', service = '', signed = '', signature] =
    AUTHORIZATION.exec(String(headers.authorization)) ?? [];
  if (id === undefined) return [`no AWS signature: ${String(headers.authorization).slice(0, 40)}`];
  const breaches: string[] = [];
  if (id !== keys.accessKeyId) breaches.push('signed with another key id');
  if (region !== keys.region || service !== 'bedrock') breaches.push(`signed for ${service} in ${region}`);
  const names = signed.split(';');
  for (const name of ['host', 'x-amz-date'])
    if (!names.includes(name)) breaches.push(`${name} is not signed`);
  const time = String(headers['x-amz-date']);
  if (!time.startsWith(day)) breaches.push('x-amz-date is not the day of the scope');
  const bodyHash = sha256(bytes);
  const told = headers['x-amz-content-sha256'];
  if (told !== undefined && told !== bodyHash) breaches.push('x-amz-content-sha256 is of another body');
  const [rawPath = '', query = ''] = path.split('?', 2);
  const canonical = [
    method,
    // Every service but S3 encodes the path once more than it is sent.
    rawPath.split('/').map(encodeAws).join('/'),
    query.split('&').sort().join('&'),
    ...names.map((name) => `${name}:${String(headers[name]).trim().replaceAll(/ +/g, ' ')}`),
    '',
    signed,
    bodyHash,
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${keys.secretAccessKey}`,
  );
  if (hmac(key, toSign).toString('hex') !== signature) breaches.push('the signature does not match');
  return breaches;
}

function encodeAws(segment: string): string {
  return encodeURIComponent(segment).replaceAll(
    /[!'()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
