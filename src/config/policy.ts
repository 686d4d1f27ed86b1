// Routing preferences of both generations, and model aliases. Called by load-config.ts after the targets are known.

import type { ConfigPath } from './config-error.ts';
import type { ConfigFile, InlinePreferenceEntry } from './config-file.ts';
import type { PolicyRoute, RoutePolicy } from './gateway-config.ts';
import type { LoadContext } from './load-context.ts';
import type { ModelIndex } from './model-index.ts';
import { providersKey } from './targets.ts';

/**
 * The routes of the file, in its order. Preferences inside providers (early form) name one model each. Where both forms
 * are used, the policy is a v0.4 one and the early routes follow the others, as Plano migrates them. A route name is
 * unique over both: two models for one route are what the v0.4 form is for.
 *
 * `index` is undefined where a provider entry had a problem; then models are not looked up.
 */
export function readPolicy(
  file: ConfigFile,
  index: ModelIndex | undefined,
  routers: ReadonlySet<number>,
  context: LoadContext,
): RoutePolicy | undefined {
  const seen = new Map<string, string>();
  const routes: PolicyRoute[] = [];
  const add = (
    entry: InlinePreferenceEntry,
    models: readonly string[],
    path: ConfigPath,
    where: string,
  ): void => {
    const before = seen.get(entry.name);
    if (before !== undefined) {
      context.problems.add(
        [...path, 'name'],
        `${before} has the same name`,
        'give each route a name of its own; for several models on one route write top-level routing_preferences with models: [first, second]',
      );
      return;
    }
    seen.set(entry.name, where);
    if (entry.name === 'other') {
      context.warn(
        `${where}: Arch-Router answers "other" when no route fits, so it never chooses a route of that name`,
      );
    }
    routes.push({
      name: entry.name,
      description: entry.description,
      examples: entry.examples ?? [],
      models,
    });
  };

  for (const [number, entry] of (file.routing_preferences ?? []).entries()) {
    if (entry === null) continue;
    const path = ['routing_preferences', number];
    add(
      entry,
      readModels(entry.models, [...path, 'models'], index, context),
      path,
      `routing_preferences[${number}]`,
    );
    const prefer = entry.selection_policy?.prefer ?? 'none';
    if (prefer !== 'none') {
      context.warn(
        `routing_preferences[${number}].selection_policy: prefer: ${prefer} is not acted on by this version; models keep the order of the file`,
      );
    }
  }
  const form = (file.routing_preferences ?? []).length > 0 ? 'v0.4' : 'early';
  const key = providersKey(file);
  for (const [number, entry] of (file[key] ?? []).entries()) {
    if (entry === null || routers.has(number)) continue;
    for (const [position, preference] of (entry.routing_preferences ?? []).entries()) {
      const path = [key, number, 'routing_preferences', position];
      add(preference, [entry.model], path, `${key}[${number}].routing_preferences[${position}]`);
    }
  }
  return routes.length === 0 ? undefined : { form, routes };
}

function readModels(
  models: readonly string[],
  path: ConfigPath,
  index: ModelIndex | undefined,
  { problems }: LoadContext,
): readonly string[] {
  if (index === undefined) return models;
  const found: string[] = [];
  for (const [position, model] of models.entries()) {
    const at = [...path, position];
    const reference = index.find(model);
    if (reference.type !== 'found')
      problems.add(at, ...index.explain(model, problems.quote(at, model), reference));
    else if (found.includes(reference.model)) problems.add(at, 'this model is listed twice', 'keep it once');
    else found.push(reference.model);
  }
  return found;
}

/**
 * Aliases take one hop. A target may be `provider/model`, a bare model id, an entry's name, or covered by a wildcard. An
 * alias may have the name of a bare id, which it then settles, but of nothing that has a meaning of its own.
 */
export function readAliases(
  file: ConfigFile,
  index: ModelIndex | undefined,
  { problems }: LoadContext,
): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  if (index === undefined) return aliases;
  const written = file.model_aliases ?? {};
  for (const [alias, { target }] of Object.entries(written)) {
    const at = ['model_aliases', alias, 'target'];
    const quoted = problems.quote(at, target);
    const reference = index.find(target);
    const taken = index.findDeclared(alias);
    if (taken !== undefined) {
      const whose = taken.target.modelId === '*' ? `the wildcard ${taken.target.provider}/*` : taken.model;
      problems.add(
        ['model_aliases', alias],
        `this name leads to ${whose} already`,
        'give the alias a name that no entry of model_providers has or covers',
        'key',
      );
    } else if (reference.type === 'found') {
      aliases.set(alias, reference.model);
    } else if (Object.hasOwn(written, target)) {
      problems.add(
        at,
        `${quoted} is an alias itself`,
        'aliases take one hop: write the model that it stands for',
      );
    } else {
      problems.add(at, ...index.explain(target, quoted, reference));
    }
  }
  return aliases;
}
