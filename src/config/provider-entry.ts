// One entry of model_providers to one target: its endpoint, paths, credential and headers. Called by targets.ts, which
// compares the entries with each other.

import {
  definitionOf,
  findInterface,
  findProvider,
  interfaceNames,
  providerNames,
  unservedProvider,
} from '../providers/catalogue.ts';
import { dialectPaths, type Endpoint, parseEndpoint, streamPaths } from '../providers/endpoint.ts';
import type { DialectPaths, ProviderDefinition } from '../providers/provider-definition.ts';
import { closestName } from './closest-name.ts';
import type { ClusterList } from './cluster-list.ts';
import { type ConfigPath, formatPath } from './config-error.ts';
import type { ProviderEntry } from './config-file.ts';
import { readCredential } from './credential.ts';
import type { ProviderCluster, Target } from './gateway-config.ts';
import type { LoadContext } from './load-context.ts';
import { readHeaders } from './provider-headers.ts';

export interface EntrySettings {
  readonly path: ConfigPath;
  readonly clusters: ClusterList;
  /** CA bundle where the entry names none. */
  readonly caFile: string | undefined;
}

/** Undefined where the entry has a problem; it is then in `context.problems`. */
export function readProviderEntry(
  entry: ProviderEntry,
  settings: EntrySettings,
  context: LoadContext,
): Target | undefined {
  const { path } = settings;
  const slash = entry.model.indexOf('/');
  const provider = entry.model.slice(0, slash);
  const modelId = entry.model.slice(slash + 1);
  if (slash < 1 || !/^[\w.-]+$/.test(provider) || modelId === '' || /[\s\p{C}]/u.test(modelId)) {
    context.problems.add(
      [...path, 'model'],
      `${context.problems.quote([...path, 'model'], entry.model)} does not name a provider and a model`,
      'write provider/model_id, such as openai/gpt-4o, or provider/* for all its models',
    );
    return undefined;
  }
  if (modelId !== '*' && modelId.endsWith('/*')) {
    context.problems.add(
      [...path, 'model'],
      'a wildcard stands for all models of a provider',
      `write ${provider}/*`,
    );
    return undefined;
  }
  const unserved = unservedReason(entry);
  if (unserved !== undefined) {
    context.warn(`${formatPath(path)}: requests for ${entry.model} are answered with 501: ${unserved}`);
    return unservedTarget(entry, provider, modelId);
  }
  const found = findDefinition(entry, provider, path, context);
  const definition = found && definitionOf(found, modelId);
  const endpoint = definition && readEndpoint(entry, provider, definition, path, context);
  const headers = readHeaders(entry.headers ?? {}, [...path, 'headers'], context);
  const authority = readHost(entry.http_host, endpoint, [...path, 'http_host'], context);
  if (definition === undefined || endpoint === undefined) return undefined;
  const key = readCredential(entry, definition, path, context);
  if (key === undefined || headers === undefined || authority === undefined) return undefined;

  const signing =
    key.credential.type === 'signed' ? readSigning(definition, authority, path, context) : undefined;
  if (key.credential.type === 'signed' && signing === undefined) return undefined;

  const name = entry.name ?? entry.model;
  const demoSocket = key.demo ? context.demoSocket : undefined;
  const own = dialectPaths(definition, endpoint);
  const isStrange = own['bedrock-converse'] !== undefined || definition.body !== undefined;
  const paths = demoSocket !== undefined && isStrange ? DEMO_PATHS : own;
  warnAboutPaths(entry, paths, context);
  if (demoSocket !== undefined) {
    context.warn(`${name} is answered by the built-in demo provider: set ${key.variables.join(' and ')}`);
  }
  const caFile = entry.tls?.ca_file ?? settings.caFile;
  checkFile(entry.tls?.ca_file, [...path, 'tls', 'ca_file'], context);
  const sni = entry.tls?.sni ?? (entry.http_host === undefined ? endpoint.host : hostOf(authority));
  const tls = endpoint.tls ? { sni, caFile } : undefined;
  return {
    name,
    provider,
    modelId,
    cluster:
      demoSocket !== undefined
        ? settings.clusters.demo(demoSocket)
        : settings.clusters.nameFor(provider, {
            endpoint: { type: 'address', host: endpoint.host, port: endpoint.port },
            tls,
            ...(signing === undefined ? {} : { signing }),
          }),
    authority,
    paths,
    ...(definition.streamPaths === undefined ? {} : { streamPaths: streamPaths(definition, endpoint) }),
    fallback: [],
    credential: key.credential,
    headers: demoSocket === undefined ? headers : [...headers, ...demoHeaders(entry.model, key.variables)],
    ...(definition.body === undefined || demoSocket !== undefined ? {} : { body: definition.body }),
    ...(definition.refusesStreamOptions === true ? { refusesStreamOptions: true } : {}),
    ...(definition.refusesSystemTurns === true ? { refusesSystemTurns: true } : {}),
    ...(definition.defaultHeaders === undefined ? {} : { defaultHeaders: definition.defaultHeaders }),
  };
}

/** Envoy does not start without a file that it is told to trust. */
export function checkFile(file: string | undefined, path: ConfigPath, context: LoadContext): void {
  if (file === undefined || context.problems.has(path) || context.fileExists(file)) return;
  context.problems.add(
    path,
    'this file does not exist or cannot be read',
    'write the path of a file with CA certificates (PEM)',
  );
}

/** Why no model of this entry can be called; an interface of one's own can make it callable. */
export function unservedReason(
  entry: Pick<ProviderEntry, 'model' | 'provider_interface'>,
): string | undefined {
  const { model, provider_interface: spoken } = entry;
  return unservedProvider(spoken ?? model.split('/', 1)[0] ?? '');
}

/** Speaks no dialect, so that it is never sent anything: no cluster, no key. */
function unservedTarget(entry: ProviderEntry, provider: string, modelId: string): Target {
  return {
    name: entry.name ?? entry.model,
    provider,
    modelId,
    cluster: '',
    authority: '',
    paths: {},
    fallback: [],
    credential: { type: 'none' },
    headers: [],
  };
}

/** For targets that are asked as no client asks: the demo provider would not understand. */
const DEMO_PATHS: DialectPaths = { 'openai-chat': '/v1/chat/completions' };

/** What the demo provider names in its answers; see demo/demo-provider.ts. */
function demoHeaders(model: string, variables: readonly string[]): [name: string, value: string][] {
  return [
    ['x-pointsman-demo-target', model],
    ['x-pointsman-demo-variable', variables.join(' and ')],
  ];
}

function findDefinition(
  entry: ProviderEntry,
  provider: string,
  path: ConfigPath,
  { problems }: LoadContext,
): ProviderDefinition | undefined {
  const builtIn = findProvider(provider);
  const spoken = entry.provider_interface;
  if (spoken === undefined || (builtIn !== undefined && spoken === provider)) {
    if (builtIn !== undefined) return builtIn;
    const meant = closestName(provider, providerNames());
    const custom = 'for a provider of your own add base_url and provider_interface (openai or anthropic)';
    problems.add(
      [...path, 'model'],
      `${problems.quote([...path, 'model'], provider)} is not a built-in provider`,
      meant === undefined ? custom : `did you mean ${meant}? Otherwise ${custom}`,
    );
    return undefined;
  }
  const definition = findInterface(spoken);
  if (definition === undefined) {
    const at = [...path, 'provider_interface'];
    const meant = closestName(spoken, interfaceNames());
    problems.add(
      at,
      `${problems.quote(at, spoken)} is not a known interface`,
      meant === undefined ? 'write openai or anthropic' : `did you mean ${meant}?`,
    );
    return undefined;
  }
  // A built-in provider keeps its address; a custom one has none but base_url.
  return { ...definition, origin: builtIn?.origin };
}

function readEndpoint(
  entry: ProviderEntry,
  provider: string,
  definition: ProviderDefinition,
  path: ConfigPath,
  { problems }: LoadContext,
): Endpoint | undefined {
  const at = [...path, 'base_url'];
  const url = entry.base_url ?? definition.origin;
  if (url === undefined) {
    problems.add(
      at,
      `${provider} needs a base_url`,
      `write base_url: ${definition.originForm ?? 'and its URL, such as https://host.example'}`,
    );
    return undefined;
  }
  if (problems.has(at)) return undefined;
  const endpoint = parseEndpoint(url);
  if ('message' in endpoint) {
    problems.add(at, endpoint.message, endpoint.hint);
    return undefined;
  }
  if (definition.basePattern?.test(endpoint.path) === false) {
    problems.add(
      at,
      `this URL does not lead to an API of ${provider}`,
      `write base_url: ${definition.originForm}`,
    );
    return undefined;
  }
  if (!endpoint.tls && entry.tls !== undefined) {
    problems.add(
      [...path, 'tls'],
      'TLS settings for a base_url without TLS',
      'write https:// or leave tls out',
    );
    return undefined;
  }
  return endpoint;
}

function readHost(
  written: string | undefined,
  endpoint: Endpoint | undefined,
  path: ConfigPath,
  { problems }: LoadContext,
): string | undefined {
  if (written === undefined) return endpoint?.authority;
  if (problems.has(path)) return undefined;
  if (/^(?:[\w.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/i.test(written)) return written;
  problems.add(path, 'this is not a host name', 'write a host, such as api.example.com, or host:port');
  return undefined;
}

/** What is signed says for which region, and only the host tells it. */
function readSigning(
  { signing, originForm }: ProviderDefinition,
  authority: string,
  path: ConfigPath,
  { problems }: LoadContext,
): ProviderCluster['signing'] {
  const region = signing?.region.exec(hostOf(authority))?.[1];
  if (signing !== undefined && region !== undefined) return { service: signing.service, region };
  problems.add(
    [...path, 'base_url'],
    'requests without an access_key are signed for an AWS region, and this host names none',
    `write base_url: ${originForm}, or such a host as http_host`,
  );
  return undefined;
}

function hostOf(authority: string): string {
  return authority.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

/** Plano's rule is that a path replaces the base path; people used to Anthropic's SDK leave `/v1` out of it. */
function warnAboutPaths(entry: ProviderEntry, paths: Target['paths'], context: LoadContext): void {
  const messages = paths['anthropic-messages'];
  if (entry.base_url === undefined || messages === undefined || paths['openai-chat'] !== undefined) return;
  if (!/\/messages(\?|$)/.test(messages) || /\/v\d+\/messages(\?|$)/.test(messages)) return;
  context.warn(
    `${entry.name ?? entry.model}: the path of base_url does not end in a version, so requests go to …/messages and not to …/v1/messages; write it with /v1 if that is meant`,
  );
}
