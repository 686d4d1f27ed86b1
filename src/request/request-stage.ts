// The request stage, top to bottom: endpoint → body → policy → route → model → the request that goes out. Pure but for
// what it is given; knows neither Envoy nor sockets.

import type { GatewayConfig, RoutePolicy } from '../config/gateway-config.ts';
import type {
  AwaitBody,
  Forward,
  Reaction,
  RequestHead,
  RequestStage,
  Respond,
} from '../contract/exchange.ts';
import { GatewayError } from '../contract/gateway-error.ts';
import { AFFINITY_HEADER, TRANSLATE_MEMBER } from '../contract/owned-headers.ts';
import type { Pin } from '../decide/affinity.ts';
import { routesIdOf } from '../decide/routes-id.ts';
import { beginConversation } from '../plan/begin-conversation.ts';
import type { ClientRequest } from '../plan/client-request.ts';
import { ModelResolver, type ResolvedModel } from '../plan/model-resolver.ts';
import { type ReadBody, readBody } from '../plan/read-body.ts';
import type { ConversationStore } from '../store/conversation-store.ts';
import type { RequestFacts, RequestTracer } from '../telemetry/request-tracer.ts';
import { DIALECT_MODULES } from '../translate/dialect-modules.ts';
import * as answers from './answers.ts';
import { checkHead, checkLength, unknownEndpoint } from './check-head.ts';
import type { RouteDecider, SessionPins } from './choose-route.ts';
import { choiceOf, type IdentifiedPolicy, type RouteChoice, RouteChooser, UNROUTED } from './choose-route.ts';
import { clientHeader, clientQuery } from './client-query.ts';
import { Conversations, type Resumed } from './conversations.ts';
import { decisionHeaders, decisionMetadata } from './decision-headers.ts';
import { dialectOf, type Endpoint, matchEndpoint, pathWithoutQuery } from './endpoints.ts';
import { readInlinePolicy } from './inline-policy.ts';
import { encodeModels, type ModelEntry } from './model-list.ts';
import { ModelPicker, type PickedModels } from './pick-model.ts';
import { planForward } from './plan-forward.ts';
import { type PassEndpoint, planPass } from './plan-pass.ts';
import { traceContext } from './trace-context.ts';
import { type ObserveRequest, traceStage } from './traced-stage.ts';

/** Text that a router may get to see: four times what Arch-Router's 2,048 tokens hold. */
const MAX_TURN_CHARACTERS = 32_768;
const MAX_SESSION_ID_LENGTH = 256;
const AWAIT_BODY: AwaitBody = { type: 'await-body' };

export interface RequestStageOptions {
  readonly config: GatewayConfig;
  readonly decider: RouteDecider;
  readonly pins: SessionPins;
  /** Undefined = no answers are kept to be gone on from. */
  readonly conversations?: ConversationStore | undefined;
  /** Told of every failure that is ours, with its cause; never of a caller's mistake. */
  readonly onInternalError: (error: GatewayError) => void;
  /** 24 hexadecimal digits, new at every call. */
  readonly newSeed: () => string;
  /** In seconds. */
  readonly unixTime: () => number;
  /** Undefined = no traces. */
  readonly tracer?: RequestTracer | undefined;
}

export function createRequestStage(options: RequestStageOptions): RequestStage {
  const { tracer } = options;
  if (tracer === undefined) return new Stage(options, undefined);
  return traceStage(tracer, (observe) => new Stage(options, observe));
}

type ServedEndpoint = Extract<Endpoint, { readonly type: 'proxy' | 'decision' }>;

interface Request extends ClientRequest {
  readonly head: RequestHead;
  readonly policy: IdentifiedPolicy | undefined;
  readonly sessionId: string | undefined;
}

class Stage implements RequestStage {
  private readonly config: GatewayConfig;
  private readonly chooser: RouteChooser;
  private readonly picker: ModelPicker;
  private readonly pins: SessionPins;
  private readonly store: ConversationStore | undefined;
  private readonly conversations: Conversations;
  private readonly configured: IdentifiedPolicy | undefined;
  private readonly models: readonly ModelEntry[];
  private readonly onInternalError: (error: GatewayError) => void;
  private readonly newSeed: () => string;
  private readonly unixTime: () => number;
  private readonly observe: ObserveRequest | undefined;

  constructor(
    { config, decider, pins, conversations, onInternalError, newSeed, unixTime }: RequestStageOptions,
    observe: ObserveRequest | undefined,
  ) {
    this.config = config;
    this.observe = observe;
    this.pins = pins;
    this.store = conversations;
    this.conversations = new Conversations(conversations, config.listener.maxBodyBytes);
    this.onInternalError = onInternalError;
    this.newSeed = newSeed;
    this.unixTime = unixTime;
    this.chooser = new RouteChooser(decider, pins, config.routing.timeout);
    const resolver = new ModelResolver(config);
    const defaultTarget = config.defaultTarget;
    this.picker = new ModelPicker(
      resolver,
      defaultTarget && resolver.resolve(`${defaultTarget.provider}/${defaultTarget.modelId}`),
    );
    this.configured = config.policy && identify(config.policy, false);
    this.models = [
      ...config.targets
        .filter(({ paths }) => Object.keys(paths).length > 0)
        .map(({ provider, modelId }) => ({ id: `${provider}/${modelId}`, ownedBy: provider })),
      ...[...config.aliases].map(([alias]) => ({ id: alias, ownedBy: 'pointsman' })),
    ];
  }

  onHead(head: RequestHead): AwaitBody | Reaction | Promise<Reaction> {
    const path = pathWithoutQuery(head.path);
    const { endpoint, allowedMethod } = matchEndpoint(head.method, path);
    if (endpoint === undefined) throw unknownEndpoint(head.method, path, allowedMethod);
    if (endpoint.type === 'health') return answers.respondHealthy();
    if (endpoint.type === 'models') {
      return answers.respondModels(
        encodeModels(this.models, endpoint.name, path, (name) => head.header(name)),
      );
    }
    if (endpoint.type === 'kept') return this.conversations.serve(head, endpoint);
    checkHead(head, this.config.listener.maxBodyBytes);
    return AWAIT_BODY;
  }

  onBody(head: RequestHead, bytes: Buffer, signal: () => AbortSignal): Reaction | Promise<Reaction> {
    const { endpoint } = matchEndpoint(head.method, pathWithoutQuery(head.path));
    if (endpoint === undefined || !takesBody(endpoint))
      throw new Error('a body for an endpoint that takes none');
    checkLength(bytes.length, this.config.listener.maxBodyBytes);
    const body = readBody(bytes);
    this.observe?.(head, { requestedModel: endpoint.terms?.model ?? readModel(body) });
    if (endpoint.type !== 'pass') DIALECT_MODULES[endpoint.dialect].checkRequest(body.value);
    const resumed = this.conversations.resume(head, endpoint.dialect, body);
    const goOn = (found: Resumed): Reaction | Promise<Reaction> =>
      endpoint.type === 'pass'
        ? this.passOn(head, endpoint, found)
        : this.serve(head, endpoint, found, signal);
    if (!(resumed instanceof Promise)) return goOn(resumed);
    // A decision needs no more than there is.
    return endpoint.type === 'decision'
      ? resumed.catch(() => ({ body, resumed: false })).then(goOn)
      : resumed.then(goOn);
  }

  private serve(
    head: RequestHead,
    { type, dialect, terms }: ServedEndpoint,
    { body, resumed }: Resumed,
    signal: () => AbortSignal,
  ): Reaction | Promise<Reaction> {
    const isProxied = type === 'proxy';
    const inline = readInlinePolicy(
      body.value,
      isProxied ? (model) => this.picker.isServed(model) : undefined,
    );
    const seed = this.newSeed();
    const request: Request = {
      head,
      dialect,
      stream: terms?.stream ?? body.value['stream'] === true,
      query: clientQuery(head.path),
      body,
      header: (name) => clientHeader(head, dialect, name),
      seed,
      created: this.unixTime(),
      resumed,
      keepAs: isProxied ? this.conversations.keyFor(head, dialect, body, seed) : undefined,
      policy: inline === undefined ? this.configured : identify(inline, true),
      sessionId: readSessionId(head),
    };
    const routed = this.config.routing.engine === 'none' ? undefined : request.policy;
    const named = isProxied ? this.picker.resolveNamed(terms?.model ?? readModel(body)) : undefined;
    const turns =
      routed === undefined ? [] : DIALECT_MODULES[dialect].readTurns(body.value, MAX_TURN_CHARACTERS);
    const choice = this.chooser.choose({ policy: routed, turns, sessionId: request.sessionId, signal });
    const finish = (chosen: RouteChoice): Reaction | Promise<Reaction> => {
      this.observe?.(head, factsOf(chosen));
      return isProxied
        ? this.forwardKept(request, chosen, routed !== undefined, named)
        : this.answerDecision(request, chosen);
    };
    return choice instanceof Promise ? choice.then(finish) : finish(choice);
  }

  /** Another operation of a vendor's API: to the model that is named, else the default, with its key; nothing else changes. */
  private passOn(head: RequestHead, endpoint: PassEndpoint, { body, resumed }: Resumed): Forward {
    const { models } = this.picker.pick(
      UNROUTED,
      false,
      this.picker.resolveNamed(endpoint.terms?.model ?? readModel(body)),
    );
    const [model] = models;
    if (model === undefined) throw new Error('no model was picked');
    this.observe?.(head, { model: model.id, provider: model.target.provider });
    return planPass(head, endpoint, { body, resumed }, model, clientQuery(head.path));
  }

  onFailure(head: RequestHead, thrown: unknown): Respond {
    const error = GatewayError.from(thrown);
    if (error.kind === 'internal') this.onInternalError(error);
    const endpoint: Endpoint | undefined = matchEndpoint('POST', pathWithoutQuery(head.path)).endpoint;
    if (endpoint?.type === 'decision') return answers.respondDecisionError(error);
    return answers.respondError(error, DIALECT_MODULES[dialectOf(head)]);
  }

  private answerDecision(request: Request, choice: RouteChoice): Reaction | Promise<Reaction> {
    const answer = (settled: RouteChoice): Reaction => {
      this.observe?.(request.head, {
        route: settled.route,
        reason: settled.reason,
        model: settled.models[0],
      });
      return answers.respondDecision(settled, {
        form: request.policy?.policy.form ?? 'v0.4',
        traceId: traceContext(request.head.header('traceparent')).traceId,
        sessionId: request.sessionId,
      });
    };
    const model = choice.models[0];
    if (request.sessionId === undefined || choice.pinned || model === undefined) return answer(choice);
    const pin = { model, models: choice.models, route: choice.route };
    return this.pins.pinIfAbsent(request.sessionId, pin).then((held) => answer(settle(choice, pin, held)));
  }

  /** What is asked is kept first where the answer is to be kept; where that fails, none is promised. */
  private forwardKept(
    request: Request,
    choice: RouteChoice,
    isRouted: boolean,
    named: ResolvedModel | undefined,
  ): Reaction | Promise<Reaction> {
    const begin = (reaction: Reaction): Reaction | Promise<Reaction> => {
      if (request.keepAs === undefined || !isTranslated(reaction)) return reaction;
      return beginConversation(this.store, request).then((isKept) =>
        isKept ? reaction : this.forward({ ...request, keepAs: undefined }, choice, isRouted, named),
      );
    };
    const reaction = this.forward(request, choice, isRouted, named);
    return reaction instanceof Promise ? reaction.then(begin) : begin(reaction);
  }

  private forward(
    request: Request,
    choice: RouteChoice,
    isRouted: boolean,
    named: ResolvedModel | undefined,
  ): Reaction | Promise<Reaction> {
    const planned = this.plan(request, choice, isRouted, named);
    const { reaction, model } = planned;
    // A model that cannot answer this request is not what the session is to be held to.
    const isPinnable = reaction.type === 'forward' && model !== undefined && isRouted && !choice.pinned;
    if (request.sessionId === undefined || !isPinnable) return reaction;
    const pin = {
      model: model.id,
      models: choice.models.length === 0 ? [model.id] : choice.models,
      route: choice.route,
    };
    return this.pins.pinIfAbsent(request.sessionId, pin).then((held) => {
      const settled = settle(choice, pin, held);
      return settled === choice ? reaction : this.plan(request, settled, true, named).reaction;
    });
  }

  /** What goes out; or, where nothing can, an answer that says what was decided. */
  private plan(
    request: Request,
    choice: RouteChoice,
    isRouted: boolean,
    named: ResolvedModel | undefined,
  ): { readonly reaction: Reaction; readonly model?: ResolvedModel } {
    let picked: PickedModels | undefined;
    try {
      picked = this.picker.pick(choice, isRouted, named);
      return this.planFor(request, choice, picked);
    } catch (thrown) {
      if (!(thrown instanceof GatewayError)) throw thrown;
      const refusal = answers.respondError(thrown, DIALECT_MODULES[request.dialect]);
      const headers = decisionHeaders(choice, picked?.rule, picked?.models[0]);
      return { reaction: { ...refusal, headers: [...refusal.headers, ...headers] } };
    }
  }

  private planFor(
    request: Request,
    choice: RouteChoice,
    { models, rule }: PickedModels,
  ): { readonly reaction: Forward; readonly model: ResolvedModel } {
    const [first] = models;
    this.observe?.(request.head, {
      model: first?.id,
      ...(first === undefined ? {} : { provider: first.target.provider }),
    });
    const { forward, model, warnings } = planForward(request.head, request, models, this.config.failover);
    const decided = decisionMetadata(choice, rule, model);
    this.observe?.(request.head, {
      route: choice.route,
      reason: decided.reason,
      model: model.id,
      provider: model.target.provider,
      warnings,
    });
    const { created } = traceContext(request.head.header('traceparent'));
    const reaction: Forward = {
      ...forward,
      metadata: { ...forward.metadata, ...decided },
      setHeaders:
        created === undefined ? forward.setHeaders : [...forward.setHeaders, ['traceparent', created]],
    };
    return { reaction, model };
  }
}

function takesBody(endpoint: Endpoint): endpoint is ServedEndpoint | PassEndpoint {
  return endpoint.type === 'proxy' || endpoint.type === 'decision' || endpoint.type === 'pass';
}

function isTranslated(reaction: Reaction): boolean {
  return reaction.type === 'forward' && reaction.metadata[TRANSLATE_MEMBER] !== undefined;
}

function factsOf(choice: RouteChoice): RequestFacts {
  return {
    route: choice.route,
    reason: choice.reason,
    engine: choice.engine,
    confidence: choice.confidence,
    cascade: choice.cascade,
    decisionMilliseconds: answers.round(choice.milliseconds),
    fallbacks: choice.failures,
  };
}

/** Another request of the same session may have been first; then its choice counts. */
function settle(choice: RouteChoice, asked: Pin, held: Pin): RouteChoice {
  return held.model === asked.model && held.route === asked.route ? choice : choiceOf(held);
}

function identify(policy: RoutePolicy, isInline: boolean): IdentifiedPolicy {
  return { policy, isInline, routesId: routesIdOf(policy.routes) };
}

function readModel(body: ReadBody): string | undefined {
  const model = body.value['model'];
  return typeof model === 'string' ? model : undefined;
}

function readSessionId(head: RequestHead): string | undefined {
  const sessionId = head.header(AFFINITY_HEADER);
  if (sessionId === undefined || sessionId === '') return undefined;
  if (sessionId.length <= MAX_SESSION_ID_LENGTH) return sessionId;
  const message = `'${AFFINITY_HEADER}' is longer than ${MAX_SESSION_ID_LENGTH} characters`;
  throw new GatewayError('invalid-request', message, AFFINITY_HEADER);
}
