// The tracing block: where spans go and how many. Called by load-config.ts. Keys of Plano's that nothing acts on are named
// one by one, since an operator may count on what they would have exported.

import { parseEndpoint } from '../providers/endpoint.ts';
import type { ConfigFile } from './config-file.ts';
import type { TracingConfig } from './gateway-config.ts';
import type { LoadContext } from './load-context.ts';

/** Plano's default, and where collectors listen for OTLP over gRPC: https://opentelemetry.io/docs/specs/otlp/ */
const DEFAULT_ENDPOINT = 'http://localhost:4317';

const NOT_ACTED_ON: Readonly<Record<string, string>> = {
  sampling_rate:
    'accepted but not acted on by this version; random_sampling says how many requests are traced',
  trace_arch_internal: 'accepted but not acted on by this version; there is one span for each request',
  custom_attributes: 'accepted but not acted on by this version; spans do not carry them',
  span_attributes:
    'accepted but not acted on by this version; spans carry neither headers nor fixed attributes',
  exporters: 'accepted but not acted on by this version; spans go to opentracing_grpc_endpoint only',
};

/** Undefined where nothing is traced: no block, or `random_sampling` of 0, which is also its default. */
export function readTracing(file: ConfigFile, context: LoadContext): TracingConfig | undefined {
  const { tracing } = file;
  if (tracing === undefined) return undefined;
  for (const [key, message] of Object.entries(NOT_ACTED_ON)) {
    if (tracing[key] !== undefined) context.warn(`tracing.${key}: ${message}`);
  }
  const endpoint = readEndpoint(tracing.opentracing_grpc_endpoint ?? DEFAULT_ENDPOINT, context);
  const { random_sampling: percent } = tracing;
  if (percent === undefined) {
    context.warn(
      'tracing: no traces are exported without random_sampling; write random_sampling: 100 for all',
    );
  }
  return endpoint === undefined || !percent ? undefined : { endpoint, samplingRatio: percent / 100 };
}

function readEndpoint(url: string, { problems }: LoadContext): string | undefined {
  const path = ['tracing', 'opentracing_grpc_endpoint'];
  const endpoint = parseEndpoint(url);
  if ('message' in endpoint) {
    problems.add(path, endpoint.message, `write scheme, host and port, such as ${DEFAULT_ENDPOINT}`);
    return undefined;
  }
  if (endpoint.path !== '' || endpoint.query !== '') {
    problems.add(
      path,
      'an endpoint for gRPC has no path',
      `write scheme, host and port, such as ${DEFAULT_ENDPOINT}`,
    );
    return undefined;
  }
  return `${endpoint.tls ? 'https' : 'http'}://${endpoint.authority}`;
}
