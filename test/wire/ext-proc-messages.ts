// The messages of proto/ as @grpc/proto-loader reads them: the oracle for our own codec, and what the tests' client
// speaks. The types say what the loader gives and takes: snake_case names, oneofs named by a member of their own.

import { fileURLToPath } from 'node:url';
import type { MethodDefinition, ServiceDefinition } from '@grpc/proto-loader';
import { loadSync } from '@grpc/proto-loader';

export interface HeaderValue {
  readonly key?: string;
  readonly value?: string;
  readonly raw_value?: Uint8Array;
}

export interface HttpHeaders {
  readonly headers?: { readonly headers: readonly HeaderValue[] };
  readonly end_of_stream?: boolean;
}

export interface RequestMessage {
  readonly request_headers?: HttpHeaders;
  readonly request_body?: { readonly body?: Uint8Array };
  readonly request_trailers?: object;
  readonly response_headers?: HttpHeaders;
  readonly response_body?: { readonly body?: Uint8Array; readonly end_of_stream?: boolean };
  readonly response_trailers?: object;
  readonly attributes?: Readonly<Record<string, Struct>>;
  readonly metadata_context?: { readonly filter_metadata: Readonly<Record<string, Struct>> };
}

export interface HeaderMutation {
  readonly set_headers?: readonly { readonly header: HeaderValue; readonly append_action?: number }[];
  readonly remove_headers?: readonly string[];
}

export interface CommonResponse {
  readonly header_mutation?: HeaderMutation;
  readonly status?: number;
  readonly body_mutation?: { readonly body: Buffer };
  readonly clear_route_cache?: boolean;
}

/** The loader brings google.protobuf's own types ready-made, with names of its own. */
interface StructValue {
  readonly stringValue?: string;
  readonly structValue?: Struct;
}

interface Struct {
  readonly fields: Readonly<Record<string, StructValue>>;
}

export interface ResponseMessage {
  /** Which one of the answers below is there. */
  readonly response?: string;
  readonly request_headers?: { readonly response?: CommonResponse };
  readonly request_body?: { readonly response?: CommonResponse };
  readonly immediate_response?: {
    readonly status: { readonly code: number };
    readonly headers?: HeaderMutation;
    readonly body?: Buffer;
    readonly details?: string;
  };
  readonly response_headers?: { readonly response?: CommonResponse };
  readonly response_body?: { readonly response?: CommonResponse };
  readonly dynamic_metadata?: Struct;
  readonly mode_override?: { readonly response_header_mode?: number; readonly response_body_mode?: number };
}

export interface LogMessage {
  readonly http_logs?: { readonly log_entry?: readonly LogEntry[] };
}

export interface LogEntry {
  readonly common_properties?: {
    readonly start_time?: { readonly seconds?: number; readonly nanos?: number };
    readonly upstream_cluster?: string;
    readonly response_flags?: Readonly<Record<string, boolean>>;
    readonly duration?: { readonly seconds?: number; readonly nanos?: number };
  };
  readonly request?: { readonly request_headers?: Readonly<Record<string, string>> };
  readonly response?: { readonly response_code?: { readonly value?: number } };
}

export interface HealthResponse {
  readonly status?: number;
}

const definition = loadSync(
  [
    'envoy/service/ext_proc/v3/external_processor.proto',
    'envoy/service/accesslog/v3/als.proto',
    'grpc/health/v1/health.proto',
  ],
  { includeDirs: [fileURLToPath(new URL('../../proto', import.meta.url))], keepCase: true, oneofs: true },
);

function method<Request extends object, Response extends object>(
  service: string,
  name: string,
): MethodDefinition<Request, Response> {
  const found = (definition[service] as ServiceDefinition | undefined)?.[name];
  if (found === undefined) throw new Error(`proto/ has no ${service}/${name}`);
  return found as unknown as MethodDefinition<Request, Response>;
}

export const PROCESS: MethodDefinition<RequestMessage, ResponseMessage> = method(
  'envoy.service.ext_proc.v3.ExternalProcessor',
  'Process',
);
export const ACCESS_LOG: MethodDefinition<LogMessage, object> = method(
  'envoy.service.accesslog.v3.AccessLogService',
  'StreamAccessLogs',
);
export const HEALTH_CHECK: MethodDefinition<object, HealthResponse> = method(
  'grpc.health.v1.Health',
  'Check',
);
export const HEALTH_WATCH: MethodDefinition<object, HealthResponse> = method(
  'grpc.health.v1.Health',
  'Watch',
);

export const encodeRequest = (message: RequestMessage): Buffer => PROCESS.requestSerialize(message);
export const decodeResponse = (bytes: Buffer): ResponseMessage => PROCESS.responseDeserialize(bytes);

/** The strings of our metadata namespace. */
export function metadataOf(response: ResponseMessage): Record<string, string | undefined> {
  const fields = response.dynamic_metadata?.fields['pointsman']?.structValue?.fields ?? {};
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, value.stringValue]));
}

/** A head as Envoy sends it: every value in `raw_value`. */
export function headMessage(
  headers: Readonly<Record<string, string>>,
  endOfStream: boolean = false,
): RequestMessage {
  return { request_headers: headOf(headers, endOfStream) };
}

export function answerHeadMessage(
  headers: Readonly<Record<string, string>>,
  endOfStream: boolean = false,
): RequestMessage {
  return { response_headers: headOf(headers, endOfStream) };
}

function headOf(headers: Readonly<Record<string, string>>, endOfStream: boolean): HttpHeaders {
  const list = Object.entries(headers).map(([key, value]) => ({
    key,
    raw_value: Buffer.from(value, 'latin1'),
  }));
  return { headers: { headers: list }, end_of_stream: endOfStream };
}

/** What Envoy forwards of its dynamic metadata: strings by namespace and member. */
export function forwarding(
  message: RequestMessage,
  namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>,
): RequestMessage {
  const struct = (members: Readonly<Record<string, string>>): Struct => ({
    fields: Object.fromEntries(Object.entries(members).map(([key, stringValue]) => [key, { stringValue }])),
  });
  const entries = Object.entries(namespaces).map(([name, members]) => [name, struct(members)] as const);
  return { ...message, metadata_context: { filter_metadata: Object.fromEntries(entries) } };
}

export const pieceMessage = (body: string, endOfStream: boolean): RequestMessage => ({
  response_body: { body: Buffer.from(body), end_of_stream: endOfStream },
});

export const bodyMessage = (body: Uint8Array): RequestMessage => ({ request_body: { body } });

/** A message behind gRPC's five-byte prefix. */
export function frame(message: Uint8Array, flags: number = 0): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flags;
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}
