// The configuration after loading: defaults filled in, variables resolved, every reference checked. The rest of the
// gateway reads only this; it is immutable, and one request sees one snapshot. Durations are milliseconds, sizes bytes.

import type { Dialect } from '../contract/dialect.ts';
import type { Route } from '../contract/route.ts';
import type { BodyEdit } from '../providers/provider-definition.ts';

export interface GatewayConfig {
  readonly listener: ListenerConfig;
  /** In the order of the file. */
  readonly targets: readonly Target[];
  readonly clusters: readonly ProviderCluster[];
  /** The target marked `default: true`. */
  readonly defaultTarget: Target | undefined;
  /** Alias to `provider/model`; targets are checked. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Routing preferences of either generation; undefined where there are none. */
  readonly policy: RoutePolicy | undefined;
  readonly routing: RoutingConfig;
  readonly failover: FailoverConfig;
  readonly affinity: { readonly ttl: number; readonly maxEntries: number };
  readonly conversations: ConversationsConfig;
  readonly service: ServiceConfig;
  /** Undefined = no traces. */
  readonly tracing: TracingConfig | undefined;
  /** Accepted, but not acted on, or acted on in another way than the reader may expect; shown by `check` and `up`. */
  readonly warnings: readonly string[];
}

/** How the next model of a list is tried. Requests with one model only are the listener's own affair. */
export interface FailoverConfig {
  readonly on: {
    readonly connectFailure: boolean;
    /** The connection broke before the answer began. */
    readonly reset: boolean;
    readonly firstByteTimeout: boolean;
    /** Any status from 500 on. */
    readonly serverErrors: boolean;
    /** Further statuses, in their order. */
    readonly statuses: readonly number[];
  };
  /** At least 1. */
  readonly attemptsPerTarget: number;
  /** One attempt, until its answer begins; 0 = no limit of its own. */
  readonly perTryTimeout: number;
  /** The same for a streamed answer, which begins early. */
  readonly firstByteTimeout: number;
  readonly backOff: { readonly base: number; readonly max: number };
  /** After so many failures in a row a provider is passed over where another can be tried; undefined = never. */
  readonly outlierDetection: OutlierDetection | undefined;
}

export interface OutlierDetection {
  readonly consecutiveFailures: number;
  /** The first time; it grows with every further one. */
  readonly ejectionTime: number;
}

export interface ListenerConfig {
  readonly address: string;
  readonly port: number;
  /** Route timeout: from the end of the request to the end of the answer. */
  readonly timeout: number;
  /** Retries on the same provider, after the first attempt, where nothing else is to be tried. */
  readonly maxRetries: number;
  /** One attempt, to the end of its answer; 0 = no limit of its own. */
  readonly perTryTimeout: number;
  /** Longest silence on a stream, either side. */
  readonly idleTimeout: number;
  readonly maxBodyBytes: number;
}

/** One entry of `model_providers`. */
export interface Target {
  /** The entry's `name`, else its `model`: `openai/gpt-4o`, `openai/*`. Unique. */
  readonly name: string;
  /** Catalogue id or the custom provider's name: the part of `model` before the first slash. */
  readonly provider: string;
  /** The provider's own model id, `*` for a wildcard entry. May contain slashes. */
  readonly modelId: string;
  /** Name of the Envoy cluster: one of `clusters`; empty where `paths` is. */
  readonly cluster: string;
  /** The `:authority` to send: `http_host`, else the endpoint's host with a non-default port. */
  readonly authority: string;
  /**
   * Path (may have a query) for each dialect this target speaks; `{model}` is replaced by the URL-encoded model id. Other
   * dialects are translated to the first. Empty for a provider that cannot be called, whose entry is there to be refused.
   */
  readonly paths: Readonly<Partial<Record<Dialect, string>>>;
  /** Where a streamed answer is asked for at another path; absent = nowhere. */
  readonly streamPaths?: Readonly<Partial<Record<Dialect, string>>>;
  /** `provider/model` of what is tried after this one, in order. */
  readonly fallback: readonly string[];
  readonly credential: Credential;
  /** What is changed in every body; absent = nothing. */
  readonly body?: BodyEdit;
  /** Refuses Chat's `stream_options`; absent = no. */
  readonly refusesStreamOptions?: boolean;
  /** Refuses Messages' instructions in mid-conversation; absent = no. */
  readonly refusesSystemTurns?: boolean;
  /** Extra headers to set, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** To be sent only where the caller sent no header of that name (`anthropic-version`); lower case, absent = none. */
  readonly defaultHeaders?: readonly (readonly [name: string, value: string])[];
}

export type Credential =
  /** Set `header` to `value` (already prefixed, as in `Bearer …`) after removing the caller's credentials. */
  | {
      readonly type: 'key';
      readonly header: string;
      readonly value: string;
      /** Where a dialect wants it elsewhere, instead; absent = nowhere. */
      readonly byDialect?: Readonly<
        Partial<Record<Dialect, { readonly header: string; readonly value: string }>>
      >;
    }
  /** Envoy signs the request, with credentials that only it has; the target's cluster says for what. */
  | { readonly type: 'signed' }
  /** Leave the caller's own credentials in place. */
  | { readonly type: 'passthrough' }
  /** Remove the caller's credentials, set none. */
  | { readonly type: 'none' };

/** An upstream endpoint; entries with the same endpoint, TLS settings and signing share one. */
export interface ProviderCluster {
  /** `openai`, `vllm-2`; letters, digits, `_`, `-` and `.`. Never `pointsman`, which is the service's own cluster. */
  readonly name: string;
  readonly endpoint:
    | { readonly type: 'address'; readonly host: string; readonly port: number }
    | { readonly type: 'pipe'; readonly path: string };
  readonly tls: { readonly sni: string; readonly caFile: string | undefined } | undefined;
  /** Every request to it is signed for this; absent = none is. */
  readonly signing?: { readonly service: string; readonly region: string };
}

export interface RoutePolicy {
  /** `early`: preferences inside a provider, one model per route. `v0.4`: named lists of models. */
  readonly form: 'early' | 'v0.4';
  readonly routes: readonly PolicyRoute[];
}

export interface PolicyRoute extends Route {
  /** `provider/model` in the order of preference; never empty. */
  readonly models: readonly string[];
}

export interface RoutingConfig {
  readonly engine: 'auto' | 'cascade' | 'arch-router' | 'embedded' | 'none';
  readonly baseUrl: string;
  readonly model: string;
  /** For the model server at `baseUrl`, sent as a bearer token; undefined = none. */
  readonly accessKey?: string | undefined;
  /** The decision's deadline. */
  readonly timeout: number;
  /** Embedded router: a route matches where the probability that any fits reaches this. */
  readonly threshold: number;
  /** 0 to 1. Under `cascade` and `auto`: the embedded router's answers below it are put to Arch-Router. */
  readonly confidence: number;
  readonly cacheEntries: number;
}

/** Where answers are kept that later requests may go on from; `ttl` counts from the answer. */
export type ConversationsConfig =
  | { readonly type: 'none' }
  | {
      readonly type: 'memory';
      readonly ttl: number;
      readonly maxBytes: number;
      readonly maxEntries: number;
    }
  | {
      readonly type: 'redis';
      readonly ttl: number;
      /** `redis:` or `rediss:`; may hold a password. */
      readonly url: string;
      /** For one command, its connection included. */
      readonly timeout: number;
    };

export interface TracingConfig {
  /** Of an OTLP collector over gRPC: scheme, host and port. */
  readonly endpoint: string;
  /** Above 0, up to 1: the share of the requests without a parent span that are traced. */
  readonly samplingRatio: number;
}

export interface ServiceConfig {
  readonly workers: number;
  /** Prometheus metrics, on a listener of its own; undefined = off. */
  readonly metrics: { readonly address: string; readonly port: number } | undefined;
  /** Longest wait for requests in flight at SIGTERM. */
  readonly drainTimeout: number;
}
