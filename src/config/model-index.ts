// Which declared model a reference in the file means: `provider/model`, an entry's name, a bare model id, or anything
// that a wildcard entry covers. Used for aliases and preferences.

import { closestName } from './closest-name.ts';
import type { Target } from './gateway-config.ts';

export type Reference =
  | { readonly type: 'found'; readonly model: string }
  | { readonly type: 'ambiguous'; readonly models: readonly string[] }
  | { readonly type: 'unknown'; readonly suggestion: string | undefined };

export class ModelIndex {
  readonly #byName = new Map<string, string>();
  readonly #byId = new Map<string, string[]>();
  readonly #wildcards = new Set<string>();

  constructor(targets: readonly Target[]) {
    for (const target of targets) {
      const model = `${target.provider}/${target.modelId}`;
      this.#byName.set(model, model);
      if (!this.#byName.has(target.name)) this.#byName.set(target.name, model);
      if (target.modelId === '*') this.#wildcards.add(target.provider);
      else this.#byId.set(target.modelId, [...(this.#byId.get(target.modelId) ?? []), model]);
    }
  }

  /** The full name wins over a wildcard, a wildcard over a bare id (which may have slashes of its own). */
  find(reference: string): Reference {
    const named = this.#byName.get(reference);
    if (named !== undefined && !named.endsWith('/*')) return { type: 'found', model: named };
    const slash = reference.indexOf('/');
    const id = reference.slice(slash + 1);
    if (slash > 0 && id !== '' && id !== '*' && this.#wildcards.has(reference.slice(0, slash))) {
      return { type: 'found', model: reference };
    }
    const [model, ...more] = this.#byId.get(reference) ?? [];
    if (model === undefined) return { type: 'unknown', suggestion: this.#closest(reference) };
    return more.length === 0 ? { type: 'found', model } : { type: 'ambiguous', models: [model, ...more] };
  }

  #closest(reference: string): string | undefined {
    const named = [...this.#byName.keys()].filter((name) => !name.endsWith('/*'));
    const meant = closestName(reference, [...named, ...this.#byId.keys()]);
    return (
      meant ?? named.find((name) => name.endsWith(`/${reference.slice(reference.lastIndexOf('/') + 1)}`))
    );
  }
}

/** Problem and hint for a reference that was not found. */
export function explainReference(
  quoted: string,
  reference: Exclude<Reference, { type: 'found' }>,
): readonly [message: string, hint: string] {
  if (reference.type === 'ambiguous') {
    return [`${quoted} is the id of several models`, `write one of ${reference.models.join(', ')}`];
  }
  return [
    `${quoted} is not declared in model_providers`,
    reference.suggestion === undefined ? 'declare it there' : `did you mean ${reference.suggestion}?`,
  ];
}
