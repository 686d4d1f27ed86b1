// A vendor's server for tests: takes what the vendor would take and nothing else, answers in its words, keeps what it
// received. A test may script what the next requests meet. Used through the gateway and, to check itself, directly.

import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type AwsKeys, findSignatureBreaches } from './bedrock-converse/signature.ts';
import { chooseReply } from './reply.ts';
import type { Failure, Vendor, VendorEvent } from './vendor.ts';
import { checkBody } from './wire-schemas.ts';

export interface FakeVendorOptions {
  /** The key that it takes, or AWS's. */
  readonly key: string | AwsKeys;
  /** What must not be in any request: the keys of all others. */
  readonly foreign: readonly string[];
  /** The name that it is to be called by; its address, unless told. */
  readonly host?: string;
  /** Among targets that fail over Envoy counts attempts in a header that the vendor gets to see. */
  readonly seesAttempts?: boolean;
}

export interface ReceivedRequest {
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
  readonly body: any;
}

/** What one request meets instead of an answer. `after` counts streamed events. */
export type Turn =
  | { readonly type: 'fail'; readonly failure: Failure }
  /** Waits for the gate in the middle of the stream. */
  | { readonly type: 'hold'; readonly after: number; readonly gate: Promise<void> }
  /** Breaks the connection in the middle of the stream. */
  | { readonly type: 'cut'; readonly after: number }
  /** Ends the stream with the vendor's error event. */
  | { readonly type: 'fail-midway'; readonly after: number; readonly failure: Failure };

export interface FakeVendor {
  readonly vendor: Vendor;
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** What the vendor would have refused. Empty, or the gateway has a defect. */
  readonly violations: readonly string[];
  /** How many answers the other side did not wait for. */
  abandoned(): number;
  /** For the next requests, one each. */
  script(...turns: readonly Turn[]): void;
  reset(): void;
  close(): Promise<void>;
}

const CREDENTIALS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'];
const OWNED_HEADERS = /^(x-pointsman|x-envoy|x-forwarded|x-model-affinity|forwarded$|via$|cookie$)/;
const OWNED_MEMBERS = ['routing_policy', 'routing_preferences'];

export async function startFakeVendor(vendor: Vendor, options: FakeVendorOptions): Promise<FakeVendor> {
  const requests: ReceivedRequest[] = [];
  const violations: string[] = [];
  const turns: Turn[] = [];
  const sockets = new Set<Socket>();
  let abandoned = 0;
  const server = http.createServer(async (request, response) => {
    response.on('close', () => {
      if (!response.writableFinished && !response.req.complete) return;
      if (!response.writableFinished && !cuts.has(response)) abandoned += 1;
    });
    const received = await receive(request);
    requests.push(received);
    const turn = turns.shift();
    const found = await findViolations(vendor, received, options, options.host ?? `127.0.0.1:${port}`);
    violations.push(...found);
    if (found.length > 0) answerJson(response, received, 400, { error: { message: found.join('; ') } });
    else await answer(vendor, received, response, turn);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    vendor,
    url: `http://127.0.0.1:${port}`,
    requests,
    violations,
    abandoned: () => abandoned,
    script: (...more) => void turns.push(...more),
    reset() {
      for (const list of [requests, violations, turns]) list.length = 0;
      abandoned = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Answers that were cut on purpose. */
const cuts = new WeakSet<http.ServerResponse>();

async function receive(request: http.IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const { method = '', url = '', headers } = request;
  return { method, path: url, headers, bytes, body: parse(bytes) };
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

async function findViolations(
  vendor: Vendor,
  received: ReceivedRequest,
  options: FakeVendorOptions,
  host: string,
): Promise<string[]> {
  const { method, path, headers, bytes, body } = received;
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return ['a body that is no JSON object'];
  const found = [...headerViolations(vendor, received, options, host)];
  if (method !== 'POST') found.push(`method ${method}`);
  const { model } = vendor.readScene(body, path);
  const models = [vendor.model, vendor.laterModel];
  const paths = models.flatMap((each) => [vendor.path(each, true), vendor.path(each, false)]);
  if (!paths.includes(canonical(path))) found.push(`path ${path}`);
  if (!models.includes(model)) found.push(`model ${model}`);
  for (const member of OWNED_MEMBERS) if (member in body) found.push(`member ${member}`);
  const text = `${path}\n${JSON.stringify(headers)}\n${bytes.toString('latin1')}`;
  for (const key of options.foreign) if (text.includes(key)) found.push('a key of somebody else');
  const misfits = await checkBody(vendor.schemas.request, body);
  return [...found, ...(misfits.length > 0 ? misfits : vendor.findBreaches(body, model))];
}

/** Bedrock takes a colon in a model id as it is, and Google has its API under two versions. */
function canonical(path: string): string {
  return path
    .replace(/(?<=^\/model\/)[^/]+/, (model) => encodeURIComponent(decodeURIComponent(model)))
    .replace(/^\/v1\/models\//, '/v1beta/models/');
}

function* headerViolations(
  vendor: Vendor,
  received: ReceivedRequest,
  { key, seesAttempts = false }: FakeVendorOptions,
  host: string,
): Generator<string> {
  const { headers, bytes } = received;
  if (headers.host !== host) yield `host ${headers.host}, not ${host}`;
  if (!/^application\/json\b/.test(headers['content-type'] ?? ''))
    yield `content-type ${headers['content-type']}`;
  if (headers['transfer-encoding'] !== undefined) yield 'a chunked body';
  if (Number(headers['content-length']) !== bytes.length) yield `content-length ${headers['content-length']}`;
  for (const name of Object.keys(headers))
    if (OWNED_HEADERS.test(name) && !(seesAttempts && name === 'x-envoy-attempt-count'))
      yield `header ${name}`;
  const { credentials, dialect } = vendor;
  if (typeof key !== 'string') yield* findSignatureBreaches(received, key);
  const sent = CREDENTIALS.filter((name) => headers[name] !== undefined);
  if (sent.length !== 1) yield `credentials in ${sent.length === 0 ? 'no header' : sent.join(', ')}`;
  for (const name of typeof key === 'string' ? sent : [])
    if (headers[name] !== `${credentials[name]}${String(key)}`) yield `${name}: ${String(headers[name])}`;
  if (dialect === 'anthropic-messages') yield* versionViolations(received);
  else if (Object.keys(headers).some((name) => name.startsWith('anthropic-'))) yield 'a header for Anthropic';
  if (!dialect.startsWith('openai') && Object.keys(headers).some((name) => name.startsWith('openai-')))
    yield 'a header for OpenAI';
}

/** Sampling is refused from the second version on: https://docs.claude.com/en/api/versioning */
function* versionViolations({ headers, body }: ReceivedRequest): Generator<string> {
  const version = String(headers['anthropic-version']);
  if (!['2023-06-01', '2026-10-21'].includes(version)) yield `anthropic-version ${version}`;
  if (version === '2023-06-01') return;
  for (const name of ['temperature', 'top_p', 'top_k'])
    if (name in body) yield `${name}: Extra inputs are not permitted`;
}

async function answer(
  vendor: Vendor,
  received: ReceivedRequest,
  response: http.ServerResponse,
  turn: Turn | undefined,
): Promise<void> {
  if (turn?.type === 'fail') {
    const { status, body, headers } = vendor.wordFailure(turn.failure);
    answerJson(response, received, status, body, headers);
    return;
  }
  const scene = vendor.readScene(received.body, received.path);
  const reply = chooseReply(scene);
  if (!scene.stream) {
    if (turn?.type === 'hold') await turn.gate;
    answerJson(response, received, 200, vendor.wordReply(reply, scene));
    return;
  }
  response.writeHead(200, { 'content-type': vendor.streamType, 'cache-control': 'no-cache' });
  const events = vendor.streamReply(reply, scene);
  const before = turn === undefined ? events : events.slice(0, turn.after);
  for (const event of before) await send(response, event);
  if (turn?.type === 'cut') {
    cuts.add(response);
    response.destroy();
    return;
  }
  if (turn?.type === 'hold') {
    await turn.gate;
    for (const event of events.slice(turn.after)) await send(response, event);
  }
  if (turn?.type === 'fail-midway') {
    const event = vendor.streamFailure(turn.failure);
    if (event !== undefined) await send(response, event);
  }
  response.end();
}

/** In two pieces, so that events and characters arrive torn. */
async function send(response: http.ServerResponse, { bytes }: VendorEvent): Promise<void> {
  const middle = Math.floor(bytes.length * 0.6);
  response.write(bytes.subarray(0, middle));
  await setImmediate();
  response.write(bytes.subarray(middle));
  await setImmediate();
}

/** Compressed for whoever says that it can read that, as the vendors do. */
function answerJson(
  response: http.ServerResponse,
  received: ReceivedRequest,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  const zips = String(received.headers['accept-encoding'] ?? '').includes('gzip');
  const bytes = zips ? gzipSync(JSON.stringify(body)) : Buffer.from(JSON.stringify(body));
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': bytes.length,
      'x-request-id': 'req_vendor',
      ...(zips ? { 'content-encoding': 'gzip' } : {}),
      ...headers,
    })
    .end(bytes);
}
