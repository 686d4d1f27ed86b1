// A configuration file as it was read: the shape is right, nothing is resolved or compared yet. Written by schema.ts,
// read by the files that turn it into a GatewayConfig. Only the keys that something acts on or warns about are typed.

export interface ConfigFile {
  readonly model_providers?: Entries<ProviderEntry>;
  readonly llm_providers?: Entries<ProviderEntry>;
  readonly routing_preferences?: Entries<PreferenceEntry>;
  readonly listeners?: Entries<ListenerEntry> | LegacyListeners;
  readonly model_aliases?: Readonly<Record<string, { readonly target: string }>>;
  readonly overrides?: OverridesEntry;
  readonly routing?: RoutingEntry;
  readonly workers?: number;
  readonly max_body_bytes?: number;
  readonly metrics?: { readonly address?: string | undefined; readonly port: number };
  readonly drain_timeout?: number;
  readonly tracing?: TracingEntry;
  readonly failover?: FailoverEntry;
  readonly conversation_store?: ConversationStoreEntry;
  readonly [unused: string]: unknown;
}

/** In a file with problems, an entry that does not fit is null: the indexes stay those of the file. */
type Entries<T> = readonly (T | null)[];

export interface ProviderEntry {
  readonly model: string;
  readonly name?: string | undefined;
  readonly access_key?: string | undefined;
  readonly default?: boolean | undefined;
  readonly base_url?: string | undefined;
  readonly passthrough_auth?: boolean | undefined;
  readonly http_host?: string | undefined;
  readonly provider_interface?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly routing_preferences?: readonly InlinePreferenceEntry[] | undefined;
  readonly fallback?: readonly string[] | undefined;
  readonly tls?: { readonly ca_file?: string | undefined; readonly sni?: string | undefined } | undefined;
  readonly [unused: string]: unknown;
}

export interface InlinePreferenceEntry {
  readonly name: string;
  readonly description: string;
  readonly examples?: readonly string[] | undefined;
}

export interface PreferenceEntry extends InlinePreferenceEntry {
  readonly models: readonly string[];
  readonly selection_policy?: { readonly prefer: string } | undefined;
}

/** Durations in milliseconds. */
export interface ListenerEntry {
  readonly type: string;
  readonly port?: number | undefined;
  readonly address?: string | undefined;
  readonly timeout?: number | undefined;
  readonly max_retries?: number | undefined;
  readonly per_try_timeout?: number | undefined;
  readonly idle_timeout?: number | undefined;
  readonly [unused: string]: unknown;
}

export interface LegacyListeners {
  readonly ingress_traffic?: unknown;
  readonly egress_traffic?:
    | {
        readonly address?: string | undefined;
        readonly port?: number | undefined;
        readonly timeout?: number | undefined;
      }
    | undefined;
}

export interface OverridesEntry {
  readonly llm_routing_model?: string | undefined;
  readonly router_model?: string | undefined;
  readonly upstream_tls_ca_path?: string | undefined;
  readonly [unused: string]: unknown;
}

export interface TracingEntry {
  /** Percent. */
  readonly random_sampling?: number | undefined;
  readonly opentracing_grpc_endpoint?: string | undefined;
  readonly [unused: string]: unknown;
}

/** Durations in milliseconds. */
export interface ConversationStoreEntry {
  readonly type?: 'memory' | 'redis' | 'none' | undefined;
  readonly ttl?: number | undefined;
  readonly max_bytes?: number | undefined;
  readonly max_entries?: number | undefined;
  readonly url?: string | undefined;
  readonly timeout?: number | undefined;
}

/** Durations in milliseconds. */
export interface FailoverEntry {
  /** Conditions, and statuses as text. */
  readonly on?: readonly string[] | undefined;
  readonly attempts_per_target?: number | undefined;
  readonly per_try_timeout?: number | undefined;
  readonly first_byte_timeout?: number | undefined;
  readonly back_off?: { readonly base?: number | undefined; readonly max?: number | undefined } | undefined;
  readonly outlier_detection?:
    | { readonly consecutive_failures?: number | undefined; readonly ejection_time?: number | undefined }
    | undefined;
}

export interface RoutingEntry {
  readonly engine?: 'auto' | 'cascade' | 'arch-router' | 'embedded' | 'none' | undefined;
  readonly base_url?: string | undefined;
  readonly model?: string | undefined;
  readonly access_key?: string | undefined;
  readonly timeout?: number | undefined;
  readonly threshold?: number | undefined;
  readonly confidence?: number | undefined;
  readonly cache_entries?: number | undefined;
  readonly session_ttl_seconds?: number | undefined;
  readonly session_max_entries?: number | undefined;
  readonly session_cache?:
    | {
        readonly type?: string | undefined;
        readonly url?: string | undefined;
        readonly tenant_header?: string | undefined;
      }
    | undefined;
  readonly llm_provider?: string | undefined;
  readonly model_provider?: string | undefined;
  readonly [unused: string]: unknown;
}
