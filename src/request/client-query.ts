// The client's query goes along to a provider of its own dialect (`?beta=true`), except for a key, which is a credential.

/** Without the question mark; empty where nothing is left. */
export function clientQuery(path: string): string {
  const start = path.indexOf('?');
  if (start < 0) return '';
  return path
    .slice(start + 1)
    .split('&')
    .filter((pair) => pair !== '' && !/^(key|api[-_]key|access_token)(=|$)/i.test(pair))
    .join('&');
}
