// Decodes envoy.service.ext_proc.v3.ProcessingRequest (proto/envoy/service/ext_proc/v3/external_processor.proto):
// only the fields we use; everything else is skipped, as protobuf wants it.

import type { RequestHead } from '../contract/exchange.ts';
import { MalformedMessageError, ProtobufReader } from './protobuf-reader.ts';

export type ProcessingRequest =
  | { readonly type: 'request-headers'; readonly head: RequestHead }
  | { readonly type: 'request-body'; readonly body: Buffer }
  | { readonly type: 'request-trailers' | 'response-headers' | 'response-body' | 'response-trailers' };

const tagOf = (field: number): number => (field << 3) | 2;
const REQUEST_HEADERS = tagOf(2);
const RESPONSE_HEADERS = tagOf(3);
const REQUEST_BODY = tagOf(4);
const RESPONSE_BODY = tagOf(5);
const REQUEST_TRAILERS = tagOf(6);
const RESPONSE_TRAILERS = tagOf(7);

/** @throws MalformedMessageError */
export function decodeProcessingRequest(message: Buffer): ProcessingRequest {
  const reader = new ProtobufReader(message);
  let request: ProcessingRequest | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case REQUEST_HEADERS:
        request = { type: 'request-headers', head: decodeHead(reader.message()) };
        break;
      case REQUEST_BODY:
        request = { type: 'request-body', body: decodeBody(reader.message()) };
        break;
      case RESPONSE_HEADERS:
        reader.skip(tag);
        request = { type: 'response-headers' };
        break;
      case RESPONSE_BODY:
        reader.skip(tag);
        request = { type: 'response-body' };
        break;
      case REQUEST_TRAILERS:
        reader.skip(tag);
        request = { type: 'request-trailers' };
        break;
      case RESPONSE_TRAILERS:
        reader.skip(tag);
        request = { type: 'response-trailers' };
        break;
      default:
        reader.skip(tag);
    }
  }
  if (request === undefined) throw new MalformedMessageError('a ProcessingRequest without a request');
  return request;
}

/** HttpHeaders: 1 headers, 3 end_of_stream. */
function decodeHead(reader: ProtobufReader): RequestHead {
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

/** HttpBody: 1 body. In BUFFERED mode one message holds the whole body. */
function decodeBody(reader: ProtobufReader): Buffer {
  let body: Buffer = Buffer.alloc(0);
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === tagOf(1)) body = reader.bytes();
    else reader.skip(tag);
  }
  return body;
}

class DecodedHead implements RequestHead {
  readonly method: string;
  readonly path: string;
  readonly endOfStream: boolean;
  /** Names and values in turn. A dozen headers: a scan is cheaper than a map. */
  private readonly pairs: readonly string[];

  constructor(pairs: readonly string[], endOfStream: boolean) {
    this.pairs = pairs;
    this.endOfStream = endOfStream;
    this.method = this.header(':method') ?? '';
    this.path = this.header(':path') ?? '';
  }

  header(name: string): string | undefined {
    const pairs = this.pairs;
    for (let index = 0; index < pairs.length; index += 2) if (pairs[index] === name) return pairs[index + 1];
    return undefined;
  }
}
