// One row of the golden table: the same thing said in every dialect. What a dialect has no words for is said to be so, so
// that a dialect that nobody thought of shows as missing.

import type { Dialect } from '../../src/contract/dialect.ts';
import type { ClientRequest } from '../../src/plan/client-request.ts';
import type { VendorDialect } from '../vendors/vendor.ts';

export type ClientDialect = ClientRequest['dialect'];

/** The dialect cannot say it: there is no such cell. */
export const NO_WORDS = 'no words';

export interface GoldenCase {
  /** Kebab-case; names the file with the outcomes. */
  readonly name: string;
  /** Bodies as each dialect's clients send them. Absent = the case is about answers, to a request for a short text. */
  readonly requests?: Readonly<Record<ClientDialect, object | typeof NO_WORDS>>;
  /** Holds what this gateway wrapped for the client: it is taken out even where the body else passes as it is. */
  readonly isWrapped?: boolean;
  /** Whether the client asks for a stream. */
  readonly stream?: boolean;
  readonly answers?: Readonly<Record<VendorDialect, ProviderAnswer | typeof NO_WORDS>>;
  readonly streams?: Readonly<Record<VendorDialect, readonly Buffer[] | typeof NO_WORDS>>;
}

export interface ProviderAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Where an outcome stands in the table. */
export interface Cell {
  readonly kind: 'request' | 'answer' | 'stream';
  readonly from: Dialect;
  readonly to: Dialect;
}

export function nameOf({ kind, from, to }: Cell): string {
  return `${kind} ${from} → ${to}`;
}
