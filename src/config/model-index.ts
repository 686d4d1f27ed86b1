// Which declared model a name means: `provider/model`, an entry's name, an alias, anything that a wildcard entry covers,
// or a bare model id, in this order. The file's references and the names in requests are both looked up here, so that
// they mean the same.

import { closestName } from './closest-name.ts';
import type { Target } from './gateway-config.ts';

export type Reference =
  | { readonly type: 'found'; readonly model: string; readonly target: Target }
  | { readonly type: 'ambiguous'; readonly models: readonly string[] }
  | { readonly type: 'unknown' };

type Found = Extract<Reference, { type: 'found' }>;

export class ModelIndex {
  readonly #byName = new Map<string, Found>();
  readonly #byId = new Map<string, Found[]>();
  readonly #wildcards = new Map<string, Target>();

  /** `aliases` are those that are checked already: alias to `provider/model`. */
  constructor(targets: readonly Target[], aliases: ReadonlyMap<string, string> = new Map()) {
    const declared: Found[] = [];
    for (const target of targets) {
      const model = `${target.provider}/${target.modelId}`;
      if (target.modelId === '*') this.#wildcards.set(target.provider, target);
      else declared.push({ type: 'found', model, target });
    }
    for (const found of declared) {
      this.#byName.set(found.model, found);
      const sameId = this.#byId.get(found.target.modelId) ?? [];
      if (!sameId.some(({ model }) => model === found.model))
        this.#byId.set(found.target.modelId, [...sameId, found]);
    }
    // A name of one's own never hides another entry's full id.
    for (const found of declared) this.#addName(found.target.name, found);
    for (const [alias, model] of aliases) {
      const found = this.find(model);
      if (found.type === 'found') this.#addName(alias, found);
    }
  }

  #addName(name: string, found: Found): void {
    if (!this.#byName.has(name)) this.#byName.set(name, found);
  }

  find(name: string): Reference {
    const found = this.findDeclared(name);
    if (found !== undefined) return found;
    const [first, ...more] = this.#byId.get(name) ?? [];
    if (first === undefined) return { type: 'unknown' };
    return more.length === 0
      ? first
      : { type: 'ambiguous', models: [first, ...more].map(({ model }) => model) };
  }

  /** What a name means before bare ids are looked at: an alias cannot have such a name. */
  findDeclared(name: string): Found | undefined {
    const named = this.#byName.get(name);
    if (named !== undefined) return named;
    const slash = name.indexOf('/');
    const id = name.slice(slash + 1);
    const target =
      slash > 0 && id !== '' && id !== '*' ? this.#wildcards.get(name.slice(0, slash)) : undefined;
    return target && { type: 'found', model: name, target };
  }

  /** Problem and hint for a reference that was not found. */
  explain(
    name: string,
    quoted: string,
    reference: Exclude<Reference, { type: 'found' }>,
  ): readonly [message: string, hint: string] {
    if (reference.type === 'ambiguous') {
      return [`${quoted} is the id of several models`, `write one of ${reference.models.join(', ')}`];
    }
    const meant = this.#closest(name);
    return [
      `${quoted} is not declared in model_providers`,
      meant === undefined ? 'declare it there' : `did you mean ${meant}?`,
    ];
  }

  #closest(reference: string): string | undefined {
    const names = [...this.#byName.keys()];
    const meant = closestName(reference, [...names, ...this.#byId.keys()]);
    return (
      meant ?? names.find((name) => name.endsWith(`/${reference.slice(reference.lastIndexOf('/') + 1)}`))
    );
  }
}
