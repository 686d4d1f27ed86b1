// Entry of the fake provider: a process of its own on raw sockets that answers requests in any dialect from ready-made
// bytes, and plays an Ollama that takes 5 ms to answer. Forked by load.ts.

import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { ClientDialect } from '../../src/contract/dialect.ts';
import { jsonAnswer, PLAIN_ANSWERS, STREAM_ANSWERS } from './provider-answers.ts';

const MODEL_MILLISECONDS = 5;
const ROUTER_REPLY = jsonAnswer(
  JSON.stringify({ message: { role: 'assistant', content: '{"route": "code_generation"}' }, done: true }),
);
const ROUTER_MODELS = jsonAnswer(JSON.stringify({ models: [{ name: 'bench-router:latest' }] }));
const ROUTER_MODEL = jsonAnswer(JSON.stringify({ template: '{{ .Messages }}' }));

const server = createServer({ noDelay: true }, (socket) => {
  let pending: Buffer | undefined;
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    let bytes = pending === undefined ? chunk : Buffer.concat([pending, chunk]);
    pending = undefined;
    while (bytes.length > 0) {
      const length = requestLength(bytes);
      if (length === undefined || length > bytes.length) {
        pending = bytes;
        return;
      }
      answer(socket, bytes.subarray(0, length));
      bytes = bytes.subarray(length);
    }
  });
});

function requestLength(bytes: Buffer): number | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const length = /\r\ncontent-length: *(\d+)/i.exec(bytes.toString('latin1', 0, end))?.[1];
  return end + 4 + Number(length ?? 0);
}

const PATHS: readonly (readonly [part: string, ClientDialect])[] = [
  [' /v1/chat/completions ', 'openai-chat'],
  [' /v1/responses ', 'openai-responses'],
  [' /v1/messages ', 'anthropic-messages'],
  [':generateContent ', 'gemini'],
  [':streamGenerateContent?alt=sse ', 'gemini'],
];

function answer(socket: Socket, request: Buffer): void {
  const [path, dialect] = PATHS.find(([part]) => request.includes(part)) ?? [];
  if (path !== undefined && dialect !== undefined) {
    const isStream = path.includes('stream') || request.includes('"stream":true');
    if (isStream) startEvents(socket, STREAM_ANSWERS[dialect].writes);
    else socket.write(PLAIN_ANSWERS[dialect].answer);
  } else if (request.includes(' /api/chat ')) {
    setTimeout(() => socket.write(ROUTER_REPLY), MODEL_MILLISECONDS);
  } else if (request.includes(' /api/tags ')) {
    socket.write(ROUTER_MODELS);
  } else if (request.includes(' /api/show ')) {
    socket.write(ROUTER_MODEL);
  } else {
    socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
  }
}

/**
 * A model that is fast, and no faster: written at once, events reach Envoy in clumps whose size depends on how busy the
 * machine is, and the cost of 50 events with it.
 */
const EVENT_MILLISECONDS = 2;
const streams = new Map<Socket, { readonly writes: readonly Buffer[]; next: number }>();
let clock: NodeJS.Timeout | undefined;

function startEvents(socket: Socket, writes: readonly Buffer[]): void {
  streams.set(socket, { writes, next: 0 });
  clock ??= setInterval(writeEvents, EVENT_MILLISECONDS);
}

/** The next event of every stream. */
function writeEvents(): void {
  for (const [socket, stream] of streams) {
    socket.write(stream.writes[stream.next] as Buffer);
    stream.next += 1;
    if (stream.next === stream.writes.length) streams.delete(socket);
  }
  if (streams.size > 0) return;
  clearInterval(clock);
  clock = undefined;
}

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on('disconnect', () => process.exit(0));
