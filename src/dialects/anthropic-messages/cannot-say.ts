// The error for what must not be lost and has no place in Messages.

import { GatewayError } from '../../contract/gateway-error.ts';
import { DIALECT } from './keep-rest.ts';

export function cannotSay(what: string, param: string): GatewayError {
  return new GatewayError(
    'invalid-request',
    `'${param}' is a ${what}, which ${DIALECT} cannot be told`,
    param,
  );
}
