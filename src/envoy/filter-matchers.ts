// Conditions under which a filter is skipped, and what they look at.

import { METADATA_NAMESPACE } from '../contract/owned-headers.ts';
import { type EnvoyMessage, typed } from './json-config.ts';

/** The filter runs for all requests but those that the predicate is true of. */
export function skipWhen(predicate: EnvoyMessage, filter: EnvoyMessage): EnvoyMessage {
  const skip = {
    name: 'skip',
    typed_config: typed('envoy.extensions.filters.common.matcher.action.v3.SkipFilter', {}),
  };
  return {
    name: filter['name'] ?? 'filter',
    typed_config: typed('envoy.extensions.common.matching.v3.ExtensionWithMatcher', {
      xds_matcher: { matcher_list: { matchers: [{ predicate, on_match: { action: skip } }] } },
      extension_config: filter,
    }),
  };
}

export function headerInput(header: string): EnvoyMessage {
  return {
    name: 'request-headers',
    typed_config: typed('envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name: header }),
  };
}

export const not = (predicate: EnvoyMessage): EnvoyMessage => ({ not_matcher: predicate });
export const any = (...predicate: EnvoyMessage[]): EnvoyMessage => ({ or_matcher: { predicate } });
export const all = (...predicate: EnvoyMessage[]): EnvoyMessage => ({ and_matcher: { predicate } });

export function isAttempt(number: number): EnvoyMessage {
  return {
    single_predicate: { input: headerInput('x-envoy-attempt-count'), value_match: { exact: `${number}` } },
  };
}

/** Of a member of our dynamic metadata. */
export function metadataMember(key: string, value: EnvoyMessage): EnvoyMessage {
  return {
    single_predicate: {
      input: {
        name: 'envoy.matching.inputs.dynamic_metadata',
        typed_config: typed('envoy.extensions.matching.common_inputs.network.v3.DynamicMetadataInput', {
          filter: METADATA_NAMESPACE,
          path: [{ key }],
        }),
      },
      custom_match: {
        name: 'envoy.matching.matchers.metadata_matcher',
        typed_config: typed('envoy.extensions.matching.input_matchers.metadata.v3.Metadata', { value }),
      },
    },
  };
}
