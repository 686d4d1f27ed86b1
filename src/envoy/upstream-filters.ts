// The filters of every provider's cluster. They run once per attempt: later attempts are made anew by our service, and it is
// shown the answers that have to be translated. What needs neither passes them all by.

import type { ProviderCluster } from '../config/gateway-config.ts';
import {
  ATTEMPT_HEADER,
  CLUSTER_ATTRIBUTE,
  LAST_MEMBER,
  LENGTH_MEMBER,
  METADATA_NAMESPACE,
  MOST_ATTEMPTS,
  ORIGINAL_NAMESPACE,
  STAGE_HEADER,
  type StageName,
  TRANSLATE_MEMBER,
  WAIT_HEADER,
} from '../contract/owned-headers.ts';
import { all, chooseFilter, firstOf, isAttempt, isSet, run } from './filter-matchers.ts';
import { type EnvoyMessage, typed } from './json-config.ts';
import { SERVICE_CLUSTER } from './service-cluster.ts';

export interface AttemptFilterOptions {
  /** The service makes a request or reads an answer; Envoy's word. */
  readonly messageTimeout: string;
  readonly attemptsPerTarget: number;
}

const LATER_ATTEMPTS = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, index) => index + 2);

/** Made once for all clusters. Attempts are numbered only where there may be more than one target. */
export function attemptFilters({ messageTimeout, attemptsPerTarget }: AttemptFilterOptions): EnvoyMessage[] {
  return [
    chooseFilter('pointsman.service', askService(messageTimeout)),
    chooseFilter('pointsman.headers', editHeaders(attemptsPerTarget)),
  ];
}

/** What one cluster's requests pass through; undefined = nothing of ours. @param filters those of attempts, where they go there */
export function upstreamFilters(
  { signing }: Pick<ProviderCluster, 'signing'>,
  filters: readonly EnvoyMessage[] = [],
): EnvoyMessage[] | undefined {
  const chain = [...filters, ...(signing === undefined ? [] : [sign(signing)])];
  return chain.length === 0 ? undefined : [...chain, CODEC];
}

const CODEC: EnvoyMessage = {
  name: 'envoy.filters.http.upstream_codec',
  typed_config: typed('envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec', {}),
};

/**
 * Signs what goes out, its body included. The credentials are Envoy's own: from its environment, its files or the machine's role.
 * Of the headers only those that nobody changes on the way.
 */
function sign({ service, region }: NonNullable<ProviderCluster['signing']>): EnvoyMessage {
  return {
    name: 'envoy.filters.http.aws_request_signing',
    typed_config: typed('envoy.extensions.filters.http.aws_request_signing.v3.AwsRequestSigning', {
      service_name: service,
      region,
      match_included_headers: [{ exact: 'content-type' }],
    }),
  };
}

function askService(messageTimeout: string): EnvoyMessage {
  const retry = run(
    extProc('retry', messageTimeout, { request_header_mode: 'SEND', response_header_mode: 'SKIP' }, [
      METADATA_NAMESPACE,
      ORIGINAL_NAMESPACE,
    ]),
  );
  const response = run(
    extProc('response', messageTimeout, { request_header_mode: 'SKIP', response_header_mode: 'SEND' }, [
      METADATA_NAMESPACE,
    ]),
  );
  return firstOf([isAttempt(LATER_ATTEMPTS), retry], [isSet(TRANSLATE_MEMBER), response]);
}

/** What the service cannot do itself: it is asked before these, and of first attempts not at all. */
function editHeaders(attemptsPerTarget: number): EnvoyMessage {
  // A request that was replaced at its head goes out in chunks unless it gets its length back.
  const length = set('content-length', `%DYNAMIC_METADATA(${METADATA_NAMESPACE}:${LENGTH_MEMBER})%`);
  const uncounted = { remove: ATTEMPT_HEADER };
  const stays = (attempt: number): boolean => attempt % attemptsPerTarget !== 0;
  // A retry-after counts where the next attempt stays on the target that said it.
  const wait = { response_mutations: [set(WAIT_HEADER, '%RESP(retry-after)%')] };
  const edit = (isStaying: boolean, request_mutations: EnvoyMessage[]): EnvoyMessage =>
    run(headerMutation({ request_mutations, ...(isStaying ? wait : {}) }));
  // The cluster of the attempt after a later one is chosen by its number, but after the last there is none to choose.
  const later = [true, false].flatMap((isStaying) => {
    const attempts = LATER_ATTEMPTS.filter((attempt) => stays(attempt) === isStaying);
    if (attempts.length === 0) return [];
    return [
      [all(isAttempt(attempts), isSet(LAST_MEMBER)), edit(isStaying, [length, uncounted])] as const,
      [isAttempt(attempts), edit(isStaying, [length])] as const,
    ];
  });
  const matcher = firstOf(...later);
  return stays(1) ? { ...matcher, on_no_match: run(headerMutation(wait)) } : matcher;
}

function extProc(
  stage: StageName,
  messageTimeout: string,
  mode: EnvoyMessage,
  forwarded: string[],
): EnvoyMessage {
  return {
    name: `pointsman.${stage}`,
    typed_config: typed('envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor', {
      grpc_service: {
        envoy_grpc: { cluster_name: SERVICE_CLUSTER },
        initial_metadata: [{ key: STAGE_HEADER, value: stage }],
      },
      processing_mode: {
        ...mode,
        request_body_mode: 'NONE',
        request_trailer_mode: 'SKIP',
        response_body_mode: 'NONE',
        response_trailer_mode: 'SKIP',
      },
      ...(stage === 'retry' ? { request_attributes: [CLUSTER_ATTRIBUTE] } : {}),
      allow_mode_override: true,
      message_timeout: messageTimeout,
      failure_mode_allow: false,
      status_on_error: { code: 'ServiceUnavailable' },
      mutation_rules: { allow_all_routing: true, allow_envoy: true, disallow_is_error: true },
      allow_content_length_header: true,
      metadata_options: {
        forwarding_namespaces: { untyped: forwarded },
        receiving_namespaces: { untyped: [METADATA_NAMESPACE, ORIGINAL_NAMESPACE] },
      },
    }),
  };
}

function headerMutation(mutations: EnvoyMessage): EnvoyMessage {
  return {
    name: 'envoy.filters.http.header_mutation',
    typed_config: typed('envoy.extensions.filters.http.header_mutation.v3.HeaderMutation', { mutations }),
  };
}

function set(key: string, value: string): EnvoyMessage {
  return { append: { header: { key, value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' } };
}
