// Asks a model over an OpenAI-compatible server (vLLM, llama.cpp, LM Studio, …). Called by arch-router.ts.
// Wire: https://platform.openai.com/docs/api-reference/chat/create

import { RouterError } from '../intent-router.ts';
import {
  answerSchema,
  type ChatClient,
  type ChatRequest,
  checkServer,
  LARGEST_CHAT_REPLY,
  type ModelServer,
  statusError,
  valueAt,
} from './chat-client.ts';
import { JsonEndpoint, type JsonReply } from './json-endpoint.ts';

/** How servers refuse a parameter that they do not know. */
const REFUSALS: ReadonlySet<number> = new Set([400, 422]);

export class OpenAiClient implements ChatClient {
  readonly #endpoint: JsonEndpoint;
  readonly #server: ModelServer;
  readonly #model: string;
  /** Cleared for good by the first server that answers only without `response_format`. */
  #sendsSchema = true;

  /** The server's `baseUrl` ends with the version path: `http://host:8000/v1`. */
  constructor(server: ModelServer) {
    this.#server = server;
    this.#endpoint = new JsonEndpoint(server, LARGEST_CHAT_REPLY);
    this.#model = server.model;
  }

  async complete(request: ChatRequest, signal: AbortSignal): Promise<string> {
    let reply = await this.#ask(request, this.#sendsSchema, signal);
    if (this.#sendsSchema && REFUSALS.has(reply.status)) {
      reply = await this.#ask(request, false, signal);
      // A prompt that is refused for another reason is refused again; only success says that it was the schema.
      if (reply.status === 200) this.#sendsSchema = false;
    }
    if (reply.status !== 200) throw statusError(this.#endpoint.label, reply);
    const text = valueAt(reply.body, 'choices', 0, 'message', 'content');
    if (typeof text !== 'string') {
      throw new RouterError('bad-answer', `${this.#endpoint.label} did not answer like OpenAI`);
    }
    return text;
  }

  check(signal: AbortSignal): Promise<readonly string[]> {
    return checkServer(this.#server, async (endpoint) => {
      const list = await endpoint.call({ method: 'GET', path: '/models' }, signal);
      const models = valueAt(list.body, 'data');
      // The list is an optional part of such servers: its absence says nothing about the model.
      if (list.status !== 200 || !Array.isArray(models)) return [];
      if (models.some((model) => valueAt(model, 'id') === this.#model)) return [];
      return [`${endpoint.label} does not list the model ${this.#model}`];
    });
  }

  close(): void {
    this.#endpoint.close();
  }

  #ask(request: ChatRequest, withSchema: boolean, signal: AbortSignal): Promise<JsonReply> {
    const body = JSON.stringify({
      model: this.#model,
      messages: [{ role: 'user', content: request.prompt }],
      temperature: 0,
      max_tokens: request.answerTokens,
      stream: false,
      ...(withSchema ? { response_format: responseFormat(request.choices) } : {}),
    });
    return this.#endpoint.call({ method: 'POST', path: '/chat/completions', body }, signal);
  }
}

function responseFormat(choices: readonly string[]): object {
  return { type: 'json_schema', json_schema: { name: 'route', strict: true, schema: answerSchema(choices) } };
}
