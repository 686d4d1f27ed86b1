// A body that goes out in the client's own dialect: changed in its bytes, and only in the members that are ours or that the
// provider has otherwise.

import type { Dialect } from '../contract/dialect.ts';
import { editObject } from '../json/edit-object.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { BodyEdit } from '../providers/provider-definition.ts';
import type { ReadBody } from './read-body.ts';

/** Request members that are ours; removed from what is sent upstream. */
const POLICY_MEMBERS: ReadonlySet<string> = new Set(['routing_policy', 'routing_preferences']);

/** Undefined where nothing has to change: the model's id is in every `model` member, and none of ours is there. */
export function editBody(
  body: ReadBody,
  modelId: string,
  dialect: Dialect,
  edit: BodyEdit | undefined,
): Buffer | undefined {
  if (edit !== undefined) {
    const set = Object.entries({ model: modelId, ...edit.set })
      .filter(([key]) => !edit.remove.includes(key))
      .map(([key, value]) => [key, JSON.stringify(value)] as const);
    const remove = new Set([...POLICY_MEMBERS, ...edit.remove]);
    return editObject(body.bytes, body.members, { remove, set: new Map(set) });
  }
  const named = body.members.filter((member) => member.key === 'model');
  const isNamed =
    dialect === 'gemini' ? named.length === 0 : named.length === 1 && body.value['model'] === modelId;
  if (isNamed && !body.members.some((member) => POLICY_MEMBERS.has(member.key))) return undefined;
  const name = dialect === 'gemini' ? `models/${modelId}` : modelId;
  const set = isNamed ? new Map<string, string>() : new Map([['model', JSON.stringify(name)]]);
  return editObject(body.bytes, body.members, { remove: POLICY_MEMBERS, set });
}

/** The same for a body that was made here. */
export function applyEdit(body: JsonObject, edit: BodyEdit | undefined): JsonObject {
  if (edit === undefined) return body;
  const edited = { ...body, ...edit.set };
  for (const name of edit.remove) delete edited[name];
  return edited;
}
