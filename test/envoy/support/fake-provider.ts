// A stand-in for a vendor: it checks every request as the vendor would, and for what must never reach one, then answers
// with a body of the vendor's own, never an echo. A test may script what the next requests meet instead.

import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { ClientDialect } from '../../../src/contract/dialect.ts';
import { KEYS } from './keys.ts';
import { VENDOR_ANSWERS } from './vendor-answers.ts';

export interface ProviderRules {
  readonly paths: Readonly<Record<string, ClientDialect>>;
  /** Header and value that the request must carry; undefined = none at all. */
  readonly credential: readonly [name: string, value: string] | undefined;
  /** Model ids that the vendor has. */
  readonly models: readonly string[];
  /** What `host` must be, where not the address. */
  readonly host?: string;
  /** Exact values of further headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** It may be told these numbers of attempts, by which Envoy chooses the cluster after them. */
  readonly seesAttempts?: readonly string[];
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface ReceivedRequest {
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
  readonly body: any;
  readonly at: number;
}

/** What one request meets instead of the vendor's answer. */
export type Behaviour = (response: http.ServerResponse, received: ReceivedRequest) => void | Promise<void>;

export interface FakeProvider {
  readonly port: number;
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** What was wrong with the requests so far. Empty, or the gateway has a defect. */
  readonly violations: readonly string[];
  /** TCP connections opened so far, TLS handshakes that failed included. */
  connections(): number;
  /** For the next requests, one each; after them the vendor's own answers. */
  script(...behaviours: readonly Behaviour[]): void;
  /** Forgets requests, violations and what is left of the script. */
  reset(): void;
  close(): Promise<void>;
}

const CREDENTIALS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'x-goog-user-project'];
const OWNED_MEMBERS = ['routing_policy', 'routing_preferences'];
const OWNED_HEADERS =
  /^(x-pointsman|x-envoy|x-forwarded|x-model-affinity|x-(real|client)-ip$|true-client-ip$|cf-connecting-ip$|forwarded$|via$|cookie$)/;

export async function startFakeProvider(rules: ProviderRules): Promise<FakeProvider> {
  const requests: ReceivedRequest[] = [];
  const violations: string[] = [];
  const scripted: Behaviour[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const onRequest = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const received: ReceivedRequest = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        bytes,
        body: parse(bytes),
        at: performance.now(),
      };
      requests.push(received);
      const found = violationsOf(received, rules, host);
      violations.push(...found);
      const behaviour = scripted.shift();
      if (found.length > 0) answerJson(response, 400, { error: { message: found.join('; ') } });
      else if (behaviour !== undefined) void behaviour(response, received);
      else answer(response, received, rules);
    });
  };
  const server =
    rules.tls === undefined ? http.createServer(onRequest) : https.createServer(rules.tls, onRequest);
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const host = rules.host ?? `127.0.0.1:${port}`;
  return {
    port,
    url: `${rules.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    violations,
    connections: () => connections,
    script: (...behaviours) => void scripted.push(...behaviours),
    reset() {
      for (const list of [requests, violations, scripted]) list.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

function dialectOf(path: string, rules: ProviderRules): ClientDialect | undefined {
  return rules.paths[path.split('?', 1)[0] ?? ''];
}

function violationsOf(received: ReceivedRequest, rules: ProviderRules, host: string): string[] {
  const { method, path, headers, bytes } = received;
  const body = received.body as Record<string, unknown> | undefined;
  const found: string[] = [];
  const check = (holds: boolean, message: string): void => {
    if (!holds) found.push(message);
  };
  check(method === 'POST', `method ${method}`);
  const dialect = dialectOf(path, rules);
  check(dialect !== undefined, `path ${path}`);
  check(headers.host === host, `host ${headers.host}, not ${host}`);
  for (const name of CREDENTIALS) {
    const wanted = rules.credential?.[0] === name ? rules.credential[1] : undefined;
    check(headers[name] === wanted, `${name}: ${String(headers[name])}`);
  }
  const foreign = Object.values(KEYS).filter((key) => rules.credential?.[1].endsWith(key) !== true);
  const head = `${path}\n${JSON.stringify(headers)}`;
  for (const key of foreign) check(!head.includes(key) && !bytes.includes(key), 'a key of somebody else');
  for (const name of Object.keys(headers)) {
    const isNumber =
      name === 'x-envoy-attempt-count' && rules.seesAttempts?.includes(String(headers[name])) === true;
    check(isNumber || !OWNED_HEADERS.test(name), `header ${name}`);
  }
  for (const [name, value] of Object.entries(rules.headers ?? {}))
    check(headers[name] === value, `${name}: ${String(headers[name])}, not ${value}`);
  check(headers['transfer-encoding'] === undefined, 'a chunked body');
  check(Number(headers['content-length']) === bytes.length, `content-length ${headers['content-length']}`);
  check(typeof body === 'object' && body !== null && !Array.isArray(body), 'a body that is no JSON object');
  if (dialect === 'anthropic-messages')
    check(/^\d{4}-\d\d-\d\d$/.test(String(headers['anthropic-version'])), 'no anthropic-version');
  if (dialect === 'gemini') check(body?.['model'] === undefined, 'a model in the body');
  else check(rules.models.includes(String(body?.['model'])), `model ${String(body?.['model'])}`);
  for (const member of OWNED_MEMBERS) check(body?.[member] === undefined, `member ${member}`);
  return found;
}

function answer(response: http.ServerResponse, received: ReceivedRequest, rules: ProviderRules): void {
  const dialect = dialectOf(received.path, rules) ?? 'openai-chat';
  const answers = VENDOR_ANSWERS[dialect];
  const isStream = received.body.stream === true || received.path.endsWith(':streamGenerateContent?alt=sse');
  if (isStream) answerStream(response, answers.stream);
  else answerJson(response, 200, wantsTool(received.body) ? answers.tool : answers.plain);
}

/** Tools are offered and have not been used yet. */
function wantsTool(body: {
  readonly tools?: readonly object[];
  readonly messages?: unknown;
  readonly input?: unknown;
}): boolean {
  return (
    body.tools !== undefined &&
    !/"(tool|tool_result|function_call_output)"/.test(JSON.stringify([body.messages, body.input]))
  );
}

function answerJson(
  response: http.ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(JSON.stringify(body)),
      'x-request-id': 'req_vendor',
      ...headers,
    })
    .end(JSON.stringify(body));
}

function answerStream(response: http.ServerResponse, events: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  for (const event of events) response.write(event);
  response.end();
}

/** A status with the vendor's error body. */
export function failWith(status: number, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return (response) =>
    answerJson(
      response,
      status,
      { error: { message: `vendor says ${status}`, type: 'vendor_error' } },
      headers,
    );
}

/** Takes the request and never answers. */
export const hang: Behaviour = () => undefined;

/** Breaks the connection instead of answering. */
export const cut: Behaviour = (response) => void response.destroy();

/** The first event at once, the others when `gate` opens. */
export function gatedStream(gate: Promise<void>): Behaviour {
  return async (response, received) => {
    const dialect = received.path.includes('/messages')
      ? 'anthropic-messages'
      : received.path.includes('/responses')
        ? 'openai-responses'
        : 'openai-chat';
    const [first = '', ...rest] = VENDOR_ANSWERS[dialect].stream;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(first);
    await gate;
    for (const event of rest) response.write(event);
    response.end();
  };
}
