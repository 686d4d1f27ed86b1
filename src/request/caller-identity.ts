// Who is calling, as far as the credentials that came with a request can tell. Nobody checks them here: it is by holding the
// same ones that a caller finds again what was kept for it.

import { hash } from 'node:crypto';
import type { RequestHead } from '../contract/exchange.ts';
import { CREDENTIAL_HEADERS } from '../contract/owned-headers.ts';
import { clientCredentials } from './client-query.ts';

/** Those that name an account and are no secret. */
const ACCOUNT = /^(?:openai-|chatgpt-|x-goog-user-)/;

/** A digest that nobody makes without both the credentials and the id. Callers without credentials are one caller. */
export function keyOf(head: RequestHead, id: string): string {
  const held = new Set(clientCredentials(head.path));
  for (const name of CREDENTIAL_HEADERS) {
    const value = head.header(name)?.trim();
    if (value === undefined || value === '') continue;
    // The same key counts as the same in whatever form it comes.
    held.add(ACCOUNT.test(name) ? `${name}: ${value}` : value.replace(/^bearer\s+/i, ''));
  }
  return hash('sha256', JSON.stringify([[...held].sort(), id]), 'base64url');
}
