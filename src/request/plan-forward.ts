// The models that are to be tried, in order → the reaction that sends the request to the first of them and tells Envoy of the
// others. The body that later attempts are made from goes along in metadata; the service remembers nothing.

import type { FailoverConfig } from '../config/gateway-config.ts';
import { clustersOfChain } from '../contract/cluster-names.ts';
import type { Forward, HeaderPair, RequestHead } from '../contract/exchange.ts';
import { GatewayError } from '../contract/gateway-error.ts';
import {
  ACCEPT_HEADERS,
  CLUSTER_HEADER,
  CREDENTIAL_HEADERS,
  clusterMember,
  MANY_TARGETS,
  MOST_ATTEMPTS,
  PLAN_MEMBER,
  TARGETS_HEADER,
  TRANSLATE_MEMBER,
  TRANSLATION_MEMBER,
  VENDOR_HEADERS,
} from '../contract/owned-headers.ts';
import type { Warning } from '../conversation/warning.ts';
import type { ClientRequest } from '../plan/client-request.ts';
import type { ResolvedModel } from '../plan/model-resolver.ts';
import {
  buildOutgoing,
  isServed,
  type OutgoingRequest,
  PARTICULAR_HEADERS,
} from '../plan/outgoing-request.ts';
import { writePlan } from '../plan/plan.ts';
import { warningsHeader } from '../plan/warnings-header.ts';
import { writeTranslation } from '../translate/translation.ts';

export interface PlannedForward {
  readonly forward: Forward;
  /** The first that can be told what the client wants: what came before it in the list is left out. */
  readonly model: ResolvedModel;
  /** What that model is not told, and why others were passed over. */
  readonly warnings: readonly Warning[];
}

/**
 * @param models in the order in which they are to be tried; at least one
 * @throws GatewayError 'dialect-not-supported', or 'invalid-request' where no model can be told what the client wants
 */
export function planForward(
  head: RequestHead,
  request: ClientRequest,
  models: readonly ResolvedModel[],
  failover: FailoverConfig,
): PlannedForward {
  const { model, outgoing, passedOver } = firstSayable(request, models);
  const metadata: Record<string, string> = { dialect: request.dialect };
  if (outgoing.translation !== undefined) {
    metadata[TRANSLATE_MEMBER] = '1';
    metadata[TRANSLATION_MEMBER] = writeTranslation(outgoing.translation);
  }
  const warnings = [...passedOver, ...outgoing.warnings];
  const shown = warningsHeader(warnings);
  if (shown !== undefined) metadata['warnings'] = shown;
  const attempts = attemptsOf(
    chainOf(request, models.slice(models.indexOf(model))),
    failover.attemptsPerTarget,
  );
  const hasMore = attempts.length > 1;
  const [first = '', ...others] = clustersOf(attempts, outgoing, failover);
  const setHeaders: HeaderPair[] = [[CLUSTER_HEADER, first], ...outgoing.setHeaders];
  if (hasMore) {
    setHeaders.push([TARGETS_HEADER, MANY_TARGETS], ...limitsOf(request, attempts.length, failover));
    for (const [index, cluster] of others.entries()) metadata[clusterMember(index + 2)] = cluster;
    metadata[PLAN_MEMBER] = writePlan({
      dialect: request.dialect,
      stream: request.stream,
      query: request.query,
      seed: request.seed,
      created: request.created,
      ...(request.resumed === true ? { resumed: true } : {}),
      ...(request.keepAs === undefined ? {} : { keepAs: request.keepAs }),
      attempts: attempts.map(({ target, modelId }) => [target.name, modelId]),
      headers: rememberedHeaders(request, attempts),
    });
  }
  const forward: Forward = {
    type: 'forward',
    setHeaders,
    removeHeaders: PARTICULAR_HEADERS.filter(
      (name) => head.header(name) !== undefined && !setHeaders.some(([own]) => own === name),
    ),
    metadata,
    ...(outgoing.body === undefined ? {} : { body: outgoing.body }),
    ...(hasMore ? { original: request.body.bytes } : {}),
  };
  return { forward, model, warnings };
}

/** A model that cannot be told what the client wants is passed over, as if it had failed; if none can, the first says why. */
function firstSayable(
  request: ClientRequest,
  models: readonly ResolvedModel[],
): {
  readonly model: ResolvedModel;
  readonly outgoing: OutgoingRequest;
  readonly passedOver: readonly Warning[];
} {
  let refusal: unknown;
  const passedOver: Warning[] = [];
  for (const model of models) {
    try {
      return { model, outgoing: buildOutgoing(request, model), passedOver };
    } catch (thrown) {
      if (!(thrown instanceof GatewayError)) throw thrown;
      refusal ??= thrown;
      passedOver.push({ param: 'model', message: `${model.id} was passed over: ${thrown.message}` });
    }
  }
  throw refusal;
}

/**
 * Without the models between the first and the last that cannot be told what the client wants: an attempt that cannot be made is
 * the last, since Envoy moves on from answers of providers alone.
 */
function chainOf(request: ClientRequest, models: readonly ResolvedModel[]): readonly ResolvedModel[] {
  const served = models.filter(({ target }) => isServed(target));
  const last = served.length - 1;
  return served.filter((model, index) => index === 0 || index === last || isSayable(request, model));
}

/** What is asked in its own dialect always is. */
function isSayable(request: ClientRequest, model: ResolvedModel): boolean {
  if (model.target.paths[request.dialect] !== undefined) return true;
  try {
    buildOutgoing(request, model);
    return true;
  } catch (thrown) {
    if (thrown instanceof GatewayError) return false;
    throw thrown;
  }
}

function attemptsOf(models: readonly ResolvedModel[], perTarget: number): ResolvedModel[] {
  if (models.length === 1) return [...models];
  return models.flatMap((model) => Array.from({ length: perTarget }, () => model)).slice(0, MOST_ATTEMPTS);
}

function clustersOf(
  attempts: readonly ResolvedModel[],
  { translation }: OutgoingRequest,
  { outlierDetection }: FailoverConfig,
): readonly string[] {
  const clusters = attempts.map(({ target }) => target.cluster);
  if (clusters.length === 1 && translation === undefined) return clusters;
  return clustersOfChain(clusters, outlierDetection !== undefined);
}

/** How often Envoy may try, and how long a try may be silent. */
function limitsOf(
  { stream }: ClientRequest,
  attempts: number,
  { on, firstByteTimeout, perTryTimeout }: FailoverConfig,
): HeaderPair[] {
  const headers: HeaderPair[] = [['x-envoy-max-retries', `${attempts - 1}`]];
  // Envoy's limit for one try counts until the answer begins. An answer that is not streamed begins when it is complete.
  if (stream && on.firstByteTimeout) {
    const limit = perTryTimeout === 0 ? firstByteTimeout : Math.min(firstByteTimeout, perTryTimeout);
    headers.push(['x-envoy-upstream-rq-per-try-timeout-ms', `${limit}`]);
  }
  return headers;
}

/** Of the client's own headers: the ones that some attempt passes on and an earlier one may have removed. */
function rememberedHeaders(
  { dialect, header }: ClientRequest,
  attempts: readonly ResolvedModel[],
): HeaderPair[] {
  const passesCredentials = attempts.some(({ target }) => target.credential.type === 'passthrough');
  const names = [...ACCEPT_HEADERS, ...VENDOR_HEADERS[dialect]];
  if (passesCredentials) names.push(...CREDENTIAL_HEADERS);
  return names.flatMap((name): HeaderPair[] => {
    const value = header(name);
    return value === undefined ? [] : [[name, value]];
  });
}
