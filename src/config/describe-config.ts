// What a configuration would run, as plain text for `pointsman check`. Prints no credential, no
// header value and no path or query of a URL: any of them may hold a secret.

import type { Dialect } from '../contract/dialect.ts';
import { DIALECTS } from '../contract/dialect.ts';
import type {
  ConversationsConfig,
  Credential,
  FailoverConfig,
  GatewayConfig,
  ProviderCluster,
  Target,
  TracingConfig,
} from './gateway-config.ts';
import { formatByteSize, formatDuration } from './quantities.ts';

const DIALECT_NAMES: Readonly<Record<Dialect, string>> = {
  'openai-chat': 'chat',
  'openai-responses': 'responses',
  'anthropic-messages': 'messages',
  gemini: 'generateContent',
  'bedrock-converse': 'converse',
};

const CREDENTIAL_NAMES: Readonly<Record<Credential['type'], string>> = {
  key: 'key set',
  signed: 'signed by Envoy',
  passthrough: "caller's key",
  none: 'no key',
};

/** Ends with a line feed. */
export function describeConfig(config: GatewayConfig): string {
  const sections = [
    settings(config),
    section('Models', targetRows(config)),
    section(
      'Aliases',
      [...config.aliases].map(([alias, model]) => [alias, model]),
    ),
    section('Routes', routeRows(config)),
    section('Clusters', config.clusters.map(clusterRow)),
    section(
      'Warnings',
      config.warnings.map((warning) => [warning]),
    ),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function settings({
  listener,
  routing,
  failover,
  affinity,
  conversations,
  service,
  tracing,
}: GatewayConfig): string {
  const perTry = listener.perTryTimeout === 0 ? '' : `, per try ${formatDuration(listener.perTryTimeout)}`;
  const metrics =
    service.metrics === undefined ? 'off' : `${service.metrics.address}:${service.metrics.port}`;
  return table([
    [
      'Listener',
      `${listener.address}:${listener.port}, timeout ${formatDuration(listener.timeout)}${perTry}, retries ${listener.maxRetries}, bodies up to ${formatByteSize(listener.maxBodyBytes)}`,
    ],
    ['Router', routerText(routing)],
    ['Failover', failoverText(failover)],
    ['Conversations', conversationsText(conversations)],
    ['Sessions', `kept ${formatDuration(affinity.ttl)}, at most ${affinity.maxEntries}`],
    [
      'Service',
      `workers ${service.workers}, metrics ${metrics}, drains up to ${formatDuration(service.drainTimeout)}`,
    ],
    ...(tracing === undefined ? [] : [['Traces', tracesText(tracing)]]),
  ]);
}

function failoverText({
  on,
  attemptsPerTarget,
  perTryTimeout,
  firstByteTimeout,
  backOff,
  outlierDetection,
}: FailoverConfig): string {
  const conditions = [
    ...(on.connectFailure ? ['connect-failure'] : []),
    ...(on.reset ? ['reset'] : []),
    ...on.statuses.map(String),
    ...(on.serverErrors ? ['5xx'] : []),
    ...(on.firstByteTimeout ? [`no first byte in ${formatDuration(firstByteTimeout)}`] : []),
  ];
  const perTry = perTryTimeout === 0 ? '' : `, per try ${formatDuration(perTryTimeout)}`;
  const attempts = `${attemptsPerTarget === 1 ? '1 attempt' : `${attemptsPerTarget} attempts`} per model${perTry}`;
  const waits = `waits ${formatDuration(backOff.base)} to ${formatDuration(backOff.max)}`;
  const skips =
    outlierDetection === undefined
      ? ''
      : `; ${outlierDetection.consecutiveFailures} failures in a row: passed over for ${formatDuration(outlierDetection.ejectionTime)}`;
  return `on ${conditions.join(', ')}; ${attempts}, ${waits}${skips}`;
}

function tracesText({ samplingRatio, endpoint }: TracingConfig): string {
  return `${Number((samplingRatio * 100).toFixed(6))} % of the requests, to ${endpoint}`;
}

function conversationsText(conversations: ConversationsConfig): string {
  switch (conversations.type) {
    case 'none':
      return 'not kept: no request can go on from an earlier answer by its id';
    case 'memory':
      return `kept ${formatDuration(conversations.ttl)} in memory, at most ${formatByteSize(conversations.maxBytes)}, ${conversations.maxEntries} answers`;
    case 'redis': {
      const { ttl, url } = conversations;
      const at = URL.canParse(url) ? ` at ${new URL(url).host}` : '';
      return `kept ${formatDuration(ttl)} in Redis${at}`;
    }
  }
}

function routerText(routing: GatewayConfig['routing']): string {
  const server = `${routing.model} at ${new URL(routing.baseUrl).host}`;
  const deadline = `within ${formatDuration(routing.timeout)}`;
  switch (routing.engine) {
    case 'auto':
      return `auto: embedded (threshold ${routing.threshold}); where it is less than ${routing.confidence} sure, ${server} if reachable, ${deadline}`;
    case 'cascade':
      return `cascade: embedded (threshold ${routing.threshold}); where it is less than ${routing.confidence} sure, ${server}, ${deadline}`;
    case 'arch-router':
      return `arch-router: ${server}, ${deadline}`;
    case 'embedded':
      return `embedded (threshold ${routing.threshold}), ${deadline}`;
    case 'none':
      return 'none: no request is routed by intent';
  }
}

function targetRows({ targets, defaultTarget }: GatewayConfig): string[][] {
  return targets.map((target) => [
    target.name,
    target === defaultTarget ? 'default' : '',
    ...(Object.keys(target.paths).length === 0
      ? ['cannot be called']
      : [
          spokenDialects(target),
          CREDENTIAL_NAMES[target.credential.type],
          `cluster ${target.cluster}`,
          target.authority,
          target.fallback.length === 0 ? '' : `then ${target.fallback.join(', ')}`,
        ]),
  ]);
}

function spokenDialects({ paths }: Target): string {
  return DIALECTS.filter((dialect) => paths[dialect] !== undefined)
    .map((dialect) => DIALECT_NAMES[dialect])
    .join(', ');
}

function routeRows({ policy, defaultTarget }: GatewayConfig): string[][] {
  if (policy === undefined) return [];
  const otherwise = defaultTarget === undefined ? 'the model that the caller names' : defaultTarget.name;
  return [
    ...policy.routes.map((route) => [
      route.name,
      modelsText(route.models),
      route.examples.length === 0 ? '' : `${route.examples.length} examples`,
      route.description,
    ]),
    ['(no match)', otherwise],
  ];
}

/** The first model answers; the others are tried in their order where its provider fails. */
function modelsText([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first}, then ${others.join(', ')}`;
}

function clusterRow(cluster: ProviderCluster): string[] {
  const { endpoint, tls } = cluster;
  const address = endpoint.type === 'pipe' ? `unix:${endpoint.path}` : `${endpoint.host}:${endpoint.port}`;
  const ca = tls?.caFile === undefined ? '' : `, CA ${tls.caFile}`;
  return [cluster.name, address, tls === undefined ? 'plain text' : `TLS for ${tls.sni}${ca}`];
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const indented = table(rows)
    .split('\n')
    .map((line) => `  ${line}`);
  return [title, ...indented].join('\n');
}

/** Columns as wide as their longest cell; columns that are empty everywhere are left out. */
function table(rows: readonly (readonly string[])[]): string {
  const count = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .filter((_, column) => (widths[column] ?? 0) > 0)
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
