// Which credential a target sends: its own key, the caller's, a signature of Envoy's, or none. Called by provider-entry.ts.

import type { KeyHeader, ProviderDefinition } from '../providers/provider-definition.ts';
import type { ConfigPath } from './config-error.ts';
import type { ProviderEntry } from './config-file.ts';
import type { Credential } from './gateway-config.ts';
import type { LoadContext } from './load-context.ts';

type KeyPlaces = Omit<Extract<Credential, { type: 'key' }>, 'type'>;
type KeyPlace = Pick<KeyPlaces, 'header' | 'value'>;

export interface ReadCredential {
  readonly credential: Credential;
  /** True where the key is unset: the built-in demo provider answers instead, if there is one. */
  readonly demo: boolean;
  /** The unset variables of the key. */
  readonly variables: readonly string[];
}

/** Undefined where there is a problem; it is then in `context.problems`. */
export function readCredential(
  entry: ProviderEntry,
  definition: ProviderDefinition,
  path: ConfigPath,
  context: LoadContext,
): ReadCredential | undefined {
  const at = [...path, 'access_key'];
  const name = entry.name ?? entry.model;
  if (entry.passthrough_auth === true) {
    if (entry.access_key !== undefined) {
      context.warn(`${name}: access_key is not used, since passthrough_auth sends the caller's credentials`);
    }
    return { credential: { type: 'passthrough' }, demo: false, variables: [] };
  }
  if (context.problems.has(at)) return undefined;
  if (entry.access_key === undefined) {
    if (definition.signing !== undefined)
      return { credential: { type: 'signed' }, demo: false, variables: [] };
    const keyless =
      definition.keyOptional || (entry.base_url !== undefined && definition.origin !== undefined);
    const custom = definition.origin === undefined && entry.provider_interface !== undefined;
    if (keyless || custom) return { credential: { type: 'none' }, demo: false, variables: [] };
    context.problems.add(
      at,
      'this key is missing',
      `write access_key: $${definition.keyVariable}, or passthrough_auth: true to send the caller's own`,
    );
    return undefined;
  }
  const variables = context.unsetVariables(at);
  if (variables.length > 0) return { credential: { type: 'none' }, demo: true, variables };
  const key = readKey(entry.access_key, at, context);
  if (key === undefined) return undefined;
  return { credential: { type: 'key', ...place(definition, key) }, demo: false, variables: [] };
}

function place({ auth, dialectAuth = {} }: ProviderDefinition, key: string): KeyPlaces {
  const write = ({ header, prefix }: KeyHeader): KeyPlace => ({ header, value: prefix + key });
  const others = Object.entries(dialectAuth).map(([dialect, own]) => [dialect, write(own)] as const);
  return { ...write(auth), ...(others.length === 0 ? {} : { byDialect: Object.fromEntries(others) }) };
}

/** A key that a header can carry; undefined where there is a problem. The key itself is never part of a message. */
export function readKey(written: string, path: ConfigPath, { problems }: LoadContext): string | undefined {
  const key = written.trim();
  if (/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(key)) return key;
  const message = 'this key is empty or holds characters that no HTTP header can carry';
  problems.add(path, message, 'check where it comes from');
  return undefined;
}
