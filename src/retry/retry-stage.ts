// The retry stage: an attempt after the first → the request for its target, made anew from what the client sent. Envoy has
// chosen the cluster already; everything that an earlier attempt put in for its own target is replaced or removed here.

import type { GatewayConfig, Target } from '../config/gateway-config.ts';
import { keyRedactor } from '../config/redact-keys.ts';
import { servedCluster, skippableCluster } from '../contract/cluster-names.ts';
import type { Attempt, HeaderPair, Kept, RequestHead, Respond, RetryStage } from '../contract/exchange.ts';
import { GatewayError } from '../contract/gateway-error.ts';
import { headerSafe } from '../contract/header-safe.ts';
import {
  ACCEPT_HEADERS,
  ATTEMPT_HEADER,
  LAST_MEMBER,
  LENGTH_MEMBER,
  PLAN_MEMBER,
} from '../contract/owned-headers.ts';
import type { ProviderError } from '../conversation/provider-error.ts';
import { beginConversation } from '../plan/begin-conversation.ts';
import type { ClientRequest } from '../plan/client-request.ts';
import type { ResolvedModel } from '../plan/model-resolver.ts';
import { buildOutgoing, type OutgoingRequest, PARTICULAR_HEADERS } from '../plan/outgoing-request.ts';
import { type Plan, readPlan } from '../plan/plan.ts';
import { readBody } from '../plan/read-body.ts';
import { warningsHeader } from '../plan/warnings-header.ts';
import type { ConversationStore } from '../store/conversation-store.ts';
import type { LaterAttempt } from '../telemetry/request-tracer.ts';
import { createAnswerReader } from '../translate/answer-reader.ts';
import { DIALECT_MODULES } from '../translate/dialect-modules.ts';

export interface RetryStageOptions {
  readonly config: Pick<GatewayConfig, 'targets'>;
  readonly count: (name: string, labels: Record<string, string>) => void;
  /** Told of every failure that is ours, with its cause. */
  readonly onInternalError: (error: GatewayError) => void;
  /** Told of answers that could not be read. */
  readonly onUnreadable: (cause: unknown) => void;
  /** Told of every attempt as it goes out, with the request's own traceparent; absent = no traces. */
  readonly onAttempt?: ((attempt: LaterAttempt, traceparent: string | undefined) => void) | undefined;
  /** Undefined = no answers are kept to be gone on from. */
  readonly conversations?: ConversationStore | undefined;
}

export function createRetryStage(options: RetryStageOptions): RetryStage {
  return new Stage(options);
}

class Stage implements RetryStage {
  private readonly options: RetryStageOptions;
  private readonly redact: (text: string) => string;
  private readonly targets: ReadonlyMap<string, Target>;
  /** Whatever any target sets or must not get. */
  private readonly particular: readonly string[];

  constructor(options: RetryStageOptions) {
    this.options = options;
    this.redact = keyRedactor(options.config.targets);
    const { targets } = options.config;
    this.targets = new Map(targets.map((target) => [target.name, target]));
    const own = targets.flatMap(({ credential, headers }) => [
      ...headers.map(([name]) => name),
      ...(credential.type === 'key' ? [credential.header] : []),
    ]);
    this.particular = [...new Set([...PARTICULAR_HEADERS, ...ACCEPT_HEADERS, ...own])];
  }

  onAttempt(head: RequestHead, { metadata, original, cluster }: Kept): Attempt | Promise<Attempt> {
    const text = metadata[PLAN_MEMBER];
    if (text === undefined || original === undefined) throw new Error('an attempt without its plan');
    const plan = readPlan(text);
    const number = Number(head.header(ATTEMPT_HEADER));
    const model = this.modelOf(plan, number);
    const own = model.target.cluster;
    // Where no cluster fits, Envoy stays with the one before; a key must never go there.
    if (cluster !== servedCluster(own) && cluster !== skippableCluster(own))
      throw new Error(`attempt ${number} is at ${cluster}`);
    const request = requestOf(plan, original);
    const outgoing = restoreAccept(buildOutgoing(request, model), request);
    const before = this.modelOf(plan, number - 1);
    this.options.count('pointsman_failovers_total', { from: before.target.name, to: model.target.name });
    const { provider } = model.target;
    const { warnings } = outgoing;
    this.options.onAttempt?.({ number, model: model.id, provider, warnings }, head.header('traceparent'));
    const isLast = number === plan.attempts.length;
    const attempt = (sent: OutgoingRequest): Attempt => this.attempt(sent, original, model, isLast);
    if (request.keepAs === undefined || outgoing.translation === undefined) return attempt(outgoing);
    // The attempts before may have been such that nothing was to be kept.
    return beginConversation(this.options.conversations, request).then((isKept) =>
      attempt(isKept ? outgoing : buildOutgoing({ ...request, keepAs: undefined }, model)),
    );
  }

  private attempt(
    { setHeaders, body, translation, warnings }: OutgoingRequest,
    original: Buffer,
    model: ResolvedModel,
    isLast: boolean,
  ): Attempt {
    const { onUnreadable, conversations } = this.options;
    const sent = body ?? original;
    return {
      type: 'attempt',
      setHeaders,
      removeHeaders: this.particular.filter((name) => !setHeaders.some(([own]) => own === name)),
      body: sent,
      metadata: {
        model: headerSafe(model.id),
        warnings: warningsHeader(warnings) ?? '',
        [LENGTH_MEMBER]: `${sent.length}`,
        ...(isLast ? { [LAST_MEMBER]: '1' } : {}),
      },
      answers:
        translation &&
        createAnswerReader(translation, {
          report: onUnreadable,
          redact: this.redact,
          keep: conversations && ((key, answer) => conversations.complete(key, answer)),
        }),
    };
  }

  /** The end of the chain: what a filter answers, Envoy does not try again. */
  onFailure({ metadata }: Kept, thrown: unknown): Respond {
    const error = GatewayError.from(thrown);
    if (error.kind === 'internal') this.options.onInternalError(error);
    const text = metadata[PLAN_MEMBER];
    const module = DIALECT_MODULES[text === undefined ? 'openai-chat' : readPlan(text).dialect];
    return {
      type: 'respond',
      status: FAILED.status,
      headers: [['content-type', 'application/json']],
      // Not the client's mistake: the model that it asked for could be told.
      body: JSON.stringify(module.encodeProviderError({ ...FAILED, ...messageAndParam(error) })),
      details: `pointsman_${error.kind.replaceAll('-', '_')}`,
    };
  }

  private modelOf(plan: Plan, attempt: number): ResolvedModel {
    const [name = '', modelId = ''] = plan.attempts[attempt - 1] ?? [];
    const target = this.targets.get(name);
    if (target === undefined) throw new Error(`attempt ${attempt} has no target`);
    return { target, modelId, id: `${target.provider}/${modelId}` };
  }
}

const FAILED = { kind: 'internal', status: 502 } as const;

function messageAndParam({ message, param }: GatewayError): Pick<ProviderError, 'message' | 'param'> {
  return param === undefined ? { message } : { message, param };
}

/** An earlier attempt may have been translated, and have asked for other kinds. */
function restoreAccept(outgoing: OutgoingRequest, { header }: ClientRequest): OutgoingRequest {
  if (outgoing.translation !== undefined) return outgoing;
  const accepted = ACCEPT_HEADERS.flatMap((name): HeaderPair[] => {
    const value = header(name);
    return value === undefined ? [] : [[name, value]];
  });
  return { ...outgoing, setHeaders: [...outgoing.setHeaders, ...accepted] };
}

function requestOf(
  { dialect, stream, query, seed, created, resumed, keepAs, headers }: Plan,
  original: Buffer,
): ClientRequest {
  const own = new Map<string, string>(headers.map(([name, value]): HeaderPair => [name, value]));
  const header = (name: string): string | undefined => own.get(name);
  return {
    dialect,
    stream,
    query,
    body: readBody(original),
    header,
    seed,
    created,
    resumed: resumed === true,
    keepAs,
  };
}
