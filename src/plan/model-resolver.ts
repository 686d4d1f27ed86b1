// Names of models → the target that serves them, by the same rules as the references of the configuration file. Built
// once per configuration; lookups are map reads.

import type { GatewayConfig, Target } from '../config/gateway-config.ts';
import { ModelIndex } from '../config/model-index.ts';

/** A target and the model id to ask it for, which for a wildcard entry is the caller's. */
export interface ResolvedModel {
  readonly target: Target;
  readonly modelId: string;
  /** `provider/model`, as shown to callers. */
  readonly id: string;
}

export class ModelResolver {
  private readonly index: ModelIndex;

  constructor(config: Pick<GatewayConfig, 'targets' | 'aliases'>) {
    this.index = new ModelIndex(config.targets, config.aliases);
  }

  /** Undefined for a name that nobody serves, and for an id that several providers have. */
  resolve(name: string): ResolvedModel | undefined {
    const reference = this.index.find(name);
    if (reference.type !== 'found') return undefined;
    const { target, model: id } = reference;
    return { target, modelId: id.slice(target.provider.length + 1), id };
  }

  /** The full ids of the models that a bare id could mean, where it is several; else none. */
  meaningsOf(name: string): readonly string[] {
    const reference = this.index.find(name);
    return reference.type === 'ambiguous' ? reference.models : [];
  }
}
