// Encodes envoy.service.ext_proc.v3.ProcessingResponse as gRPC frames. Fields go out in an order that leaves a
// replaced body at the very end, so that it is sent from where it lies instead of being copied.

import type { Forward, HeaderPair, Respond } from '../contract/exchange.ts';
import { METADATA_NAMESPACE } from '../contract/owned-headers.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** The stage that a reply answers, by its field number in ProcessingResponse. */
const REPLY_FIELD = {
  'request-headers': 1,
  'response-headers': 2,
  'request-body': 3,
  'response-body': 4,
  'request-trailers': 5,
  'response-trailers': 6,
} as const;
export type ReplyStage = keyof typeof REPLY_FIELD;

const DYNAMIC_METADATA = 8;
const IMMEDIATE_RESPONSE = 7;
/** envoy.config.core.v3.HeaderValueOption.HeaderAppendAction OVERWRITE_IF_EXISTS_OR_ADD */
const OVERWRITE_OR_ADD = 2;
/** A body below this is copied into the frame: one write is cheaper than two. */
const COPY_BELOW_BYTES = 4096;

const encoded = (stage: ReplyStage): Buffer => {
  const writer = new ProtobufWriter(16);
  writer.closeMessage(REPLY_FIELD[stage], 0);
  return writer.finishFrame();
};

const CONTINUE: Readonly<Record<ReplyStage, Buffer>> = {
  'request-headers': encoded('request-headers'),
  'response-headers': encoded('response-headers'),
  'request-body': encoded('request-body'),
  'response-body': encoded('response-body'),
  'request-trailers': encoded('request-trailers'),
  'response-trailers': encoded('response-trailers'),
};

/** "Nothing to change": an empty reply to `stage`. The buffer is shared; do not write to it. */
export function encodeContinue(stage: ReplyStage): Buffer {
  return CONTINUE[stage];
}

/** A CommonResponse for `stage`, as one frame in one or two buffers to be sent in order. */
export function encodeForward(
  stage: 'request-headers' | 'request-body',
  forward: Forward,
): readonly Buffer[] {
  const body = forward.body;
  const copied = body !== undefined && body.length < COPY_BELOW_BYTES;
  const writer = new ProtobufWriter(512 + (copied ? body.length : 0) + sizeOf(forward.setHeaders));
  if (body !== undefined) {
    // CommonResponse 3: body_mutation { 1: body }
    if (copied) writer.raw(1, body);
    else writer.external(1, body.length);
    writer.closeMessage(3, 0);
  }
  writer.uint(5, 1); // clear_route_cache: the route's cluster_header is read again
  const mutation = writer.length;
  const { setHeaders, removeHeaders } = forward;
  for (let at = removeHeaders.length - 1; at >= 0; at -= 1) writer.latin1(2, removeHeaders[at] as string);
  writeHeaders(writer, 1, setHeaders);
  writer.closeMessage(2, mutation); // header_mutation
  writer.closeMessage(1, 0); // HeadersResponse and BodyResponse both have `response` = 1
  writer.closeMessage(REPLY_FIELD[stage], 0);
  writeMetadata(writer, forward.metadata);
  const frame = writer.finishFrame();
  return body === undefined || copied
    ? [frame]
    : [frame, Buffer.from(body.buffer, body.byteOffset, body.length)];
}

/** ImmediateResponse: 1 status { 1: code }, 2 headers, 3 body, 5 details. */
export function encodeRespond(respond: Respond): Buffer {
  const writer = new ProtobufWriter(256 + respond.body.length + sizeOf(respond.headers));
  writer.latin1(5, respond.details);
  writer.utf8(3, respond.body);
  const mutation = writer.length;
  writeHeaders(writer, 1, respond.headers);
  writer.closeMessage(2, mutation);
  const status = writer.length;
  writer.uint(1, respond.status);
  writer.closeMessage(1, status);
  writer.closeMessage(IMMEDIATE_RESPONSE, 0);
  writeMetadata(writer, LOCAL_METADATA);
  return writer.finishFrame();
}

/** Tells Envoy's local reply mappers that this answer is worded already (envoy/local-replies.ts). */
const LOCAL_METADATA: Readonly<Record<string, string>> = { answered_by: 'pointsman' };

/** From the last to the first, as the writer goes: of two values for one name, Envoy keeps the later. */
function writeHeaders(writer: ProtobufWriter, field: number, pairs: readonly HeaderPair[]): void {
  for (let at = pairs.length - 1; at >= 0; at -= 1) writeHeader(writer, field, pairs[at] as HeaderPair);
}

/** HeaderValueOption { 1: HeaderValue { 1: key, 3: raw_value }, 3: append_action }. */
function writeHeader(writer: ProtobufWriter, field: number, [name, value]: HeaderPair): void {
  const option = writer.length;
  writer.uint(3, OVERWRITE_OR_ADD);
  const header = writer.length;
  writer.latin1(3, value);
  writer.latin1(1, name);
  writer.closeMessage(1, header);
  writer.closeMessage(field, option);
}

/** dynamic_metadata: a google.protobuf.Struct { METADATA_NAMESPACE: Struct of strings }. */
function writeMetadata(writer: ProtobufWriter, metadata: Readonly<Record<string, string>>): void {
  const outer = writer.length;
  const entry = writer.length;
  const inner = writer.length;
  for (const key in metadata) {
    const field = writer.length;
    const value = writer.length;
    writer.utf8(3, metadata[key] as string); // Value.string_value
    writer.closeMessage(2, value);
    writer.latin1(1, key);
    writer.closeMessage(1, field); // Struct.fields entry
  }
  writer.closeMessage(5, inner); // Value.struct_value
  writer.closeMessage(2, entry);
  writer.latin1(1, METADATA_NAMESPACE);
  writer.closeMessage(1, entry);
  writer.closeMessage(DYNAMIC_METADATA, outer);
}

function sizeOf(pairs: readonly HeaderPair[]): number {
  let size = 0;
  for (const [name, value] of pairs) size += name.length + value.length + 16;
  return size;
}
