// The filters of every provider's cluster. They run once per attempt: one makes later attempts anew, one shows the answers of
// translated ones to our service. A first attempt in the client's own dialect passes them all by.

import {
  CLUSTER_ATTRIBUTE,
  clusterMember,
  LENGTH_MEMBER,
  METADATA_NAMESPACE,
  MOST_ATTEMPTS,
  ORIGINAL_NAMESPACE,
  STAGE_HEADER,
  type StageName,
  TRANSLATE_MEMBER,
  WAIT_HEADER,
} from '../contract/owned-headers.ts';
import { all, any, isAttempt, metadataMember, not, skipWhen } from './filter-matchers.ts';
import { type EnvoyMessage, typed } from './json-config.ts';
import { SERVICE_CLUSTER } from './service-cluster.ts';

export interface UpstreamFilterOptions {
  /** The service makes a request or reads an answer; Envoy's word. */
  readonly messageTimeout: string;
  readonly attemptsPerTarget: number;
}

const HAS_MORE = metadataMember(clusterMember(2), { present_match: true });
const IS_LATER = all(HAS_MORE, not(isAttempt(1)));

export function upstreamFilters({
  messageTimeout,
  attemptsPerTarget,
}: UpstreamFilterOptions): EnvoyMessage[] {
  const isTranslated = metadataMember(TRANSLATE_MEMBER, { string_match: { exact: '1' } });
  return [
    skipWhen(
      any(IS_LATER, not(isTranslated)),
      extProc('response', messageTimeout, { request_header_mode: 'SKIP', response_header_mode: 'SEND' }, [
        METADATA_NAMESPACE,
      ]),
    ),
    skipWhen(
      not(IS_LATER),
      extProc('retry', messageTimeout, { request_header_mode: 'SEND', response_header_mode: 'SKIP' }, [
        METADATA_NAMESPACE,
        ORIGINAL_NAMESPACE,
      ]),
    ),
    // A request that was replaced at its head goes out in chunks unless it gets its length back.
    skipWhen(
      not(IS_LATER),
      headerMutation({
        request_mutations: [
          set('content-length', `%DYNAMIC_METADATA(${METADATA_NAMESPACE}:${LENGTH_MEMBER})%`),
        ],
      }),
    ),
    ...(attemptsPerTarget > 1 ? [waitForSameTarget(attemptsPerTarget)] : []),
    // Where it is needed to choose the next cluster, the provider gets to see it.
    skipWhen(HAS_MORE, headerMutation({ request_mutations: [{ remove: 'x-envoy-attempt-count' }] })),
    {
      name: 'envoy.filters.http.upstream_codec',
      typed_config: typed('envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec', {}),
    },
  ];
}

/** A retry-after counts where the next attempt stays on the target that said it. */
function waitForSameTarget(attemptsPerTarget: number): EnvoyMessage {
  const staying = Array.from({ length: MOST_ATTEMPTS }, (_, index) => index + 1).filter(
    (attempt) => attempt % attemptsPerTarget !== 0,
  );
  const stays = staying.length === 1 ? isAttempt(staying[0] as number) : any(...staying.map(isAttempt));
  return skipWhen(
    not(all(HAS_MORE, stays)),
    headerMutation({ response_mutations: [set(WAIT_HEADER, '%RESP(retry-after)%')] }),
  );
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
