// The client's query goes along to a provider of its own dialect (`?beta=true`), except for a key, which is a credential.

/** Of AWS what a signed URL holds, of Google what https://cloud.google.com/apis/docs/system-parameters names. */
const CREDENTIAL = /^(?:key|api[-_]?key|(?:access|oauth)_token|subscription-key|x-amz-.*)$/i;

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

/** By its name as whoever receives it reads that. */
function isCredential(pair: string): boolean {
  const [name = ''] = new URLSearchParams(pair).keys();
  return CREDENTIAL.test(name);
}

function pairsOf(path: string): string[] {
  const start = path.indexOf('?');
  return start < 0 ? [] : path.slice(start + 1).split('&');
}
