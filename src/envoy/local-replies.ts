// Envoy's own errors (provider unreachable, body too large, time-out, our service away) in the caller's dialect. The
// service's own answers pass through Envoy as local replies too; they are worded already and recognised by their mark.

import type { ClientDialect } from '../contract/dialect.ts';
import { METADATA_NAMESPACE } from '../contract/owned-headers.ts';
import type { EnvoyMessage } from './json-config.ts';

interface Wording {
  /** All must hold; none = always. */
  readonly when: readonly EnvoyMessage[];
  readonly message: string;
  /** `error.type` and `error.code` of OpenAI's body. */
  readonly type: 'invalid_request_error' | 'server_error';
  readonly code: string;
  /** `error.type` of Anthropic's: https://docs.anthropic.com/en/api/errors */
  readonly anthropicType: string;
  /** `error.status` of Google's: https://cloud.google.com/apis/design/errors */
  readonly googleStatus: string;
}

/** Envoy's sentence, and its flags, which the operator can look up: UF, UT, URX… */
const NO_ANSWER = 'the provider did not answer: %LOCAL_REPLY_BODY% (%RESPONSE_FLAGS%)';
/** Envoy's sentence would name the service's address; the operator finds that in Envoy's log. */
const SERVICE_AWAY = "the gateway's routing service did not answer; the request was not sent to any provider";

/** As request/endpoints.ts has it, with its query. */
const GEMINI_PATH = '/v1(beta[0-9]?|alpha)/.*|/v1/.*(:|%3[Aa])[A-Za-z]+(\\?.*)?';

const OTHERWISE: Wording = {
  when: [],
  message: NO_ANSWER,
  type: 'server_error',
  code: 'provider_unavailable',
  anthropicType: 'api_error',
  googleStatus: 'UNAVAILABLE',
};

export function localReplyConfig(): EnvoyMessage {
  const isOurs = metadata('answered_by', { exact: 'pointsman' }, false);
  const isAnthropic = speaks('anthropic-messages', { prefix: '/v1/messages' });
  const isGemini = speaks('gemini', { safe_regex: { regex: GEMINI_PATH } });
  const isDecision = pathIs({ prefix: '/routing/' });
  const wordings = wordingsInOrder();
  return {
    mappers: [
      {
        filter: isOurs,
        body_format_override: {
          text_format_source: { inline_string: '%LOCAL_REPLY_BODY%' },
          content_type: 'application/json',
        },
      },
      ...wordings.map((wording) => mapper([isAnthropic, ...wording.when], anthropicBody(wording))),
      ...wordings.map((wording) => mapper([isGemini, ...wording.when], geminiBody(wording))),
      ...wordings.map((wording) => mapper([isDecision, ...wording.when], decisionBody(wording))),
      ...wordings
        .filter((wording) => wording !== OTHERWISE)
        .map((wording) => mapper(wording.when, openaiBody(wording))),
    ],
    body_format: { json_format: openaiBody(OTHERWISE) },
  };
}

/** The first that fits counts. */
function wordingsInOrder(): Wording[] {
  const undecided = isUndecided();
  return [
    {
      when: [statusIs(413)],
      message: 'the body is larger than the gateway accepts',
      type: 'invalid_request_error',
      code: 'request_too_large',
      anthropicType: 'request_too_large',
      googleStatus: 'INVALID_ARGUMENT',
    },
    {
      when: [undecided, statusIs(503)],
      message: SERVICE_AWAY,
      type: 'server_error',
      code: 'gateway_unavailable',
      anthropicType: 'api_error',
      googleStatus: 'UNAVAILABLE',
    },
    {
      when: [undecided],
      message: 'the gateway refused the request: %LOCAL_REPLY_BODY%',
      type: 'invalid_request_error',
      code: 'request_refused',
      anthropicType: 'invalid_request_error',
      googleStatus: 'INVALID_ARGUMENT',
    },
    {
      when: [statusIs(504)],
      message: NO_ANSWER,
      type: 'server_error',
      code: 'provider_timeout',
      anthropicType: 'timeout_error',
      googleStatus: 'DEADLINE_EXCEEDED',
    },
    OTHERWISE,
  ];
}

function mapper(when: readonly EnvoyMessage[], body: EnvoyMessage): EnvoyMessage {
  return { filter: allOf(when), body_format_override: { json_format: body } };
}

function openaiBody({ message, type, code }: Wording): EnvoyMessage {
  return { error: { message, type, code } };
}

function anthropicBody({ message, anthropicType }: Wording): EnvoyMessage {
  return { type: 'error', error: { type: anthropicType, message } };
}

/** The code is a number: Envoy keeps the type of a value that stands alone. */
function geminiBody({ message, googleStatus }: Wording): EnvoyMessage {
  return { error: { code: '%RESPONSE_CODE%', message, status: googleStatus } };
}

/** Plano's body for the endpoints that only decide, as request/answers.ts words it. */
function decisionBody({ message, type }: Wording): EnvoyMessage {
  const code = type === 'server_error' ? 'InternalError' : 'InvalidRequest';
  return { error: { code, message, type, details: {} } };
}

function allOf(filters: readonly EnvoyMessage[]): EnvoyMessage {
  const [only, ...more] = filters;
  return only !== undefined && more.length === 0 ? only : { and_filter: { filters: [...filters] } };
}

/** The request stage's dynamic metadata; `missing` is the verdict where the service has said nothing. */
function metadata(key: string, match: EnvoyMessage, missing: boolean): EnvoyMessage {
  return {
    metadata_filter: {
      matcher: { filter: METADATA_NAMESPACE, path: [{ key }], value: { string_match: match } },
      match_if_key_not_found: missing,
    },
  };
}

/** By what the service said; where it said nothing, by the path, which is then still the caller's and not the provider's. */
function speaks(dialect: ClientDialect, path: EnvoyMessage): EnvoyMessage {
  const byPath = allOf([isUndecided(), pathIs(path)]);
  return { or_filter: { filters: [metadata('dialect', { exact: dialect }, false), byPath] } };
}

/** The service has said nothing: no dialect begins like that. */
function isUndecided(): EnvoyMessage {
  return metadata('dialect', { prefix: '-' }, true);
}

function pathIs(match: EnvoyMessage): EnvoyMessage {
  return { header_filter: { header: { name: ':path', string_match: match } } };
}

function statusIs(status: number): EnvoyMessage {
  const value = { default_value: status, runtime_key: `pointsman.local_reply_${status}` };
  return { status_code_filter: { comparison: { op: 'EQ', value } } };
}
