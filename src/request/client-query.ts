// The client's query goes along to a provider of its own dialect (`?beta=true`), except for a key, which is a credential.

import type { ClientDialect } from '../contract/dialect.ts';
import type { RequestHead } from '../contract/exchange.ts';

/** Of AWS what a signed URL holds, of Google what https://cloud.google.com/apis/docs/system-parameters names. */
const CREDENTIAL = /^(?:key|api[-_]?key|(?:access|oauth)_token|subscription-key|x-amz-.*)$/i;

const GOOGLE_KEY = 'x-goog-api-key';

/** Without the question mark; empty where nothing is left. */
export function clientQuery(path: string): string {
  return pairsOf(path)
    .filter((pair) => pair !== '' && !isCredential(pair))
    .join('&');
}

/** The credentials in the query, as a header would carry them. */
export function clientCredentials(path: string): string[] {
  return pairsOf(path)
    .filter(isCredential)
    .flatMap((pair) => [...new URLSearchParams(pair).values()])
    .filter((value) => value !== '');
}

/** A header of the client's. Google takes its key in the query as well as in a header: here it is a header, wherever it came. */
export function clientHeader(head: RequestHead, dialect: ClientDialect, name: string): string | undefined {
  const value = head.header(name);
  return value === undefined && dialect === 'gemini' && name === GOOGLE_KEY ? googleKey(head.path) : value;
}

/** Only what a header may hold. */
function googleKey(path: string): string | undefined {
  return pairsOf(path)
    .map((pair) => new URLSearchParams(pair).get('key') ?? '')
    .find((key) => /^[\x21-\x7e]+$/.test(key));
}

/** By its name as whoever receives it reads that. */
function isCredential(pair: string): boolean {
  const [name = ''] = new URLSearchParams(pair).keys();
  return CREDENTIAL.test(name);
}

function pairsOf(path: string): string[] {
  const start = path.indexOf('?');
  return start < 0 ? [] : path.slice(start + 1).split('&');
}
