// What Converse cannot be told: an error where it must not be lost, else a warning.

import { GatewayError } from '../../contract/gateway-error.ts';
import type { Warning } from '../../conversation/warning.ts';

const DIALECT = 'bedrock-converse';

export function cannotSay(what: string, param: string): GatewayError {
  return new GatewayError('invalid-request', `'${param}': ${DIALECT} cannot be told ${what}`, param);
}

export function unknown(param: string): Warning {
  return { param, message: `not known to ${DIALECT}` };
}
