// Encodes envoy.service.ext_proc.v3.ProcessingResponse as gRPC frames. Fields go out in an order that leaves a
// replaced body at the very end, so that it is sent from where it lies instead of being copied.

import type { Attempt, Forward, HeaderPair, Replacement, Respond } from '../contract/exchange.ts';
import {
  METADATA_NAMESPACE,
  ORIGINAL_MEMBER,
  ORIGINAL_NAMESPACE,
  PLAN_MEMBER,
  TRANSLATION_MEMBER,
} from '../contract/owned-headers.ts';
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

const IMMEDIATE_RESPONSE = 7;
const DYNAMIC_METADATA = 8;
const MODE_OVERRIDE = 9;
/** envoy.extensions.filters.http.ext_proc.v3.ProcessingMode: response_header_mode, response_body_mode, their values */
const RESPONSE_HEADER_MODE = 2;
const SEND = 1;
const RESPONSE_BODY_MODE = 4;
const STREAMED = 1;
const BUFFERED = 2;
/** CommonResponse.ResponseStatus CONTINUE_AND_REPLACE */
const CONTINUE_AND_REPLACE = 1;
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
  const { body, original } = forward;
  const writer = new ProtobufWriter(
    512 + sizeOf(forward.setHeaders) + (original?.length ?? 0) + copiedSize(body),
  );
  writeBody(writer, body);
  writer.uint(5, 1); // clear_route_cache: the route's cluster is chosen again
  writeMutation(writer, forward);
  writer.closeMessage(1, 0); // HeadersResponse and BodyResponse both have `response` = 1
  writer.closeMessage(REPLY_FIELD[stage], 0);
  writeMetadata(writer, forward.metadata, original);
  return withBody(writer, body);
}

/** The answer to a retried request's headers: a whole new request, and whether its answer is to be shown to us. */
export function encodeAttempt(attempt: Attempt): readonly Buffer[] {
  const { body } = attempt;
  const writer = new ProtobufWriter(512 + sizeOf(attempt.setHeaders) + copiedSize(body));
  writeBody(writer, body);
  writeMutation(writer, attempt);
  writer.uint(1, CONTINUE_AND_REPLACE);
  writer.closeMessage(1, 0);
  writer.closeMessage(REPLY_FIELD['request-headers'], 0);
  writeMetadata(writer, attempt.metadata, undefined);
  if (attempt.answers !== undefined) {
    const override = writer.length;
    writer.uint(RESPONSE_HEADER_MODE, SEND);
    writer.closeMessage(MODE_OVERRIDE, override);
  }
  return withBody(writer, body);
}

const OVERRIDE: Readonly<Record<'pass' | 'replace' | 'transform', number>> = {
  pass: 0,
  replace: BUFFERED,
  transform: STREAMED,
};

/** What an answer that has begun needs no more. Envoy would repeat it with every piece. */
const SPENT: Readonly<Record<string, string>> = { [PLAN_MEMBER]: '', [TRANSLATION_MEMBER]: '' };
const SPENT_ORIGINAL = Buffer.alloc(0);

/** The reply to an answer's head: what of its body is to be shown to us, and the head's changes where they are known. */
export function encodeAnswerHead(type: keyof typeof OVERRIDE, changes?: HeaderChanges): Buffer {
  const writer = new ProtobufWriter(192 + (changes === undefined ? 0 : sizeOf(changes.setHeaders)));
  if (changes !== undefined) {
    writeMutation(writer, changes);
    writer.closeMessage(1, 0);
  }
  writer.closeMessage(REPLY_FIELD['response-headers'], 0);
  const override = writer.length;
  if (OVERRIDE[type] !== 0) writer.uint(RESPONSE_BODY_MODE, OVERRIDE[type]);
  writer.closeMessage(MODE_OVERRIDE, override);
  // A whole answer is one message, and may yet be followed by another attempt.
  if (type === 'transform') writeMetadata(writer, SPENT, SPENT_ORIGINAL);
  return writer.finishFrame();
}

/** The reply to the head of an answer that has no body: one with a body after all. */
export function encodeReplacedHead(replacement: Replacement): readonly Buffer[] {
  const { body } = replacement;
  const writer = new ProtobufWriter(256 + sizeOf(replacement.setHeaders) + copiedSize(body));
  writeBody(writer, body);
  writeMutation(writer, replacement);
  writer.uint(1, CONTINUE_AND_REPLACE);
  writer.closeMessage(1, 0);
  writer.closeMessage(REPLY_FIELD['response-headers'], 0);
  return withBody(writer, body);
}

/** The reply to a body, or to a piece of one. */
export function encodeAnswerBody(body: Uint8Array, changes?: HeaderChanges): readonly Buffer[] {
  const writer = new ProtobufWriter(
    64 + (changes === undefined ? 0 : sizeOf(changes.setHeaders)) + copiedSize(body),
  );
  writeBody(writer, body);
  if (changes !== undefined) writeMutation(writer, changes);
  writer.closeMessage(1, 0);
  writer.closeMessage(REPLY_FIELD['response-body'], 0);
  return withBody(writer, body);
}

interface HeaderChanges {
  readonly setHeaders: readonly HeaderPair[];
  readonly removeHeaders: readonly string[];
}

const isSmall = (body: Uint8Array): boolean => body.length < COPY_BELOW_BYTES;

const copiedSize = (body: Uint8Array | undefined): number =>
  body !== undefined && isSmall(body) ? body.length : 0;

/** CommonResponse 3: body_mutation { 1: body }. A large body follows the frame's other bytes. */
function writeBody(writer: ProtobufWriter, body: Uint8Array | undefined): void {
  if (body === undefined) return;
  const start = writer.length;
  if (isSmall(body)) writer.raw(1, body);
  else writer.external(1, body.length);
  writer.closeMessage(3, start);
}

/** CommonResponse 2: header_mutation { 1: set_headers, 2: remove_headers }. */
function writeMutation(writer: ProtobufWriter, { setHeaders, removeHeaders }: HeaderChanges): void {
  const start = writer.length;
  for (let at = removeHeaders.length - 1; at >= 0; at -= 1) writer.latin1(2, removeHeaders[at] as string);
  writeHeaders(writer, 1, setHeaders);
  writer.closeMessage(2, start);
}

function withBody(writer: ProtobufWriter, body: Uint8Array | undefined): readonly Buffer[] {
  const frame = writer.finishFrame();
  return body === undefined || isSmall(body)
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
  writeMetadata(writer, LOCAL_METADATA, undefined);
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

/** dynamic_metadata: a google.protobuf.Struct { namespace: Struct of strings }. */
function writeMetadata(
  writer: ProtobufWriter,
  metadata: Readonly<Record<string, string>>,
  original: Uint8Array | undefined,
): void {
  const outer = writer.length;
  if (original !== undefined) {
    const entry = writer.length;
    writeMember(writer, ORIGINAL_MEMBER, original);
    closeNamespace(writer, ORIGINAL_NAMESPACE, entry);
  }
  const entry = writer.length;
  for (const key in metadata) writeMember(writer, key, metadata[key] as string);
  closeNamespace(writer, METADATA_NAMESPACE, entry);
  writer.closeMessage(DYNAMIC_METADATA, outer);
}

/** Struct.fields { 1: key, 2: Value { 3: string_value } }. */
function writeMember(writer: ProtobufWriter, key: string, text: string | Uint8Array): void {
  const field = writer.length;
  if (typeof text === 'string') writer.utf8(3, text);
  else writer.raw(3, text);
  writer.closeMessage(2, field);
  writer.latin1(1, key);
  writer.closeMessage(1, field);
}

/** Struct.fields { 1: namespace, 2: Value { 5: struct_value } } around what was written since `entry`. */
function closeNamespace(writer: ProtobufWriter, namespace: string, entry: number): void {
  writer.closeMessage(5, entry);
  writer.closeMessage(2, entry);
  writer.latin1(1, namespace);
  writer.closeMessage(1, entry);
}

function sizeOf(pairs: readonly HeaderPair[]): number {
  let size = 0;
  for (const [name, value] of pairs) size += name.length + value.length + 16;
  return size;
}
