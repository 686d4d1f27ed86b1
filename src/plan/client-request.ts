// A client's request as the stages hand it around to make attempts from: in whatever dialect it came, untouched.

import type { ClientDialect } from '../contract/dialect.ts';
import type { DecodedRequest } from '../dialects/client-dialect.ts';
import { DIALECT_MODULES } from '../translate/dialect-modules.ts';
import type { ReadBody } from './read-body.ts';

export interface ClientRequest {
  readonly dialect: ClientDialect;
  readonly stream: boolean;
  /** The client's query without credentials: `beta=true`, or empty. */
  readonly query: string;
  readonly body: ReadBody;
  /** The client's own header; names are lower case. */
  header(name: string): string | undefined;
  /** 24 hexadecimal digits, new for every exchange. */
  readonly seed: string;
  /** Unix time in seconds. */
  readonly created: number;
  /** What came before it was put into its input, from what the gateway kept; absent = no. */
  readonly resumed?: boolean;
  /** The key under which its answer is kept, should it be translated; absent = it is not kept. */
  readonly keepAs?: string | undefined;
}

/** @throws GatewayError 'invalid-request' */
export function decode({ dialect, body, query }: ClientRequest): DecodedRequest {
  return DIALECT_MODULES[dialect].decodeRequest(body.value, query);
}
