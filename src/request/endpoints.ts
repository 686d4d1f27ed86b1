// The HTTP surface: which request asks for what, and in which dialect its answer and its errors are worded.

import type { ClientDialect } from '../contract/dialect.ts';
import type { RequestHead } from '../contract/exchange.ts';

/** What Gemini's paths say and the bodies of other dialects do. */
export interface PathTerms {
  /** As the client names it, decoded. */
  readonly model: string;
  readonly stream: boolean;
}

export type Endpoint =
  /** Decide, then send the request to a provider. */
  | { readonly type: 'proxy'; readonly dialect: ClientDialect; readonly terms?: PathTerms }
  /** Decide and say so; no model is called. */
  | { readonly type: 'decision'; readonly dialect: ClientDialect; readonly terms?: PathTerms }
  /** Another operation of a vendor's API: goes to the model that is named, if that speaks the dialect; nothing is decided. */
  | {
      readonly type: 'pass';
      readonly dialect: ClientDialect;
      /** After the provider's base path. */
      readonly operation: string;
      readonly terms?: PathTerms;
    }
  /** The list, or the one that is named. */
  | { readonly type: 'models'; readonly name?: string }
  | KeptEndpoint
  | { readonly type: 'health' };

/** An answer that the gateway kept, by its id. */
export interface KeptEndpoint {
  readonly type: 'kept';
  readonly dialect: ClientDialect;
  readonly id: string;
  /** The answer itself, or the items that were asked with. */
  readonly part: 'answer' | 'input';
  readonly deletes: boolean;
}

const KEPT = /^\/v1\/responses\/(resp_[\w-]{1,200})(\/input_items)?$/;

const POST_ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['/v1/chat/completions', { type: 'proxy', dialect: 'openai-chat' }],
  ['/v1/messages', { type: 'proxy', dialect: 'anthropic-messages' }],
  ['/v1/responses', { type: 'proxy', dialect: 'openai-responses' }],
  ['/routing/v1/chat/completions', { type: 'decision', dialect: 'openai-chat' }],
  ['/routing/v1/messages', { type: 'decision', dialect: 'anthropic-messages' }],
  ['/routing/v1/responses', { type: 'decision', dialect: 'openai-responses' }],
  ...['embeddings', 'completions', 'moderations', 'images/generations', 'audio/speech'].map(
    (name): [string, Endpoint] => [
      `/v1/${name}`,
      { type: 'pass', dialect: 'openai-chat', operation: `/${name}` },
    ],
  ),
  [
    '/v1/responses/input_tokens',
    { type: 'pass', dialect: 'openai-responses', operation: '/responses/input_tokens' },
  ],
  [
    '/v1/messages/count_tokens',
    { type: 'pass', dialect: 'anthropic-messages', operation: '/messages/count_tokens' },
  ],
]);

const GET_ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['/v1/models', { type: 'models' }],
  ['/v1beta/models', { type: 'models' }],
  ['/healthz', { type: 'health' }],
]);

export interface EndpointMatch {
  readonly endpoint: Endpoint | undefined;
  /** Where the path is known with another method: the one to use. */
  readonly allowedMethod: 'GET' | 'POST' | undefined;
}

/** @param path without the query */
export function matchEndpoint(method: string, path: string): EndpointMatch {
  const post = POST_ENDPOINTS.get(path) ?? matchGemini(path);
  if (post !== undefined) return { endpoint: method === 'POST' ? post : undefined, allowedMethod: 'POST' };
  const get = GET_ENDPOINTS.get(path) ?? matchModel(path);
  const isGet = method === 'GET' || method === 'HEAD';
  if (get !== undefined) return { endpoint: isGet ? get : undefined, allowedMethod: 'GET' };
  return matchKept(method, path);
}

function matchKept(method: string, path: string): EndpointMatch {
  const [, id, items] = KEPT.exec(path) ?? [];
  if (id === undefined) return { endpoint: undefined, allowedMethod: undefined };
  const part = items === undefined ? 'answer' : 'input';
  const deletes = method === 'DELETE' && part === 'answer';
  const isKnown = method === 'GET' || deletes;
  const endpoint: KeptEndpoint = { type: 'kept', dialect: 'openai-responses', id, part, deletes };
  return { endpoint: isKnown ? endpoint : undefined, allowedMethod: 'GET' };
}

/**
 * `/v1beta/models/{model}:{operation}`, also as Vertex AI has it. The model may hold slashes and colons, encoded or not; the
 * `ai` SDK leaves `models/` out where it holds a slash. https://ai.google.dev/api
 */
const GEMINI_PATH =
  /^(\/routing)?\/v1(?:beta\d?|alpha)?\/(?:projects\/[^/]+\/locations\/[^/]+\/publishers\/google\/)?(?:models\/)?(.+)(?::|%3A)([A-Za-z]+)$/i;

function matchGemini(path: string): Endpoint | undefined {
  const [, routing, encoded, operation = ''] = GEMINI_PATH.exec(path) ?? [];
  if (encoded === undefined) return undefined;
  const model = decodePath(encoded);
  if (model === undefined) return undefined;
  const stream = operation === 'streamGenerateContent';
  const terms: PathTerms = { model, stream };
  if (stream || operation === 'generateContent') {
    return { type: routing === undefined ? 'proxy' : 'decision', dialect: 'gemini', terms };
  }
  if (routing !== undefined) return undefined;
  return { type: 'pass', dialect: 'gemini', operation: `/models/{model}:${operation}`, terms };
}

/** One model by its name, which may hold slashes. */
function matchModel(path: string): Endpoint | undefined {
  const encoded = /^\/v1(?:beta)?\/models\/(.+)$/.exec(path)?.[1];
  const name = encoded === undefined ? undefined : decodePath(encoded);
  return name === undefined ? undefined : { type: 'models', name };
}

function decodePath(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

export function pathWithoutQuery(path: string): string {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}

/** The dialect a caller most likely reads, also on a path that is not ours. */
export function dialectOf(head: RequestHead): ClientDialect {
  const path = pathWithoutQuery(head.path);
  const { endpoint } = matchEndpoint('POST', path);
  if (endpoint !== undefined && 'dialect' in endpoint) return endpoint.dialect;
  if (path.startsWith('/v1beta/') || head.header('x-goog-api-key') !== undefined) return 'gemini';
  if (path.includes('/v1/messages') || head.header('anthropic-version') !== undefined)
    return 'anthropic-messages';
  return path.includes('/v1/responses') ? 'openai-responses' : 'openai-chat';
}
