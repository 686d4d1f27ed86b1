// HTTP to a model server: one JSON request, one bounded answer, over kept-alive connections. Called by the clients of
// arch-router/; knows no API. Messages of its errors name host, port and path, never credentials or bodies.

import {
  Agent as HttpAgent,
  type IncomingMessage,
  type RequestOptions,
  request as requestHttp,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { RouterError } from '../intent-router.ts';

export interface JsonReply {
  readonly status: number;
  /** Undefined where the body is no JSON. */
  readonly body: unknown;
}

export interface EndpointAddress {
  /** May hold a user and password, which go out as basic authentication. */
  readonly baseUrl: string;
  /** Goes out as a bearer token instead. */
  readonly accessKey?: string | undefined;
}

export interface JsonCall {
  readonly method: 'GET' | 'POST';
  /** Added to the path of the base URL; starts with a slash. */
  readonly path: string;
  /** Sent as it is. */
  readonly body?: string;
}

/** Connections beyond this wait for one another: a model server has few slots, and more would only queue inside it. */
const MOST_CONNECTIONS = 64;

const RETRIED_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE']);

export class JsonEndpoint {
  /** Host and path for messages, without credentials. */
  readonly label: string;
  readonly #url: URL;
  readonly #basePath: string;
  readonly #accessKey: string | undefined;
  readonly #largestReply: number;
  readonly #agent: HttpAgent;

  /** `largestReply` in bytes. */
  constructor({ baseUrl, accessKey }: EndpointAddress, largestReply: number) {
    this.#url = new URL(baseUrl);
    this.#accessKey = accessKey;
    this.#basePath = this.#url.pathname.replace(/\/+$/, '');
    this.label = this.#url.host + this.#basePath;
    this.#largestReply = largestReply;
    const options = { keepAlive: true, maxSockets: MOST_CONNECTIONS };
    this.#agent = this.#url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /**
   * Any status is a reply. A connection that fails before the reply begins is tried once more, on a new connection.
   * @throws RouterError `timeout` once `signal` fires, `unreachable`, or `bad-answer` for a cut or too large reply.
   */
  async call(call: JsonCall, signal: AbortSignal): Promise<JsonReply> {
    try {
      return await this.#attempt(call, signal, this.#agent);
    } catch (error) {
      if (!(error instanceof RouterError) || !isRetried(error)) throw error;
      // The pool may hold more sockets that the server has closed meanwhile: not from the pool this time.
      return await this.#attempt(call, signal, false);
    }
  }

  /** Closes idle connections and breaks those in use. */
  close(): void {
    this.#agent.destroy();
  }

  #attempt(call: JsonCall, signal: AbortSignal, agent: HttpAgent | false): Promise<JsonReply> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(timeoutError(this.label));
        return;
      }
      const send = this.#url.protocol === 'https:' ? requestHttps : requestHttp;
      const request = send(this.#options(call, agent));
      const onAbort = (): void => settle(() => reject(timeoutError(this.label)));
      let isSettled = false;
      const settle = (report: () => void, keepsConnection = false): void => {
        if (isSettled) return;
        isSettled = true;
        signal.removeEventListener('abort', onAbort);
        // Breaking the connection is how a model server learns that nobody waits for its answer any more.
        if (!keepsConnection) request.destroy();
        report();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      request.on('error', (error) => settle(() => reject(connectionError(this.label, error))));
      request.on('response', (response) => {
        readBody(response, this.#largestReply, (text) => {
          if (text === undefined) settle(() => reject(cutError(this.label)));
          else settle(() => resolve({ status: response.statusCode ?? 0, body: parseJson(text) }), true);
        });
      });
      request.end(call.body);
    });
  }

  #options(call: JsonCall, agent: HttpAgent | false): RequestOptions {
    const headers: Record<string, string | number> = { accept: 'application/json' };
    const authorization = this.#authorization();
    if (authorization !== undefined) headers['authorization'] = authorization;
    if (call.body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = Buffer.byteLength(call.body);
    }
    return {
      agent,
      method: call.method,
      hostname: this.#url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: this.#url.port,
      path: this.#basePath + call.path,
      headers,
    };
  }

  #authorization(): string | undefined {
    if (this.#accessKey !== undefined) return `Bearer ${this.#accessKey}`;
    const { username, password } = this.#url;
    if (username === '') return undefined;
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(pair).toString('base64')}`;
  }
}

/** Calls back once: with the text, or with undefined for a body that was cut or exceeds `limit` bytes. */
function readBody(response: IncomingMessage, limit: number, done: (text: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limit) done(undefined);
    else chunks.push(chunk);
  });
  response.on('end', () => done(Buffer.concat(chunks).toString('utf8')));
  // 'end' comes first for a complete body; after 'close' alone the body is not all there.
  response.on('error', () => done(undefined));
  response.on('close', () => done(undefined));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRetried(error: RouterError): boolean {
  const code = (error.cause as { readonly code?: unknown } | undefined)?.code;
  return error.failure === 'unreachable' && typeof code === 'string' && RETRIED_CODES.has(code);
}

function connectionError(label: string, cause: Error & { readonly code?: string }): RouterError {
  return new RouterError('unreachable', `no connection to ${label}: ${cause.code ?? cause.name}`, { cause });
}

function timeoutError(label: string): RouterError {
  return new RouterError('timeout', `no answer from ${label} in time`);
}

function cutError(label: string): RouterError {
  return new RouterError('bad-answer', `the answer of ${label} was cut or too large`);
}
