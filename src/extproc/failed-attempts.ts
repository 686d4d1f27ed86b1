// Decodes envoy.service.accesslog.v3.StreamAccessLogsMessage (proto/envoy/service/accesslog/v3/als.proto): the attempts that
// Envoy reports, since its configuration has it report those that failed. Knows nothing of what they asked for.

import { nowhereCluster, ownCluster } from '../contract/cluster-names.ts';
import type { FailedAttempt, FailureReason } from '../contract/failed-attempt.ts';
import { ProtobufReader } from './protobuf-reader.ts';

const message = (field: number): number => (field << 3) | 2;
const varint = (field: number): number => field << 3;

/** envoy.data.accesslog.v3.ResponseFlags, where they say how an attempt ended. The first that is set counts. */
const ENDS: readonly (readonly [flag: number, reason: FailureReason])[] = [
  [3, 'timeout'],
  [20, 'timeout'],
  [6, 'connect-failure'],
  [27, 'connect-failure'],
  [2, 'connect-failure'],
  [8, 'overflow'],
  [5, 'reset'],
  [7, 'reset'],
  [24, 'reset'],
];

interface Entry {
  cluster: string;
  status: number;
  startedAt: number;
  milliseconds: number;
  traceparent: string | undefined;
  readonly flags: Set<number>;
}

/** @throws MalformedMessageError */
export function decodeFailedAttempts(bytes: Buffer): readonly FailedAttempt[] {
  const attempts: FailedAttempt[] = [];
  // 2 http_logs: 1 log_entry, repeated
  forMessage(new ProtobufReader(bytes), 2, (logs) => {
    forMessage(logs, 1, (reader) => {
      const attempt = attemptOf(decodeEntry(reader));
      if (attempt !== undefined) attempts.push(attempt);
    });
  });
  return attempts;
}

function attemptOf(entry: Entry): FailedAttempt | undefined {
  const reason = reasonOf(entry);
  if (reason === undefined) return undefined;
  const { cluster, startedAt, milliseconds, traceparent } = entry;
  return { provider: ownCluster(cluster), reason, startedAt, milliseconds, traceparent };
}

/** Undefined for what failed by nobody's fault but the client's, which hung up. */
function reasonOf({ cluster, flags, status }: Entry): FailureReason | undefined {
  if (cluster === nowhereCluster(ownCluster(cluster))) return 'open-circuit';
  const end = ENDS.find(([flag]) => flags.has(flag))?.[1];
  if (end !== undefined) return status > 0 ? 'cut' : end;
  return status >= 400 ? `${status}` : undefined;
}

/** HTTPAccessLogEntry: 1 common_properties, 3 request, 4 response. */
function decodeEntry(reader: ProtobufReader): Entry {
  const entry: Entry = {
    cluster: '',
    status: 0,
    startedAt: 0,
    milliseconds: 0,
    traceparent: undefined,
    flags: new Set(),
  };
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === message(1)) decodeCommon(reader.message(), entry);
    else if (tag === message(3)) decodeRequest(reader.message(), entry);
    // HTTPResponseProperties: 1 response_code, an UInt32Value
    else if (tag === message(4))
      forMessage(reader.message(), 1, (code) => (entry.status = numberOf(code, 1)));
    else reader.skip(tag);
  }
  return entry;
}

/** AccessLogCommon: 5 start_time, 15 upstream_cluster, 16 response_flags, 23 duration. */
function decodeCommon(reader: ProtobufReader, entry: Entry): void {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === message(5)) entry.startedAt = milliseconds(reader.message());
    else if (tag === message(15)) entry.cluster = reader.latin1();
    else if (tag === message(16)) decodeFlags(reader.message(), entry.flags);
    else if (tag === message(23)) entry.milliseconds = milliseconds(reader.message());
    else reader.skip(tag);
  }
}

/** Booleans, but for 13, a message that says nothing of attempts. */
function decodeFlags(reader: ProtobufReader, flags: Set<number>): void {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if ((tag & 7) !== 0) reader.skip(tag);
    else if (reader.varint() !== 0) flags.add(tag >>> 3);
  }
}

/** HTTPRequestProperties: 13 request_headers, a map; Envoy is asked for one header. */
function decodeRequest(reader: ProtobufReader, entry: Entry): void {
  forMessage(reader, 13, (pair) => {
    for (let tag = pair.tag(); tag !== 0; tag = pair.tag()) {
      if (tag === message(2)) entry.traceparent = pair.latin1();
      else pair.skip(tag);
    }
  });
}

/** Timestamp and Duration: 1 seconds, 2 nanos. */
function milliseconds(reader: ProtobufReader): number {
  let total = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === varint(1)) total += reader.varint() * 1000;
    else if (tag === varint(2)) total += reader.varint() / 1e6;
    else reader.skip(tag);
  }
  return total;
}

function numberOf(reader: ProtobufReader, field: number): number {
  let value = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === varint(field)) value = reader.varint();
    else reader.skip(tag);
  }
  return value;
}

/** Every occurrence of a field that is a message; the others are skipped. */
function forMessage(reader: ProtobufReader, field: number, visit: (part: ProtobufReader) => void): void {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === message(field)) visit(reader.message());
    else reader.skip(tag);
  }
}
