// GET /v1/models and /v1beta/models, the whole list or one of it, in the form that the caller's SDK reads. Called by the request
// stage. Models have no date and no price here: what a form insists on and nobody knows is zero.

import type { RequestHead } from '../contract/exchange.ts';
import { GatewayError } from '../contract/gateway-error.ts';
import type { JsonObject } from '../json/json-value.ts';

export interface ModelEntry {
  /** `provider/model`, or an alias. */
  readonly id: string;
  readonly ownedBy: string;
}

interface ListForm {
  readonly one: (entry: ModelEntry) => JsonObject;
  readonly list: (models: JsonObject[], ids: readonly string[]) => JsonObject;
}

/** https://platform.openai.com/docs/api-reference/models/object */
const OPENAI: ListForm = {
  one: ({ id, ownedBy }) => ({ id, object: 'model', created: 0, owned_by: ownedBy }),
  list: (data) => ({ object: 'list', data }),
};

/** https://docs.claude.com/en/api/models-list */
const ANTHROPIC: ListForm = {
  one: ({ id }) => ({ id, type: 'model', display_name: id, created_at: '1970-01-01T00:00:00Z' }),
  list: (data, ids) => ({ data, has_more: false, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null }),
};

/** https://ai.google.dev/api/models */
const GOOGLE: ListForm = {
  one: ({ id }) => ({
    name: `models/${id}`,
    displayName: id,
    supportedGenerationMethods: ['generateContent', 'streamGenerateContent'],
  }),
  list: (models) => ({ models }),
};

/**
 * @param name undefined = all of them
 * @throws GatewayError 'not-found'
 */
export function encodeModels(
  models: readonly ModelEntry[],
  name: string | undefined,
  path: string,
  header: RequestHead['header'],
): string {
  const form = formOf(path, header);
  if (name === undefined) {
    const ids = models.map(({ id }) => id);
    return JSON.stringify(form.list(models.map(form.one), ids));
  }
  const found = models.find(({ id }) => id === name);
  if (found === undefined) {
    const shown = JSON.stringify(name.slice(0, 100));
    throw new GatewayError('not-found', `the model ${shown} is not in the list that GET /v1/models gives`);
  }
  return JSON.stringify(form.one(found));
}

/** OpenAI and Anthropic have the same path. */
function formOf(path: string, header: RequestHead['header']): ListForm {
  if (path.startsWith('/v1beta')) return GOOGLE;
  return header('anthropic-version') === undefined ? OPENAI : ANTHROPIC;
}
