// The request stage, top to bottom: endpoint → body → policy → route → model → the request that goes out. Pure but for
// what it is given; knows neither Envoy nor sockets.

import type { GatewayConfig, RoutePolicy } from '../config/gateway-config.ts';
import type {
  AwaitBody,
  HeaderPair,
  Reaction,
  RequestHead,
  RequestStage,
  Respond,
} from '../contract/exchange.ts';
import { GatewayError } from '../contract/gateway-error.ts';
import { AFFINITY_HEADER, RESPONSE_HEADER_OF_METADATA } from '../contract/owned-headers.ts';
import type { Pin } from '../decide/affinity.ts';
import { headerSafe } from '../decide/reason.ts';
import { routesIdOf } from '../decide/routes-id.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import type { DialectModule } from '../dialects/dialect-module.ts';
import { openaiChat } from '../dialects/openai-chat/index.ts';
import { openaiResponses } from '../dialects/openai-responses/index.ts';
import type { RequestFacts, RequestTracer } from '../telemetry/request-tracer.ts';
import * as answers from './answers.ts';
import type { RouteDecider, SessionPins } from './choose-route.ts';
import { choiceOf, type IdentifiedPolicy, type RouteChoice, RouteChooser } from './choose-route.ts';
import {
  dialectOf,
  type Endpoint,
  matchEndpoint,
  pathWithoutQuery,
  type ServedDialect,
} from './endpoints.ts';
import { readInlinePolicy } from './inline-policy.ts';
import { ModelResolver, type ResolvedModel } from './model-resolver.ts';
import { ModelPicker, type PickedModel } from './pick-model.ts';
import { planForward } from './plan-forward.ts';
import { type ReadBody, readBody } from './read-body.ts';
import { traceContext } from './trace-context.ts';
import { type ObserveRequest, traceStage } from './traced-stage.ts';

const DIALECT_MODULES: Readonly<Record<ServedDialect, DialectModule>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
};

/** Text that a router may get to see: four times what Arch-Router's 2,048 tokens hold. */
const MAX_TURN_CHARACTERS = 32_768;
const MAX_SESSION_ID_LENGTH = 256;
const AWAIT_BODY: AwaitBody = { type: 'await-body' };

export interface RequestStageOptions {
  readonly config: GatewayConfig;
  readonly decider: RouteDecider;
  readonly pins: SessionPins;
  /** Told of every failure that is ours, with its cause; never of a caller's mistake. */
  readonly onInternalError: (error: GatewayError) => void;
  /** Undefined = no traces. */
  readonly tracer?: RequestTracer | undefined;
}

export function createRequestStage(options: RequestStageOptions): RequestStage {
  const { tracer } = options;
  if (tracer === undefined) return new Stage(options, undefined);
  return traceStage(tracer, (observe) => new Stage(options, observe));
}

interface Request {
  readonly head: RequestHead;
  readonly dialect: ServedDialect;
  readonly body: ReadBody;
  readonly policy: IdentifiedPolicy | undefined;
  readonly sessionId: string | undefined;
}

class Stage implements RequestStage {
  private readonly config: GatewayConfig;
  private readonly chooser: RouteChooser;
  private readonly picker: ModelPicker;
  private readonly pins: SessionPins;
  private readonly configured: IdentifiedPolicy | undefined;
  private readonly modelsBody: string;
  private readonly onInternalError: (error: GatewayError) => void;
  private readonly observe: ObserveRequest | undefined;

  constructor(
    { config, decider, pins, onInternalError }: RequestStageOptions,
    observe: ObserveRequest | undefined,
  ) {
    this.config = config;
    this.observe = observe;
    this.pins = pins;
    this.onInternalError = onInternalError;
    this.chooser = new RouteChooser(decider, pins, config.routing.timeout);
    const resolver = new ModelResolver(config);
    const defaultTarget = config.defaultTarget;
    this.picker = new ModelPicker(
      resolver,
      defaultTarget && resolver.resolve(`${defaultTarget.provider}/${defaultTarget.modelId}`),
    );
    this.configured = config.policy && identify(config.policy, false);
    this.modelsBody = answers.encodeModels([
      ...config.targets
        .filter(({ paths }) => Object.keys(paths).length > 0)
        .map(({ provider, modelId }) => ({ id: `${provider}/${modelId}`, ownedBy: provider })),
      ...[...config.aliases].map(([alias]) => ({ id: alias, ownedBy: 'pointsman' })),
    ]);
  }

  onHead(head: RequestHead): AwaitBody | Reaction {
    const path = pathWithoutQuery(head.path);
    const { endpoint, allowedMethod } = matchEndpoint(head.method, path);
    if (endpoint === undefined) throw unknownEndpoint(head.method, path, allowedMethod);
    if (endpoint.type === 'health') return answers.respondHealthy();
    if (endpoint.type === 'models') return answers.respondModels(this.modelsBody);
    checkContentType(head.header('content-type'));
    checkContentEncoding(head.header('content-encoding'));
    checkContentLength(head.header('content-length'), this.config.listener.maxBodyBytes);
    if (head.endOfStream)
      throw new GatewayError('invalid-request', 'the request has no body; a JSON object is needed');
    return AWAIT_BODY;
  }

  onBody(head: RequestHead, bytes: Buffer, signal: () => AbortSignal): Reaction | Promise<Reaction> {
    const { endpoint } = matchEndpoint(head.method, pathWithoutQuery(head.path));
    if (endpoint === undefined || !('dialect' in endpoint))
      throw new Error('a body for an endpoint that takes none');
    const body = readBody(bytes);
    this.observe?.(head, { requestedModel: readModel(body) });
    const module = DIALECT_MODULES[endpoint.dialect];
    module.checkRequest(body.value);
    const isProxied = endpoint.type === 'proxy';
    const inline = readInlinePolicy(
      body.value,
      isProxied ? (model) => this.picker.isServed(model) : undefined,
    );
    const request: Request = {
      head,
      body,
      dialect: endpoint.dialect,
      policy: inline === undefined ? this.configured : identify(inline, true),
      sessionId: readSessionId(head),
    };
    const routed = this.config.routing.engine === 'none' ? undefined : request.policy;
    const named = isProxied ? this.picker.resolveNamed(readModel(body)) : undefined;
    const turns = routed === undefined ? [] : module.readTurns(body.value, MAX_TURN_CHARACTERS);
    const choice = this.chooser.choose({ policy: routed, turns, sessionId: request.sessionId, signal });
    const finish = (chosen: RouteChoice): Reaction | Promise<Reaction> => {
      this.observe?.(head, factsOf(chosen));
      return isProxied
        ? this.forward(request, chosen, routed !== undefined, named)
        : this.answerDecision(request, chosen);
    };
    return choice instanceof Promise ? choice.then(finish) : finish(choice);
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
    let picked: PickedModel | undefined;
    try {
      picked = this.picker.pick(choice, isRouted, named);
      return { reaction: this.planFor(request, choice, picked), model: picked.model };
    } catch (thrown) {
      if (!(thrown instanceof GatewayError)) throw thrown;
      const refusal = answers.respondError(thrown, DIALECT_MODULES[request.dialect]);
      return { reaction: { ...refusal, headers: [...refusal.headers, ...decisionHeaders(choice, picked)] } };
    }
  }

  private planFor(request: Request, choice: RouteChoice, picked: PickedModel): Reaction {
    const { model } = picked;
    const metadata = { dialect: request.dialect, ...decisionMetadata(choice, picked) };
    this.observe?.(request.head, {
      route: choice.route,
      reason: metadata.reason,
      model: model.id,
      provider: model.target.provider,
    });
    const forward = planForward(request.head, request.body, request.dialect, model, metadata);
    const { created } = traceContext(request.head.header('traceparent'));
    return created === undefined
      ? forward
      : { ...forward, setHeaders: [...forward.setHeaders, ['traceparent', created]] };
  }
}

function factsOf(choice: RouteChoice): RequestFacts {
  return {
    route: choice.route,
    reason: choice.reason,
    engine: choice.engine,
    decisionMilliseconds: answers.round(choice.milliseconds),
    fallbacks: choice.failures,
  };
}

/** What the response headers say of a decision, by the keys of RESPONSE_HEADER_OF_METADATA. */
function decisionMetadata(
  choice: RouteChoice,
  picked: PickedModel | undefined,
): {
  readonly route: string;
  readonly reason: string;
  readonly decision_ms: string;
  readonly model?: string;
} {
  const { reason } = choice;
  const decided = {
    route: choice.route === null ? 'none' : headerSafe(choice.route),
    reason: picked === undefined || picked.rule === 'route' ? reason : `${reason} model=${picked.rule}`,
    decision_ms: `${answers.round(choice.milliseconds)}`,
  };
  return picked === undefined ? decided : { ...decided, model: headerSafe(picked.model.id) };
}

/** For an answer of our own, which Envoy adds no header to. */
function decisionHeaders(choice: RouteChoice, picked: PickedModel | undefined): HeaderPair[] {
  return Object.entries(decisionMetadata(choice, picked)).flatMap(([key, value]): HeaderPair[] => {
    const name = RESPONSE_HEADER_OF_METADATA[key];
    return name === undefined ? [] : [[name, value]];
  });
}

/** Another request of the same session may have been first; then its choice counts. */
function settle(choice: RouteChoice, asked: Pin, held: Pin): RouteChoice {
  return held.model === asked.model && held.route === asked.route ? choice : choiceOf(held);
}

function identify(policy: RoutePolicy, isInline: boolean): IdentifiedPolicy {
  return { policy, isInline, routesId: routesIdOf(policy.routes) };
}

function unknownEndpoint(method: string, path: string, allowed: string | undefined): GatewayError {
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  if (allowed !== undefined) {
    return new GatewayError('method-not-allowed', `${method} is not allowed on ${shown}; use ${allowed}`);
  }
  return new GatewayError('not-found', `there is nothing at ${method} ${shown}`);
}

/** JSON by any of its names; a missing type is taken as JSON. */
function checkContentType(contentType: string | undefined): void {
  if (contentType === undefined || /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(contentType)) return;
  const message = `the content type must be application/json, not ${JSON.stringify(contentType.slice(0, 100))}`;
  throw new GatewayError('unsupported-media-type', message);
}

/** The members that steer routing have to be read. */
function checkContentEncoding(encoding: string | undefined): void {
  if (encoding === undefined || encoding === '' || encoding.toLowerCase() === 'identity') return;
  const message = `a body with content-encoding ${JSON.stringify(encoding.slice(0, 100))} is not accepted; send it plain`;
  throw new GatewayError('unsupported-media-type', message);
}

function checkContentLength(contentLength: string | undefined, maxBodyBytes: number): void {
  if (contentLength === undefined || !(Number(contentLength) > maxBodyBytes)) return;
  const message = `the body of ${contentLength} bytes is above the limit of ${maxBodyBytes}`;
  throw new GatewayError('payload-too-large', message);
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
