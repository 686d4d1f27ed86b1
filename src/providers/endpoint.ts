// From a base URL to what Envoy and the request stage need: host, port, TLS, and a path for each dialect. Called by the
// configuration for every provider entry. Knows no YAML.

import type { Dialect } from '../contract/dialect.ts';
import type { DialectPaths, ProviderDefinition } from './provider-definition.ts';

export interface Endpoint {
  /** Lower case, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** As in an `:authority`: IPv6 in brackets, with a port unless it is the scheme's own. */
  readonly authority: string;
  /** Path of the base URL without its trailing slash; empty where it has none. */
  readonly path: string;
  /** With its `?`, or empty. Goes out with every request (Azure's `?api-version=…`). */
  readonly query: string;
}

/** What is wrong with a base URL, in words that never repeat the URL: it may hold a secret. */
export interface EndpointProblem {
  readonly message: string;
  readonly hint: string;
}

const EXAMPLE = 'write a URL such as https://host.example or http://127.0.0.1:8000/v1';

export function parseEndpoint(baseUrl: string): Endpoint | EndpointProblem {
  if (!/^https?:\/\//i.test(baseUrl)) {
    return { message: 'the URL must begin with http:// or https://', hint: EXAMPLE };
  }
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch {
    return { message: 'this is not a valid URL', hint: EXAMPLE };
  }
  if (url.username !== '' || url.password !== '') {
    return { message: 'the URL holds credentials', hint: 'put the key into access_key' };
  }
  if (url.hash !== '') return { message: 'the URL ends in a #fragment', hint: 'leave it out' };
  if (url.port === '0') return { message: 'port 0 cannot be connected to', hint: EXAMPLE };
  const tls = url.protocol === 'https:';
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (tls ? 443 : 80) : Number(url.port),
    tls,
    authority: url.host,
    // Braces are escaped by URL, but `{model}` is ours.
    path: url.pathname.replaceAll('%7Bmodel%7D', '{model}').replace(/\/+$/, ''),
    query: url.search.replaceAll('%7Bmodel%7D', '{model}'),
  };
}

/**
 * The path for each dialect. A path in the base URL says where the API begins, so it replaces the definition's base
 * path (as in Plano): with `/v1` in the catalogue, `http://host:8000` and `http://host:8000/v1` are the same.
 */
export function dialectPaths(
  { basePath, paths, separatePaths = {}, unversioned }: ProviderDefinition,
  { path, query }: Endpoint,
): DialectPaths {
  if (path === '') return { ...prefixed(paths, basePath, query), ...prefixed(separatePaths, '', query) };
  const isOther = unversioned !== undefined && !path.endsWith(unversioned.version);
  return prefixed(isOther ? unversioned.paths : paths, path, query);
}

/** The paths of streamed answers, where they are others. */
export function streamPaths(
  { basePath, streamPaths = {} }: ProviderDefinition,
  endpoint: Endpoint,
): DialectPaths {
  return prefixed(streamPaths, endpoint.path === '' ? basePath : endpoint.path, endpoint.query);
}

function prefixed(paths: DialectPaths, basePath: string, query: string): DialectPaths {
  const whole: Partial<Record<Dialect, string>> = {};
  for (const [dialect, path] of Object.entries(paths) as [Dialect, string][]) {
    whole[dialect] = basePath + path + query;
  }
  return whole;
}
