// A body that goes out in the client's own dialect: changed in its bytes, and only in the members that are ours or that the
// provider has otherwise, and in the history where another vendor's model has spoken in it.

import type { ClientDialect } from '../contract/dialect.ts';
import { editObject } from '../json/edit-object.ts';
import { isObject, type JsonObject } from '../json/json-value.ts';
import type { BodyEdit } from '../providers/provider-definition.ts';
import { DIALECT_MODULES } from '../translate/dialect-modules.ts';
import type { ReadBody } from './read-body.ts';

/** Request members that are ours; removed from what is sent upstream. */
const POLICY_MEMBERS: ReadonlySet<string> = new Set(['routing_policy', 'routing_preferences']);

/** Undefined where nothing has to change: the model's id is in every `model` member, and none of ours is there. */
export function editBody(
  body: ReadBody,
  modelId: string,
  dialect: ClientDialect,
  edit: BodyEdit | undefined,
): Buffer | undefined {
  const fitted = { ...renameInner(body, modelId, dialect), ...fitHistory(body, modelId, dialect) };
  if (edit !== undefined) {
    const set = Object.entries({ model: modelId, ...fitted, ...edit.set }).filter(
      ([key]) => !edit.remove.includes(key),
    );
    const remove = new Set([...POLICY_MEMBERS, ...edit.remove]);
    return editObject(body.bytes, body.members, { remove, set: texts(set) });
  }
  const named = body.members.filter((member) => member.key === 'model');
  const isNamed =
    dialect === 'gemini' ? named.length === 0 : named.length === 1 && body.value['model'] === modelId;
  const name = dialect === 'gemini' ? `models/${modelId}` : modelId;
  const set = Object.entries(isNamed ? fitted : { model: name, ...fitted });
  if (set.length === 0 && !body.members.some((member) => POLICY_MEMBERS.has(member.key))) return undefined;
  return editObject(body.bytes, body.members, { remove: POLICY_MEMBERS, set: texts(set) });
}

function texts(members: readonly (readonly [key: string, value: unknown])[]): Map<string, string> {
  return new Map(members.map(([key, value]) => [key, JSON.stringify(value)]));
}

function fitHistory({ bytes, value }: ReadBody, modelId: string, dialect: ClientDialect): JsonObject {
  const module = DIALECT_MODULES[dialect];
  return module.historyMarks.some((mark) => bytes.includes(mark)) ? module.fitHistory(value, modelId) : {};
}

/** Google's operations on lists and its token count name the model again, inside; it must be the one in the path. */
function renameInner({ value }: ReadBody, modelId: string, dialect: ClientDialect): JsonObject {
  if (dialect !== 'gemini') return {};
  const model = `models/${modelId}`;
  const { requests, generateContentRequest: counted } = value;
  return {
    ...(Array.isArray(requests)
      ? { requests: requests.map((one) => (isObject(one) ? { ...one, model } : one)) }
      : {}),
    ...(isObject(counted) ? { generateContentRequest: { ...counted, model } } : {}),
  };
}

/** The same for a body that was made here. */
export function applyEdit(body: JsonObject, edit: BodyEdit | undefined): JsonObject {
  if (edit === undefined) return body;
  const edited = { ...body, ...edit.set };
  for (const name of edit.remove) delete edited[name];
  return edited;
}
