// What there is to know about a provider before a request exists. The catalogue holds one per built-in provider; the
// configuration turns one plus an entry of the file into a target. Knows no YAML and no keys.

import type { Dialect } from '../contract/dialect.ts';
import type { JsonValue } from '../json/json-value.ts';

export interface ProviderDefinition {
  /** Scheme and host, no path; undefined where every customer has an own one, so that `base_url` is required. */
  readonly origin: string | undefined;
  /** The form of such a `base_url`, for hints. */
  readonly originForm?: string;
  /** Path before the operation, without a trailing slash; the path of a `base_url` replaces it. May be empty. */
  readonly basePath: string;
  /** Only the dialects that the vendor documents: the path after `basePath`. What others are translated to comes first. */
  readonly paths: DialectPaths;
  /** Where a streamed answer is asked for at a path of its own. */
  readonly streamPaths?: DialectPaths;
  /** Dialects served outside `basePath`: whole paths. They are gone where a `base_url` brings a path of its own. */
  readonly separatePaths?: DialectPaths;
  /** A `base_url` whose path does not end in `version` is the beginning of these alone. */
  readonly unversioned?: { readonly version: string; readonly paths: DialectPaths };
  readonly auth: KeyHeader;
  /** Where a dialect wants the key elsewhere. */
  readonly dialectAuth?: Readonly<Partial<Record<Dialect, KeyHeader>>>;
  /** Where a key is left out, Envoy signs the request for this service. */
  readonly signing?: AwsSigning;
  /** True where a request without a key can succeed. */
  readonly keyOptional: boolean;
  /** The customary name of the environment variable with the key, for hints. */
  readonly keyVariable: string;
  /** What a `base_url` has to lead to, where its path says more than where the API begins. */
  readonly basePattern?: RegExp;
  /** What is changed in every body. */
  readonly body?: BodyEdit;
  /** Models that are called in another way: of the first whose pattern their id fits. Wildcards fit none. */
  readonly variants?: readonly ModelVariant[];
  /** Refuses Chat's `stream_options`. */
  readonly refusesStreamOptions?: boolean;
  /** Refuses instructions in mid-conversation as turns of Messages, whatever the model takes elsewhere. */
  readonly refusesSystemTurns?: boolean;
  /** To be sent where the caller sent none, names in lower case. */
  readonly defaultHeaders?: readonly (readonly [name: string, value: string])[];
}

export interface ModelVariant
  extends Pick<ProviderDefinition, 'paths' | 'streamPaths' | 'body' | 'refusesSystemTurns'> {
  readonly models: RegExp;
}

/** Top-level members of a request's body. */
export interface BodyEdit {
  readonly remove: readonly string[];
  readonly set: Readonly<Record<string, JsonValue>>;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
export interface AwsSigning {
  readonly service: string;
  /** Its first group is the region, in a host of the service. */
  readonly region: RegExp;
}

export type DialectPaths = Readonly<Partial<Record<Dialect, string>>>;

/** The key goes out as `header: prefix + key`. */
export interface KeyHeader {
  readonly header: string;
  readonly prefix: string;
}

export const BEARER: KeyHeader = { header: 'authorization', prefix: 'Bearer ' };
