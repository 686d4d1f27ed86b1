// The extra headers of a provider entry: valid names and values, and none that Envoy or the gateway owns. Called by
// provider-entry.ts. Values may be secrets and are never part of a message.

import { AFFINITY_HEADER, CLUSTER_HEADER } from '../contract/owned-headers.ts';
import type { ConfigPath } from './config-error.ts';
import type { LoadContext } from './load-context.ts';

const OWNED: Readonly<Record<string, string>> = {
  host: 'write http_host instead',
  'content-length': 'it is set for every request',
  'transfer-encoding': 'it is set for every request',
  connection: 'it is set for every request',
  [CLUSTER_HEADER]: 'it belongs to the gateway',
  [AFFINITY_HEADER]: 'it belongs to the gateway',
};

/** Undefined where there is a problem; it is then in `context.problems`. Names in lower case, in the file's order. */
export function readHeaders(
  headers: Readonly<Record<string, string>>,
  path: ConfigPath,
  { problems }: LoadContext,
): readonly (readonly [name: string, value: string])[] | undefined {
  const read = new Map<string, string>();
  let sound = true;
  const refuse = (name: string, message: string, hint: string, part: 'key' | 'value'): void => {
    sound = false;
    problems.add([...path, name], message, hint, part);
  };
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    const owned = Object.hasOwn(OWNED, lower) ? OWNED[lower] : undefined;
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(lower)) {
      refuse(name, 'this is not a header name', 'write letters, digits and -', 'key');
    } else if (owned !== undefined) {
      refuse(name, 'this header cannot be set here', owned, 'key');
    } else if (read.has(lower)) {
      refuse(name, 'this header is here twice', 'upper and lower case are the same', 'key');
    } else if (!/^[\t\x20-\x7e\x80-\uffff]*$/.test(value)) {
      refuse(
        name,
        'the value holds characters that no HTTP header can carry',
        'write it on one line',
        'value',
      );
    } else if (problems.has([...path, name])) {
      sound = false;
    } else {
      read.set(lower, value.trim());
    }
  }
  return sound ? [...read] : undefined;
}
