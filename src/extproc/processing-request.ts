// Decodes envoy.service.ext_proc.v3.ProcessingRequest (proto/envoy/service/ext_proc/v3/external_processor.proto):
// only the fields we use; everything else is skipped, as protobuf wants it.

import type { Kept, RequestHead, ResponseHead } from '../contract/exchange.ts';
import { DecodedHead } from './decoded-head.ts';
import { decodeKept } from './forwarded-metadata.ts';
import { MalformedMessageError, ProtobufReader } from './protobuf-reader.ts';

export type ProcessingRequest =
  | { readonly type: 'request-headers'; readonly head: RequestHead; readonly kept: Kept }
  | { readonly type: 'request-body'; readonly body: Buffer }
  | { readonly type: 'response-headers'; readonly head: ResponseHead; readonly kept: Kept }
  | { readonly type: 'response-body'; readonly body: Buffer; readonly isLast: boolean }
  | { readonly type: 'request-trailers' | 'response-trailers' };

const tagOf = (field: number): number => (field << 3) | 2;
const REQUEST_HEADERS = tagOf(2);
const RESPONSE_HEADERS = tagOf(3);
const REQUEST_BODY = tagOf(4);
const RESPONSE_BODY = tagOf(5);
const REQUEST_TRAILERS = tagOf(6);
const RESPONSE_TRAILERS = tagOf(7);
const METADATA_CONTEXT = tagOf(8);
const ATTRIBUTES = tagOf(9);

/** @throws MalformedMessageError */
export function decodeProcessingRequest(message: Buffer): ProcessingRequest {
  const reader = new ProtobufReader(message);
  let field = 0;
  let part: ProtobufReader | undefined;
  let metadata: ProtobufReader | undefined;
  let attributes: ProtobufReader | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case REQUEST_HEADERS:
      case RESPONSE_HEADERS:
      case REQUEST_BODY:
      case RESPONSE_BODY:
      case REQUEST_TRAILERS:
      case RESPONSE_TRAILERS:
        field = tag;
        part = reader.message();
        break;
      case METADATA_CONTEXT:
        metadata = reader.message();
        break;
      case ATTRIBUTES:
        attributes = reader.message();
        break;
      default:
        reader.skip(tag);
    }
  }
  if (part === undefined) throw new MalformedMessageError('a ProcessingRequest without a request');
  switch (field) {
    case REQUEST_HEADERS:
      return { type: 'request-headers', head: decodeHead(part), kept: decodeKept(metadata, attributes) };
    case RESPONSE_HEADERS:
      return { type: 'response-headers', head: decodeHead(part), kept: decodeKept(metadata, attributes) };
    case REQUEST_BODY:
      return { type: 'request-body', body: decodeBody(part).body };
    case RESPONSE_BODY:
      return { type: 'response-body', ...decodeBody(part) };
    default:
      return { type: field === REQUEST_TRAILERS ? 'request-trailers' : 'response-trailers' };
  }
}

/** HttpHeaders: 1 headers, 3 end_of_stream. */
function decodeHead(reader: ProtobufReader): DecodedHead {
  const pairs: string[] = [];
  let endOfStream = false;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === tagOf(1)) decodeHeaderMap(reader.message(), pairs);
    else if (tag === 3 << 3) endOfStream = reader.varint() !== 0;
    else reader.skip(tag);
  }
  return new DecodedHead(pairs, endOfStream);
}

/** HeaderMap: 1 headers; HeaderValue: 1 key, 2 value, 3 raw_value (which Envoy fills). */
function decodeHeaderMap(reader: ProtobufReader, pairs: string[]): void {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag !== tagOf(1)) {
      reader.skip(tag);
      continue;
    }
    const entry = reader.message();
    let key = '';
    let value = '';
    for (let part = entry.tag(); part !== 0; part = entry.tag()) {
      if (part === tagOf(1)) key = entry.latin1();
      else if (part === tagOf(3)) value = entry.latin1();
      else if (part === tagOf(2)) value = entry.latin1() || value;
      else entry.skip(part);
    }
    pairs.push(key, value);
  }
}

/** HttpBody: 1 body, 2 end_of_stream. In BUFFERED mode one message holds the whole body. */
function decodeBody(reader: ProtobufReader): { readonly body: Buffer; readonly isLast: boolean } {
  let body: Buffer = Buffer.alloc(0);
  let isLast = false;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === tagOf(1)) body = reader.bytes();
    else if (tag === 2 << 3) isLast = reader.varint() !== 0;
    else reader.skip(tag);
  }
  return { body, isLast };
}
