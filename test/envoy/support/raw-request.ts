// One HTTP request with nothing added by a client library: the bytes, the headers and the timing are the test's.

import http from 'node:http';

export interface RawRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, an array of buffers chunk by chunk without a content-length. */
  readonly body?: string | Buffer | readonly Buffer[] | object;
  readonly timeoutMs?: number;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
  readonly json: any;
  readonly milliseconds: number;
}

/** Rejects where the connection breaks before the whole answer is there. */
export function send(url: string, request: RawRequest = {}): Promise<RawResponse> {
  const { method = request.body === undefined ? 'GET' : 'POST', body } = request;
  const chunks = chunksOf(body);
  const isChunked = Array.isArray(body) && Buffer.isBuffer(body[0]);
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = http.request(url, {
      method,
      agent: false,
      timeout: request.timeoutMs ?? 60_000,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(body === undefined || isChunked ? {} : { 'content-length': `${chunks[0]?.length ?? 0}` }),
        ...request.headers,
      },
    });
    let isAnswered = false;
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
    // An answer may come before the body is sent: what is left of the body then has no taker.
    outgoing.on('error', (error) => {
      if (!isAnswered) reject(error);
    });
    outgoing.on('response', (response) => {
      isAnswered = true;
      const received: Buffer[] = [];
      response.on('data', (chunk: Buffer) => received.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        outgoing.destroy();
        resolve(
          finished(
            response.statusCode ?? 0,
            response.headers,
            Buffer.concat(received),
            performance.now() - begun,
          ),
        );
      });
    });
    for (const chunk of chunks) outgoing.write(chunk);
    outgoing.end();
  });
}

function chunksOf(body: RawRequest['body']): readonly Buffer[] {
  if (body === undefined) return [];
  if (Buffer.isBuffer(body)) return [body];
  if (Array.isArray(body) && Buffer.isBuffer(body[0])) return body as readonly Buffer[];
  return [Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))];
}

function finished(
  status: number,
  headers: http.IncomingHttpHeaders,
  body: Buffer,
  milliseconds: number,
): RawResponse {
  const text = body.length < 1_000_000 ? body.toString() : '';
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body,
    text,
    get json() {
      return JSON.parse(text);
    },
    milliseconds,
  };
}
