// Names of models → the target that serves them. Built once per configuration; lookups are map reads.

import type { GatewayConfig, Target } from '../config/gateway-config.ts';

/** A target and the model id to ask it for, which for a wildcard entry is the caller's. */
export interface ResolvedModel {
  readonly target: Target;
  readonly modelId: string;
  /** `provider/model`, as shown to callers. */
  readonly id: string;
}

/** Remembered wildcard names; a caller may invent any number of them. */
const MAX_REMEMBERED = 1000;

export class ModelResolver {
  private readonly byName = new Map<string, ResolvedModel>();
  private readonly wildcards = new Map<string, Target>();
  private readonly remembered = new Map<string, ResolvedModel>();

  constructor(config: Pick<GatewayConfig, 'targets' | 'aliases'>) {
    for (const target of config.targets) {
      if (target.modelId === '*') {
        this.wildcards.set(target.provider, target);
        continue;
      }
      const resolved = { target, modelId: target.modelId, id: `${target.provider}/${target.modelId}` };
      this.byName.set(resolved.id, resolved);
      // A bare id or a name of its own never hides another entry's full id; the first in the file wins.
      for (const name of [target.name, target.modelId])
        if (!this.byName.has(name)) this.byName.set(name, resolved);
    }
    for (const [alias, model] of config.aliases) {
      const resolved = this.resolve(model);
      if (resolved !== undefined) this.byName.set(alias, resolved);
    }
  }

  /** Exact `provider/model`, an entry's name, a bare model id, an alias, or any model of a wildcard's provider. */
  resolve(name: string): ResolvedModel | undefined {
    return this.byName.get(name) ?? this.remembered.get(name) ?? this.resolveWildcard(name);
  }

  private resolveWildcard(name: string): ResolvedModel | undefined {
    const slash = name.indexOf('/');
    const target = slash > 0 ? this.wildcards.get(name.slice(0, slash)) : undefined;
    const modelId = name.slice(slash + 1);
    if (target === undefined || modelId === '' || modelId === '*') return undefined;
    const resolved = { target, modelId, id: name };
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    this.remembered.set(name, resolved);
    return resolved;
  }
}
