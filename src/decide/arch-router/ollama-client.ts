// Asks a model over Ollama's own API: constrained output, a model that stays loaded, and a context length of our choice,
// none of which its OpenAI-compatible API offers together. Called by arch-router.ts.
// Wire: https://github.com/ollama/ollama/blob/main/docs/api.md

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
import { JsonEndpoint } from './json-endpoint.ts';

/** How long the model stays in memory after a call: loading it again takes longer than any deadline. */
const KEEP_ALIVE = '24h';

/** What Ollama falls back to for a file whose chat template it does not know. */
const PLAIN_TEMPLATE = /^\{\{-?\s*\.Prompt\s*-?\}\}$/;

export class OllamaClient implements ChatClient {
  readonly #endpoint: JsonEndpoint;
  readonly #server: ModelServer;
  readonly #model: string;

  constructor(server: ModelServer) {
    this.#server = server;
    this.#endpoint = new JsonEndpoint(server, LARGEST_CHAT_REPLY);
    this.#model = server.model;
  }

  async complete(request: ChatRequest, signal: AbortSignal): Promise<string> {
    const body = JSON.stringify({
      model: this.#model,
      messages: [{ role: 'user', content: request.prompt }],
      format: answerSchema(request.choices),
      stream: false,
      keep_alive: KEEP_ALIVE,
      // A prompt that does not fit shall be an error. By default Ollama cuts it without a word, and the answer is noise.
      truncate: false,
      shift: false,
      options: { temperature: 0, num_predict: request.answerTokens, num_ctx: request.contextTokens },
    });
    const reply = await this.#endpoint.call({ method: 'POST', path: '/api/chat', body }, signal);
    if (reply.status !== 200) throw statusError(this.#endpoint.label, reply);
    const text = valueAt(reply.body, 'message', 'content');
    if (typeof text !== 'string') {
      throw new RouterError('bad-answer', `${this.#endpoint.label} did not answer like Ollama`);
    }
    return text;
  }

  check(signal: AbortSignal): Promise<readonly string[]> {
    return checkServer(this.#server, async (endpoint) => {
      const list = await endpoint.call({ method: 'GET', path: '/api/tags' }, signal);
      const models = valueAt(list.body, 'models');
      if (list.status !== 200 || !Array.isArray(models)) {
        return [`${endpoint.label} does not answer like Ollama (status ${list.status} for /api/tags)`];
      }
      if (!models.some((model) => isSameModel(valueAt(model, 'name'), this.#model))) {
        return [`the model is not pulled; run: ollama pull ${this.#model}`];
      }
      const body = JSON.stringify({ model: this.#model });
      const shown = await endpoint.call({ method: 'POST', path: '/api/show', body }, signal);
      const template = valueAt(shown.body, 'template');
      if (typeof template === 'string' && PLAIN_TEMPLATE.test(template.trim())) {
        return [
          `the model ${this.#model} has no chat template ({{ .Prompt }} alone), so its answers will be nonsense; ` +
            'create it again from a Modelfile with a TEMPLATE',
        ];
      }
      return [];
    });
  }

  close(): void {
    this.#endpoint.close();
  }
}

/** Ollama lists a model without a tag as `name:latest`, and does not tell names apart by case. */
function isSameModel(listed: unknown, wanted: string): boolean {
  return typeof listed === 'string' && withTag(listed) === withTag(wanted);
}

function withTag(name: string): string {
  const lower = name.toLowerCase();
  return lower.lastIndexOf(':') > lower.lastIndexOf('/') ? lower : `${lower}:latest`;
}
