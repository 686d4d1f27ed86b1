// The error for what must not be lost and has no place in Chat.

import { GatewayError } from '../../contract/gateway-error.ts';

export function cannotSay(what: string, param: string): GatewayError {
  return new GatewayError(
    'invalid-request',
    `'${param}' is a ${what}, which openai-chat cannot be told`,
    param,
  );
}
