// model_providers[].fallback: what is tried after a model, checked once all models are known. Called by load-config.ts.

import type { ConfigFile, ProviderEntry } from './config-file.ts';
import type { Target } from './gateway-config.ts';
import type { LoadContext } from './load-context.ts';
import type { ModelIndex } from './model-index.ts';
import { providersKey } from './targets.ts';

/** The targets with the full ids of their fallbacks, in the order of the file. */
export function readFallbacks(
  file: ConfigFile,
  targets: readonly Target[],
  index: ModelIndex,
  { problems }: LoadContext,
): readonly Target[] {
  const key = providersKey(file);
  const fallbacks = new Map<string, readonly string[]>();
  for (const [position, entry] of (file[key] ?? []).entries()) {
    if (entry?.fallback === undefined) continue;
    const models: string[] = [];
    for (const [at, written] of entry.fallback.entries()) {
      const path = [key, position, 'fallback', at];
      const reference = index.find(written);
      if (reference.type !== 'found') {
        problems.add(path, ...index.explain(written, problems.quote(path, written), reference));
      } else if (reference.target.name === nameOf(entry)) {
        const isItself = reference.model === entry.model;
        const message = isItself
          ? 'a model cannot fall back to itself'
          : 'this wildcard covers that model itself';
        problems.add(path, message, isItself ? 'name another one' : 'declare it in an entry of its own');
      } else if (Object.keys(reference.target.paths).length === 0) {
        problems.add(path, 'this model cannot be called', 'name another one');
      } else if (models.includes(reference.model)) {
        problems.add(path, 'this model is in the list already', 'name each model once');
      } else {
        models.push(reference.model);
      }
    }
    fallbacks.set(nameOf(entry), models);
  }
  return targets.map((target) => ({ ...target, fallback: fallbacks.get(target.name) ?? [] }));
}

function nameOf(entry: ProviderEntry): string {
  return entry.name ?? entry.model;
}
