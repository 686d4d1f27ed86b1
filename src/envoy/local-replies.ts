// Envoy's own errors (provider unreachable, body too large, time-out, our service away) in the caller's dialect. The
// service's own answers pass through Envoy as local replies too; they are worded already and recognised by their mark.

import { METADATA_NAMESPACE } from '../contract/owned-headers.ts';
import type { EnvoyMessage } from './json-config.ts';

const MESSAGE = 'the gateway got no answer for this request: %LOCAL_REPLY_BODY% (%RESPONSE_CODE_DETAILS%)';
const TOO_LARGE = 'the body is larger than the gateway accepts (%RESPONSE_CODE_DETAILS%)';

/** Anthropic's error types by status: https://docs.anthropic.com/en/api/errors */
const ANTHROPIC_TYPES: readonly (readonly [status: number, type: string, message: string])[] = [
  [413, 'request_too_large', TOO_LARGE],
  [429, 'rate_limit_error', MESSAGE],
  [504, 'timeout_error', MESSAGE],
];

export function localReplyConfig(): EnvoyMessage {
  const isOurs = metadataIs('answered_by', METADATA_NAMESPACE);
  const isAnthropic: EnvoyMessage = {
    or_filter: { filters: [metadataIs('dialect', 'anthropic-messages'), pathStartsWith('/v1/messages')] },
  };
  return {
    mappers: [
      {
        filter: isOurs,
        body_format_override: {
          text_format_source: { inline_string: '%LOCAL_REPLY_BODY%' },
          content_type: 'application/json',
        },
      },
      ...ANTHROPIC_TYPES.map(([status, type, message]) => ({
        filter: { and_filter: { filters: [isAnthropic, statusIs(status)] } },
        body_format_override: { json_format: { type: 'error', error: { type, message } } },
      })),
      {
        filter: isAnthropic,
        body_format_override: {
          json_format: { type: 'error', error: { type: 'api_error', message: MESSAGE } },
        },
      },
      {
        filter: statusIs(413),
        body_format_override: {
          json_format: openaiError('invalid_request_error', 'request_too_large', TOO_LARGE),
        },
      },
    ],
    body_format: { json_format: openaiError('server_error', 'gateway_error', MESSAGE) },
  };
}

function openaiError(type: string, code: string, message: string): EnvoyMessage {
  return { error: { message, type, code } };
}

function metadataIs(key: string, value: string): EnvoyMessage {
  return {
    metadata_filter: {
      matcher: { filter: METADATA_NAMESPACE, path: [{ key }], value: { string_match: { exact: value } } },
      match_if_key_not_found: false,
    },
  };
}

function pathStartsWith(prefix: string): EnvoyMessage {
  return { header_filter: { header: { name: ':path', string_match: { prefix } } } };
}

function statusIs(status: number): EnvoyMessage {
  return {
    status_code_filter: {
      comparison: {
        op: 'EQ',
        value: { default_value: status, runtime_key: `pointsman.local_reply_${status}` },
      },
    },
  };
}
