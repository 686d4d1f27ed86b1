// A request stage with scripted collaborators, for the tests beside it.

import type { GatewayConfig, Target } from '../../../src/config/gateway-config.ts';
import type {
  Forward,
  Reaction,
  RequestHead,
  RequestStage,
  Respond,
} from '../../../src/contract/exchange.ts';
import type { Pin } from '../../../src/decide/affinity.ts';
import type { RouterQuestion } from '../../../src/decide/intent-router.ts';
import type { ChainDecision } from '../../../src/decide/router-chain.ts';
import { createRequestStage } from '../../../src/request/request-stage.ts';
import type { ConversationStore } from '../../../src/store/conversation-store.ts';
import type { RequestTracer } from '../../../src/telemetry/request-tracer.ts';

export function target(model: string, more: Partial<Target> = {}): Target {
  const slash = model.indexOf('/');
  const provider = model.slice(0, slash);
  const isAnthropic = provider === 'anthropic';
  return {
    name: model,
    provider,
    modelId: model.slice(slash + 1),
    cluster: provider,
    authority: `api.${provider}.test`,
    paths: isAnthropic
      ? { 'anthropic-messages': '/v1/messages' }
      : { 'openai-chat': '/v1/chat/completions', 'openai-responses': '/v1/responses' },
    fallback: [],
    credential: isAnthropic
      ? { type: 'key', header: 'x-api-key', value: 'sk-ant-ours' }
      : { type: 'key', header: 'authorization', value: 'Bearer sk-ours' },
    headers: [],
    ...more,
  };
}

export const TARGETS: readonly Target[] = [
  target('openai/gpt-4o-mini'),
  target('openai/gpt-4o'),
  target('anthropic/claude'),
  target('groq/*'),
];

export function config(more: Partial<GatewayConfig> = {}): GatewayConfig {
  return {
    listener: {
      address: '127.0.0.1',
      port: 12000,
      timeout: 300_000,
      maxRetries: 2,
      perTryTimeout: 0,
      idleTimeout: 300_000,
      maxBodyBytes: 8_000_000,
    },
    targets: TARGETS,
    clusters: [],
    defaultTarget: TARGETS[0],
    aliases: new Map([['fast', 'openai/gpt-4o-mini']]),
    policy: {
      form: 'early',
      routes: [
        { name: 'reasoning', description: 'hard questions', examples: [], models: ['openai/gpt-4o'] },
        {
          name: 'code',
          description: 'writing code',
          examples: [],
          models: ['anthropic/claude', 'openai/gpt-4o'],
        },
      ],
    },
    routing: {
      engine: 'embedded',
      baseUrl: 'http://127.0.0.1:11434',
      model: 'arch-router',
      timeout: 2000,
      threshold: 0.6,
      confidence: 0.8,
      cacheEntries: 100,
    },
    failover: {
      on: { connectFailure: true, reset: true, firstByteTimeout: true, serverErrors: true, statuses: [429] },
      attemptsPerTarget: 1,
      perTryTimeout: 120_000,
      firstByteTimeout: 30_000,
      backOff: { base: 100, max: 2000 },
      outlierDetection: { consecutiveFailures: 5, ejectionTime: 30_000 },
    },
    affinity: { ttl: 600_000, maxEntries: 100 },
    conversations: { type: 'none' },
    service: { workers: 1, metrics: undefined, drainTimeout: 30_000 },
    tracing: undefined,
    warnings: [],
    ...more,
  };
}

export interface StageHarness {
  readonly stage: RequestStage;
  readonly questions: RouterQuestion[];
  readonly pins: Map<string, Pin>;
  readonly internalErrors: unknown[];
  /** Both messages of a request, as Envoy sends them. */
  send(request: TestRequest): Promise<Reaction>;
}

export interface TestRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: object | string | Buffer;
}

export interface HarnessParts {
  readonly tracer?: RequestTracer;
  readonly conversations?: ConversationStore;
  /** What the router answers beside the route. */
  readonly decision?: Partial<ChainDecision>;
  /** In place of a decision. */
  readonly rejects?: Error;
}

/** @param route what the router answers; 'peek:' in front makes it known without waiting */
export function harness(
  route: string | null,
  settings: Partial<GatewayConfig> = {},
  parts: HarnessParts = {},
): StageHarness {
  const questions: RouterQuestion[] = [];
  const pins = new Map<string, Pin>();
  const internalErrors: unknown[] = [];
  const known = route?.startsWith('peek:') === true;
  const decision: ChainDecision = {
    route: known ? (route?.slice(5) ?? null) : route,
    engine: 'embedded',
    cached: known,
    scores: [],
    failures: [],
    milliseconds: 1.234,
    ...parts.decision,
  };
  const stage = createRequestStage({
    config: config(settings),
    decider: {
      peek(question) {
        questions.push(question);
        return known ? decision : undefined;
      },
      decide: () => (parts.rejects ? Promise.reject(parts.rejects) : Promise.resolve(decision)),
    },
    pins: {
      get: (sessionId) => Promise.resolve(pins.get(sessionId)),
      pinIfAbsent(sessionId, pin) {
        const held = pins.get(sessionId) ?? pin;
        pins.set(sessionId, held);
        return Promise.resolve(held);
      },
    },
    newSeed: () => '0123456789abcdef01234567',
    unixTime: () => 1_700_000_000,
    onInternalError: (error) => internalErrors.push(error),
    tracer: parts.tracer,
    conversations: parts.conversations,
  });
  return { stage, questions, pins, internalErrors, send: (request) => send(stage, request) };
}

async function send(stage: RequestStage, request: TestRequest): Promise<Reaction> {
  const head = headOf(request);
  try {
    const early = await stage.onHead(head);
    if (early.type !== 'await-body') return early;
    return await stage.onBody(head, bytesOf(request.body), () => new AbortController().signal);
  } catch (thrown) {
    return stage.onFailure(head, thrown);
  }
}

function headOf({
  method = 'POST',
  path = '/v1/chat/completions',
  headers = {},
  body,
}: TestRequest): RequestHead {
  return { method, path, endOfStream: body === undefined, header: (name) => headers[name] };
}

function bytesOf(body: TestRequest['body']): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

export const chat = (more: object = {}): object => ({
  messages: [{ role: 'user', content: 'hello' }],
  ...more,
});

/** One route, to a model that cannot be called. */
export const NOT_CALLABLE: Partial<GatewayConfig> = {
  targets: [...TARGETS, target('chatgpt/gpt', { paths: {} })],
  policy: {
    form: 'v0.4',
    routes: [{ name: 'code', description: 'writing code', examples: [], models: ['chatgpt/gpt'] }],
  },
};

export function forwarded(reaction: Reaction): Forward {
  if (reaction.type !== 'forward') throw new Error(`not forwarded: ${reaction.status} ${reaction.body}`);
  return reaction;
}

export function answered(reaction: Reaction): Respond & { json: Record<string, unknown> } {
  if (reaction.type !== 'respond') throw new Error('not answered');
  return { ...reaction, json: JSON.parse(reaction.body) as Record<string, unknown> };
}

export const headers = (forward: Forward): Record<string, string> => Object.fromEntries(forward.setHeaders);
export const sentBody = (forward: Forward): unknown => JSON.parse(Buffer.from(forward.body ?? '').toString());
