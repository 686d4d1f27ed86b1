// OpenAI's failures, the same in both of its APIs.

import { FAILURE_TEXT, type Failure } from './vendor.ts';

/** https://platform.openai.com/docs/guides/error-codes */
export const OPENAI_FAILURES: Readonly<
  Record<
    Failure,
    {
      readonly status: number;
      readonly type: string;
      readonly code: string | null;
      readonly headers?: Record<string, string>;
    }
  >
> = {
  invalid: { status: 400, type: 'invalid_request_error', code: 'invalid_value' },
  authentication: { status: 401, type: 'invalid_request_error', code: 'invalid_api_key' },
  'rate-limited': {
    status: 429,
    type: 'requests',
    code: 'rate_limit_exceeded',
    headers: { 'retry-after': '7' },
  },
  internal: { status: 500, type: 'server_error', code: null },
  overloaded: { status: 503, type: 'service_unavailable_error', code: 'slow_down' },
};

export function openaiErrorBody(failure: Failure): object {
  const { type, code } = OPENAI_FAILURES[failure];
  return {
    error: { message: FAILURE_TEXT[failure], type, param: failure === 'invalid' ? 'messages' : null, code },
  };
}
