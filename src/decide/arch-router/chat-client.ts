// What Arch-Router needs of a model server, whichever API it speaks. Implemented by ollama-client.ts and
// openai-client.ts; what a route or a conversation is stays out of here.

import { RouterError } from '../intent-router.ts';
import { JsonEndpoint, type JsonReply } from './json-endpoint.ts';

export interface ModelServer {
  /** `http://127.0.0.1:11434` for Ollama; a path ending in `/v1` means an OpenAI-compatible server. */
  readonly baseUrl: string;
  readonly model: string;
  /** Sent as a bearer token, in place of a user and password in `baseUrl`; undefined = none. */
  readonly accessKey?: string | undefined;
}

export interface ChatRequest {
  /** The one user message. */
  readonly prompt: string;
  /** The values that `route` may have in the answer, in a stable order, without duplicates. */
  readonly choices: readonly string[];
  /** Most tokens of the answer. */
  readonly answerTokens: number;
  /** Tokens that prompt and answer must fit in. */
  readonly contextTokens: number;
}

export interface ChatClient {
  /** The model's text. Rejects with RouterError, also when `signal` fires. */
  complete(request: ChatRequest, signal: AbortSignal): Promise<string>;
  /** What an operator should know about server and model, as sentences; empty where all is well. Rejects never. */
  check(signal: AbortSignal): Promise<readonly string[]>;
  close(): void;
}

/** Largest reply to a chat call, in bytes: the answer is some ten words, the rest is statistics. */
export const LARGEST_CHAT_REPLY = 262_144;

/** Largest reply to a call of a server check, in bytes: model lists and licences are long. */
const LARGEST_CHECK_REPLY = 8_388_608;

/** Asks the server about itself, on connections of its own. `inspect` gives the findings; its failure is one. */
export async function checkServer(
  server: ModelServer,
  inspect: (endpoint: JsonEndpoint) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const endpoint = new JsonEndpoint(server, LARGEST_CHECK_REPLY);
  try {
    return await inspect(endpoint);
  } catch (error) {
    return [error instanceof Error ? error.message : `${endpoint.label} cannot be checked`];
  } finally {
    endpoint.close();
  }
}

/** JSON schema of the answer: `{"route": one of choices}`. */
export function answerSchema(choices: readonly string[]): object {
  return {
    type: 'object',
    properties: { route: { type: 'string', enum: choices } },
    required: ['route'],
    additionalProperties: false,
  };
}

/** The value at `path`, or undefined where the reply has another shape. */
export function valueAt(value: unknown, ...path: readonly (string | number)[]): unknown {
  let at: unknown = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Readonly<Record<string | number, unknown>>)[key];
  }
  return at;
}

/** Statuses that speak of the one request: a prompt too long, most of the time. A missing model or key is everybody's. */
const REFUSALS_OF_QUESTION: ReadonlySet<number> = new Set([400, 413, 422]);

/** For a reply that is no success. Only a 404 repeats the server's words: elsewhere they may quote the conversation. */
export function statusError(label: string, reply: JsonReply): RouterError {
  const said = valueAt(reply.body, 'error', 'message') ?? valueAt(reply.body, 'error');
  const detail = reply.status === 404 && typeof said === 'string' ? `: ${said.slice(0, 200)}` : '';
  const concernsQuestion = REFUSALS_OF_QUESTION.has(reply.status);
  return new RouterError('http-error', `${label} answered ${reply.status}${detail}`, { concernsQuestion });
}
