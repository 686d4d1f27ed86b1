// The client's query goes along to a provider of its own dialect (`?beta=true`), except for a key, which is a credential.

const CREDENTIAL = /^(?:key|api[-_]key|access_token)(?:=|$)/i;

/** Without the question mark; empty where nothing is left. */
export function clientQuery(path: string): string {
  return pairsOf(path)
    .filter((pair) => pair !== '' && !CREDENTIAL.test(pair))
    .join('&');
}

/** The credentials in the query, as a header would carry them. */
export function clientCredentials(path: string): string[] {
  return pairsOf(path)
    .filter((pair) => CREDENTIAL.test(pair))
    .flatMap((pair) => [...new URLSearchParams(pair).values()])
    .filter((value) => value !== '');
}

function pairsOf(path: string): string[] {
  const start = path.indexOf('?');
  return start < 0 ? [] : path.slice(start + 1).split('&');
}
