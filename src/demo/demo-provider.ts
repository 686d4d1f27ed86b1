// The built-in stand-in for providers whose key is not set, so that every example answers: speaks the four dialects, says in
// every answer that it is the demo, never echoes the prompt. Started by `pointsman up --demo`. Knows nothing of routing.

import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { anthropicMessagesWording } from './anthropic-messages-answer.ts';
import {
  type DemoAnswer,
  type DemoEvent,
  type DemoWording,
  demoText,
  estimateTokens,
  splitIntoPieces,
} from './demo-answer.ts';
import { geminiWording, readGeminiPath } from './gemini-answer.ts';
import { openaiChatWording } from './openai-chat-answer.ts';
import { openaiResponsesWording } from './openai-responses-answer.ts';

/** Response header on every answer of the demo provider. */
export const DEMO_HEADER = 'x-pointsman-demo';
/** Request header: `provider/model` to name in the answer; without it the body's `model` is named. */
export const DEMO_TARGET_HEADER = 'x-pointsman-demo-target';
/** Request header: the environment variable to name in the answer, as `OPENAI_API_KEY`. */
export const DEMO_VARIABLE_HEADER = 'x-pointsman-demo-variable';

/** Requests above it are refused; the gateway's own limit is lower. Bytes. */
const LARGEST_BODY = 64 * 1024 * 1024;

export interface DemoProviderOptions {
  /** Milliseconds between two streamed events; 15 unless told. */
  readonly pace?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly newId?: () => string;
}

export interface DemoProvider {
  /** Where it listens: the socket path, or `http://127.0.0.1:PORT`. */
  readonly address: string;
  /** Also ends the streams under way. */
  close(): Promise<void>;
}

/**
 * @param listen a Unix socket path (what an earlier run left there is removed), or a TCP address; port 0 picks one.
 * @throws the listen error: address in use, no such directory.
 */
export async function startDemoProvider(
  listen: string | { readonly host: string; readonly port: number },
  options: DemoProviderOptions = {},
): Promise<DemoProvider> {
  const settings = {
    pace: options.pace ?? 15,
    now: options.now ?? Date.now,
    newId: options.newId ?? (() => randomUUID().replaceAll('-', '')),
  };
  const server = createServer((request, response) => {
    answer(request, response, settings).catch(() => response.destroy());
  });
  if (typeof listen === 'string') await rm(listen, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if (typeof listen === 'string') server.listen(listen, resolve);
    else server.listen(listen.port, listen.host, resolve);
  });
  return {
    address: typeof listen === 'string' ? listen : urlOf(server.address() as AddressInfo),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const urlOf = ({ address, port }: AddressInfo): string =>
  `http://${isIP(address) === 6 ? `[${address}]` : address}:${port}`;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  settings: Required<DemoProviderOptions>,
): Promise<void> {
  response.setHeader(DEMO_HEADER, 'true');
  const path = (request.url ?? '').split('?')[0] ?? '';
  const wording = wordingOf(path);
  const bytes = await readBody(request);
  if (wording === undefined || request.method !== 'POST') {
    const message = `[demo provider] There is no ${request.method ?? ''} ${path} here.`;
    return sendJson(response, 404, (wording ?? openaiChatWording).error(404, message));
  }
  const refuse = (problem: string): void =>
    sendJson(response, 400, wording.error(400, `[demo provider] ${problem}`));
  if (bytes === undefined) return refuse('The request body is too large.');
  const body = parseObject(bytes);
  if (body === undefined) return refuse('The request body is not a JSON object.');
  const { model, stream: isStreamed, isArray } = readAsked(request.url ?? '', body);
  if (typeof model !== 'string' || model === '') return refuse('model: a string is required.');
  if (body[wording.required] === undefined) return refuse(`${wording.required}: this field is required.`);

  const pieces = splitIntoPieces(
    demoText(headerOf(request, DEMO_TARGET_HEADER) ?? model, headerOf(request, DEMO_VARIABLE_HEADER)),
  );
  const said: DemoAnswer = {
    id: settings.newId(),
    created: Math.floor(settings.now() / 1000),
    model,
    pieces,
    inputTokens: estimateTokens([body['system'], body['instructions'], body[wording.required]]),
    outputTokens: estimateTokens(pieces),
  };
  if (isStreamed) await stream(response, wording.events(said, body), isArray, settings.pace);
  else sendJson(response, 200, wording.body(said));
}

function wordingOf(path: string): DemoWording | undefined {
  if (path.endsWith('/chat/completions')) return openaiChatWording;
  if (path.endsWith('/responses')) return openaiResponsesWording;
  if (path.endsWith('/messages')) return anthropicMessagesWording;
  if (/:(streamGenerateContent|generateContent)$/.test(path)) return geminiWording;
  return undefined;
}

/** @returns undefined where the body is above LARGEST_BODY; it is read to its end all the same, so that the answer arrives. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  let chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_BODY) chunks = [];
    else chunks.push(chunk);
  }
  return length > LARGEST_BODY ? undefined : Buffer.concat(chunks);
}

function parseObject(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}

interface Asked {
  readonly model: unknown;
  readonly stream: boolean;
  /** Gemini's other form of a stream: one JSON array, piece by piece. */
  readonly isArray: boolean;
}

function readAsked(url: string, body: Readonly<Record<string, unknown>>): Asked {
  return readGeminiPath(url) ?? { model: body['model'], stream: body['stream'] === true, isArray: false };
}

async function stream(
  response: ServerResponse,
  events: readonly DemoEvent[],
  isArray: boolean,
  pace: number,
): Promise<void> {
  response.writeHead(200, {
    'content-type': isArray ? 'application/json' : 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  for (const [index, { name, data }] of events.entries()) {
    if (response.destroyed) return;
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    if (isArray) response.write(`${index === 0 ? '[' : ',\r\n'}${text}`);
    else response.write(`${name === undefined ? '' : `event: ${name}\n`}data: ${text}\n\n`);
    if (pace > 0) await sleep(pace);
  }
  response.end(isArray ? ']' : '');
}
