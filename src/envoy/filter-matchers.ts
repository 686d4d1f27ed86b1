// Which of several filters a request passes through, if any, and what that is decided by. One composite filter that chooses
// costs about a microsecond; each filter that is built only to be skipped costs several.

import { ATTEMPT_HEADER, METADATA_NAMESPACE } from '../contract/owned-headers.ts';
import { type EnvoyMessage, typed } from './json-config.ts';

/** The filter that `matcher` leads to, made when a request's head arrives; none where it leads to none. */
export function chooseFilter(name: string, matcher: EnvoyMessage): EnvoyMessage {
  return {
    name,
    typed_config: typed('envoy.extensions.common.matching.v3.ExtensionWithMatcher', {
      xds_matcher: matcher,
      extension_config: { name, typed_config: typed('envoy.extensions.filters.http.composite.v3.Composite') },
    }),
  };
}

/** An on_match: the request passes through that filter. */
export function run(filter: EnvoyMessage): EnvoyMessage {
  return {
    action: {
      name: 'run',
      typed_config: typed('envoy.extensions.filters.http.composite.v3.ExecuteFilterAction', {
        typed_config: filter,
      }),
    },
  };
}

/** A matcher by the value of a request's header. @param values on_matches @param otherwise an on_match */
export function byHeader(
  header: string,
  values: Readonly<Record<string, EnvoyMessage>>,
  otherwise?: EnvoyMessage,
): EnvoyMessage {
  return {
    matcher_tree: { input: headerInput(header), exact_match_map: { map: { ...values } } },
    ...(otherwise === undefined ? {} : { on_no_match: otherwise }),
  };
}

/** A matcher: the on_match of the first predicate that is true. Each of Envoy's filters costs it memory wherever it is named. */
export function firstOf(
  ...cases: readonly (readonly [predicate: EnvoyMessage, then: EnvoyMessage])[]
): EnvoyMessage {
  return {
    matcher_list: { matchers: cases.map(([predicate, then]) => ({ predicate, on_match: then })) },
  };
}

export const all = (...predicate: EnvoyMessage[]): EnvoyMessage => ({ and_matcher: { predicate } });

/** Whether this is one of these attempts; a request whose attempts are not numbered is at none. */
export function isAttempt(numbers: readonly number[]): EnvoyMessage {
  return {
    single_predicate: {
      input: headerInput(ATTEMPT_HEADER),
      value_match: { safe_regex: { google_re2: {}, regex: `[${numbers.join('')}]` } },
    },
  };
}

/** Whether a member of our dynamic metadata is `1`. */
export function isSet(key: string): EnvoyMessage {
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
        typed_config: typed('envoy.extensions.matching.input_matchers.metadata.v3.Metadata', {
          value: { string_match: { exact: '1' } },
        }),
      },
    },
  };
}

function headerInput(header: string): EnvoyMessage {
  return {
    name: 'request-headers',
    typed_config: typed('envoy.type.matcher.v3.HttpRequestHeaderMatchInput', { header_name: header }),
  };
}
