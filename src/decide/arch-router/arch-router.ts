// The intent router that asks Arch-Router, a small language model behind Ollama or an OpenAI-compatible server.
// Built by the composition root, asked by the router chain. Deadlines, fallbacks and caching are not its business.

import {
  type EngineName,
  type IntentRouter,
  type RouterAnswer,
  RouterError,
  type RouterQuestion,
} from '../intent-router.ts';
import type { ChatClient, ChatRequest, ModelServer } from './chat-client.ts';
import { CONVERSATION_BUDGET_BYTES } from './keep-turns.ts';
import { OllamaClient } from './ollama-client.ts';
import { OpenAiClient } from './openai-client.ts';
import { parseReply } from './parse-reply.ts';
import { buildPrompt, NO_ROUTE, TEMPLATE_BYTES } from './prompt.ts';

/** Loading the model, and computing the prompt's beginning for the first time, takes seconds to a minute. */
export const WARM_UP_LIMIT_MS = 300_000;

/** A server that does not say within this what models it has is not there. */
export const CHECK_LIMIT_MS = 5_000;

const ANSWER_TOKENS = 32;
const MOST_ANSWER_TOKENS = 256;

const SMALLEST_CONTEXT = 4_096;
/** The context length that the model was trained with. */
const LARGEST_CONTEXT = 32_768;

export class ArchRouter implements IntentRouter {
  readonly engine: EngineName = 'arch-router';
  readonly #client: ChatClient;

  /** @throws TypeError where `baseUrl` is no URL. */
  constructor(server: ModelServer) {
    const isOpenAi = new URL(server.baseUrl).pathname.replace(/\/+$/, '').endsWith('/v1');
    this.#client = isOpenAi ? new OpenAiClient(server) : new OllamaClient(server);
  }

  async decide(question: RouterQuestion, signal: AbortSignal): Promise<RouterAnswer> {
    const names = question.routes.map((route) => route.name);
    const text = await this.#client.complete(chatRequest(question, names), signal);
    return { route: parseReply(text, names), scores: [] };
  }

  /**
   * Asks once, with time to load the model and to compute what all prompts with these routes have in common. Which
   * route it names does not matter.
   * @throws RouterError where the server cannot be used.
   */
  async warmUp(
    question: RouterQuestion,
    signal: AbortSignal = AbortSignal.timeout(WARM_UP_LIMIT_MS),
  ): Promise<void> {
    try {
      await this.decide(question, signal);
    } catch (error) {
      if (!(error instanceof RouterError) || error.failure !== 'unknown-route') throw error;
    }
  }

  /** Sentences for the operator: server not reachable, model not pulled, chat template missing. Empty where all is well. */
  checkServer(signal: AbortSignal = AbortSignal.timeout(CHECK_LIMIT_MS)): Promise<readonly string[]> {
    return this.#client.check(signal);
  }

  /** Closes the kept connections. */
  close(): void {
    this.#client.close();
  }
}

function chatRequest(question: RouterQuestion, names: readonly string[]): ChatRequest {
  return {
    prompt: buildPrompt(question),
    choices: [...new Set([...names, NO_ROUTE])],
    answerTokens: answerTokens(names),
    contextTokens: contextTokens(question),
  };
}

/** A name of n bytes takes fewer than n/2 tokens in any script; an answer cut by the limit would be unreadable. */
function answerTokens(names: readonly string[]): number {
  const longest = names.reduce((most, name) => Math.max(most, Buffer.byteLength(name)), 0);
  return Math.min(MOST_ANSWER_TOKENS, Math.max(ANSWER_TOKENS, 16 + Math.ceil(longest / 2)));
}

/**
 * The same for every conversation, since another context length makes Ollama load the model again: it depends on the
 * routes alone, doubling from 4,096 for long lists. Three bytes per token, where the conversation is cut by four, leave
 * room for code and digits; what is denser still is refused by the server and left to the next engine.
 */
function contextTokens(question: RouterQuestion): number {
  const routeBytes = question.routes.reduce(
    (sum, route) => sum + 32 + Buffer.byteLength(route.name) + Buffer.byteLength(route.description),
    0,
  );
  const needed = TEMPLATE_BYTES / 4 + routeBytes / 3 + CONVERSATION_BUDGET_BYTES / 3 + MOST_ANSWER_TOKENS;
  let context = SMALLEST_CONTEXT;
  while (context < needed && context < LARGEST_CONTEXT) context *= 2;
  return context;
}
