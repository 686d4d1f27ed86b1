// From a route choice to the models that may answer, in the order in which they are tried, by the rules that the README
// states: the route's models, else the default provider, else what the client named; then what that one falls back to.

import { GatewayError } from '../contract/gateway-error.ts';
import type { ModelResolver, ResolvedModel } from '../plan/model-resolver.ts';
import type { RouteChoice } from './choose-route.ts';

/** Names that clients send where they leave the choice to the gateway. */
const NO_MODEL_NAMED = new Set(['', 'none', 'auto', '--']);

export interface PickedModels {
  /** In the order in which they are tried; never empty, no model twice. */
  readonly models: readonly ResolvedModel[];
  /** Added to the choice's reason where the route did not decide: which rule did. */
  readonly rule: 'route' | 'default' | 'named';
}

export class ModelPicker {
  private readonly resolver: ModelResolver;
  private readonly defaultModel: ResolvedModel | undefined;

  constructor(resolver: ModelResolver, defaultModel: ResolvedModel | undefined) {
    this.resolver = resolver;
    this.defaultModel = defaultModel;
  }

  /**
   * The model that the client named. A name that nobody serves, or that could mean several models, is refused whatever
   * the route would say, so that a typing error shows at the first request.
   * @throws GatewayError 'model-not-found'
   */
  resolveNamed(name: string | undefined): ResolvedModel | undefined {
    if (name === undefined) return undefined;
    const resolved = this.resolver.resolve(name);
    if (resolved !== undefined || NO_MODEL_NAMED.has(name)) return resolved;
    const meanings = this.resolver.meaningsOf(name);
    throw meanings.length === 0 ? unknownModel(name) : ambiguousModel(name, meanings, 'model');
  }

  /** @throws GatewayError 'model-not-found' where the name could mean several models */
  isServed(name: string): boolean {
    const meanings = this.resolver.meaningsOf(name);
    if (meanings.length > 0) throw ambiguousModel(name, meanings);
    return this.resolver.resolve(name) !== undefined;
  }

  /** @throws GatewayError 'model-not-found' */
  pick(choice: RouteChoice, isRouted: boolean, named: ResolvedModel | undefined): PickedModels {
    // A session may be pinned by a decision alone, whose policy may name models that this gateway does not serve.
    const routed = this.resolveAll(choice.models);
    if (routed.length > 0) return { models: this.withFallbacks(routed), rule: 'route' };
    const [model, rule] = this.withoutRoute(isRouted, named);
    if (model !== undefined) return { models: this.withFallbacks([model]), rule };
    const message = 'no model is named, no route matched and no provider is marked `default: true`';
    throw new GatewayError('model-not-found', message, 'model');
  }

  /** A list of several says itself what comes next. */
  private withFallbacks(models: readonly ResolvedModel[]): readonly ResolvedModel[] {
    const [only, ...more] = models;
    if (only === undefined || more.length > 0 || only.target.fallback.length === 0) return models;
    return this.resolveAll([only.id, ...only.target.fallback]);
  }

  private resolveAll(names: readonly string[]): ResolvedModel[] {
    const models: ResolvedModel[] = [];
    for (const name of names) {
      const model = this.resolver.resolve(name);
      if (model !== undefined && !models.some(({ id }) => id === model.id)) models.push(model);
    }
    return models;
  }

  private withoutRoute(
    isRouted: boolean,
    named: ResolvedModel | undefined,
  ): [model: ResolvedModel | undefined, rule: 'default' | 'named'] {
    const prefersDefault = this.defaultModel !== undefined && (isRouted || named === undefined);
    return prefersDefault ? [this.defaultModel, 'default'] : [named, 'named'];
  }
}

function ambiguousModel(name: string, meanings: readonly string[], param?: string): GatewayError {
  const message = `${JSON.stringify(name)} is the id of several models; name one of ${meanings.join(', ')}`;
  return new GatewayError('model-not-found', message, param);
}

function unknownModel(name: string): GatewayError {
  const shown = name.length > 100 ? `${name.slice(0, 100)}…` : name;
  const message = `the model ${JSON.stringify(shown)} is neither configured nor an alias; GET /v1/models lists what is`;
  return new GatewayError('model-not-found', message, 'model');
}
