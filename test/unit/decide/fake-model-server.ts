// A model server on a free local port whose every answer is a test's decision.

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ModelCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of both APIs
  readonly body: any;
}

export interface FakeModelServer {
  readonly url: string;
  readonly calls: readonly ModelCall[];
  /** Accepted so far. */
  readonly connections: () => number;
  close(): Promise<void>;
}

export type Answer = (response: ServerResponse, call: ModelCall, index: number) => void;

export async function startFakeModelServer(answer: Answer): Promise<FakeModelServer> {
  const calls: ModelCall[] = [];
  let connections = 0;
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const call = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: text === '' ? undefined : JSON.parse(text),
      };
      answer(response, call, calls.push(call) - 1);
    });
  };
  const server = createServer(listener);
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** What Ollama's /api/chat answers around the model's text. */
export function sendOllamaText(response: ServerResponse, text: string): void {
  sendJson(response, {
    model: 'm',
    message: { role: 'assistant', content: text },
    done: true,
    done_reason: 'stop',
  });
}

/** What /v1/chat/completions answers around the model's text. */
export function sendOpenAiText(response: ServerResponse, text: string): void {
  sendJson(response, {
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  });
}

/** A local port on which nothing listens. */
export async function refusedUrl(): Promise<string> {
  const server = await startFakeModelServer(() => undefined);
  await server.close();
  return server.url;
}
