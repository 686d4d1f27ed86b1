// model_providers (or llm_providers) to targets and clusters, and the checks between entries. Called by load-config.ts.

import { ClusterList } from './cluster-list.ts';
import type { ConfigFile, ProviderEntry } from './config-file.ts';
import type { ProviderCluster, Target } from './gateway-config.ts';
import type { LoadContext } from './load-context.ts';
import { checkFile, readProviderEntry } from './provider-entry.ts';

export interface DeclaredTargets {
  readonly targets: readonly Target[];
  readonly clusters: readonly ProviderCluster[];
  readonly defaultTarget: Target | undefined;
  /** False where an entry had a problem: what refers to models cannot be judged then. */
  readonly complete: boolean;
}

/** Where Debian keeps its trust store. */
const PLANO_CA_PATH = '/etc/ssl/certs/ca-certificates.crt';

export type ProvidersKey = 'model_providers' | 'llm_providers';

/** The key in use; `llm_providers` is Plano's older name. */
export function providersKey(file: ConfigFile): ProvidersKey {
  return file.model_providers === undefined && file.llm_providers !== undefined
    ? 'llm_providers'
    : 'model_providers';
}

/** `routers` are the indexes of entries that are intent routers and no models to call. */
export function readTargets(
  file: ConfigFile,
  routers: ReadonlySet<number>,
  context: LoadContext,
): DeclaredTargets {
  const { problems } = context;
  const key = providersKey(file);
  const entries = file[key] ?? [];
  if (file.model_providers !== undefined && file.llm_providers !== undefined) {
    problems.add(['llm_providers'], 'model_providers is here too', 'keep model_providers only', 'key');
  }
  const caFile = readCaPath(file, context);
  const clusters = new ClusterList();
  const targets: Target[] = [];
  const names = new Map<string, number>();
  const models = new Map<string, number>();
  let defaultTarget: Target | undefined;
  let defaultIndex: number | undefined;
  let complete = true;
  for (const [index, entry] of entries.entries()) {
    if (routers.has(index)) continue;
    if (entry === null) {
      complete = false;
      continue;
    }
    const path = [key, index];
    refuseRepetition(entry, key, index, names, models, context);
    refuseWildcardUses(entry, key, index, context);
    const target = readProviderEntry(entry, { path, clusters, caFile }, context);
    if (entry.default === true) {
      if (defaultIndex !== undefined) {
        problems.add(
          [...path, 'default'],
          `${key}[${defaultIndex}] is the default already`,
          'keep default: true on one of them',
        );
      }
      defaultIndex ??= index;
      defaultTarget ??= target;
    }
    if (target === undefined) complete = false;
    else targets.push(target);
  }
  if (complete && targets.length === 0 && !problems.has([key])) {
    const router = entries[0]?.model;
    problems.add(
      file[key] === undefined ? [] : [key],
      router === undefined
        ? 'no model is declared'
        : `no model is declared that can answer: ${problems.quote([key, 0, 'model'], router)} only decides`,
      router === undefined
        ? 'write model_providers: with at least one entry, such as - model: openai/gpt-4o'
        : 'add an entry for each model to route to, such as - model: openai/gpt-4o with its access_key',
    );
  }
  return { targets, clusters: clusters.list(), defaultTarget, complete };
}

/** Undefined = the machine's own trust store, which is also what Plano's default stands for. */
function readCaPath(file: ConfigFile, context: LoadContext): string | undefined {
  const written = file.overrides?.upstream_tls_ca_path;
  const path = ['overrides', 'upstream_tls_ca_path'];
  if (written !== PLANO_CA_PATH || context.fileExists(written)) {
    checkFile(written, path, context);
    return written;
  }
  context.warn(
    `overrides.upstream_tls_ca_path: ${written} is not here; this machine's own trust store is used`,
  );
  return undefined;
}

function refuseRepetition(
  entry: ProviderEntry,
  key: ProvidersKey,
  index: number,
  names: Map<string, number>,
  models: Map<string, number>,
  { problems }: LoadContext,
): void {
  const sameModel = models.get(entry.model);
  const name = entry.name ?? entry.model;
  const sameName = names.get(name);
  if (sameModel !== undefined) {
    problems.add(
      [key, index, 'model'],
      `${key}[${sameModel}] has the same model`,
      'declare each model once; for several keys or hosts use a provider name of your own with provider_interface',
    );
  } else if (sameName !== undefined) {
    const at = [key, index, entry.name === undefined ? 'model' : 'name'];
    problems.add(at, `${key}[${sameName}] has the same name`, 'give each entry a name of its own');
  }
  if (sameModel === undefined) models.set(entry.model, index);
  if (sameName === undefined) names.set(name, index);
}

function refuseWildcardUses(
  entry: ProviderEntry,
  key: ProvidersKey,
  index: number,
  { problems }: LoadContext,
): void {
  if (!entry.model.endsWith('/*')) return;
  if (entry.default === true) {
    problems.add(
      [key, index, 'default'],
      'a wildcard cannot be the default',
      'declare one model by its name and mark that one',
    );
  }
  if (entry.routing_preferences !== undefined) {
    problems.add(
      [key, index, 'routing_preferences'],
      'a wildcard cannot have routing preferences',
      'declare one model by its name and put them there',
      'key',
    );
  }
}
