// `previous_response_id`: https://platform.openai.com/docs/guides/conversation-state. Items of the client stay in the bytes
// that it sent. Instructions are not items: those of an earlier request do not carry over.

import { editObject } from '../../json/edit-object.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { objectOf, objectsOf, stringOf } from '../../json/read-value.ts';
import type { RequestBytes, Resumption } from '../resumption.ts';
import { isMadeId } from './encode-output.ts';
import { responseId } from './encode-response.ts';

const PREVIOUS = 'previous_response_id';
const NOTHING: ReadonlySet<string> = new Set();

export const resumption: Resumption = {
  previousOf: (body) => stringOf(body[PREVIOUS]),
  isOurs: (id) => /^resp_[0-9a-f]{24}$/.test(id),
  idOf: responseId,
  mayKeep: (body) => body['store'] !== false,
  inputOf: (request) => Buffer.from(`[${itemsOf(request)}]`),

  resume(request, { input, answer }) {
    const said = objectOf(parseKept(answer));
    const items = [
      input.subarray(1, -1).toString(),
      ...objectsOf(said['output']).map((item) => JSON.stringify(asInput(item))),
      itemsOf(request),
    ];
    return withInput(request, NOTHING, `[${items.filter((text) => text.trim() !== '').join(',')}]`);
  },

  referredBy({ value }) {
    const ids = objectsOf(value['input']).flatMap(({ type, id }) =>
      type === 'item_reference' && typeof id === 'string' && isMadeId(id) ? [answerOf(id)] : [],
    );
    return [...new Set(ids)];
  },

  restore(request, answers) {
    const items = new Map<string, string>();
    for (const { answer } of answers.values())
      for (const item of objectsOf(objectOf(parseKept(answer))['output']))
        items.set(stringOf(item['id']) ?? '', JSON.stringify(asInput(item)));
    const text = itemsOf(request).replace(
      REFERENCE,
      (whole, ...found) => items.get(idIn([whole, ...found])) ?? whole,
    );
    return withInput(request, NOTHING, `[${text}]`);
  },

  detach: (request) => withInput(request, new Set([PREVIOUS]), undefined),

  isWhole: ({ status }) => status === 'completed' || status === 'incomplete',

  listInput(id, input, newestFirst) {
    const data = objectsOf(parseKept(input)).map((item, index) => ({ id: `${id}_input_${index}`, ...item }));
    if (newestFirst) data.reverse();
    return {
      object: 'list',
      data,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
      has_more: false,
    };
  },

  wordDeleted: (id) => ({ id, object: 'response', deleted: true }),
};

/**
 * An item of an earlier answer of ours, by its id alone, with its members in either order. No text looks like it: there the
 * quotes are escaped. https://platform.openai.com/docs/api-reference/responses/create
 */
const REFERENCE =
  /\{\s*(?:"type"\s*:\s*"item_reference"\s*,\s*"id"\s*:\s*"([a-z]{2,3}_[0-9a-f]{28})"|"id"\s*:\s*"([a-z]{2,3}_[0-9a-f]{28})"\s*,\s*"type"\s*:\s*"item_reference")\s*\}/g;

function idIn([, first, second]: readonly unknown[]): string {
  return `${first ?? second}`;
}

/** The items of an answer are named after it, see itemId. */
function answerOf(id: string): string {
  return responseId(id.slice(id.indexOf('_') + 1, -4));
}

/** The items of `input` as they stand, without the brackets; a text is a message of the user. */
function itemsOf({ bytes, members }: RequestBytes): string {
  const member = members.findLast(({ key }) => key === 'input');
  const text = member === undefined ? '' : bytes.toString('utf8', member.valueStart, member.end);
  if (text.startsWith('[')) return text.slice(1, -1);
  return text.startsWith('"') ? `{"type":"message","role":"user","content":${text}}` : '';
}

function withInput(
  { bytes, members }: RequestBytes,
  remove: ReadonlySet<string>,
  input: string | undefined,
): Buffer {
  const set = input === undefined ? new Map<string, string>() : new Map([['input', input]]);
  return editObject(bytes, members, { remove, set });
}

/** A vendor looks up what has an id. Pieces of reasoning are held together by theirs. */
function asInput(item: JsonObject): JsonObject {
  const { id, status: _, ...rest } = item;
  return item['type'] === 'reasoning' && id !== undefined ? { id, ...rest } : rest;
}

/** What the engine says of damaged text quotes it, and would end up in the log. */
function parseKept(bytes: Buffer): JsonValue {
  try {
    return JSON.parse(bytes.toString()) as JsonValue;
  } catch {
    throw new Error('what was kept of a conversation is damaged');
  }
}
