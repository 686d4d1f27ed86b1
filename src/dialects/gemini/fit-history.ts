// A request that goes to a model of this dialect as it came, but whose history another vendor's model has spoken in: its
// signatures are left out, and calls that want one get the value that Google documents for such a history.
// https://ai.google.dev/gemini-api/docs/thought-signatures#faqs

import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { objectsOf, stringOf } from '../../json/read-value.ts';
import { camelMembers } from './camel-members.ts';
import { checksSignatures } from './model-generation.ts';
import { isForeignSignature, NO_SIGNATURE, WRAPPED } from './thought-signature.ts';

export const historyMarks: readonly string[] = [`"${WRAPPED}`, '"functionCall"', '"function_call"'];

export function fitHistory(body: JsonObject, modelId: string): JsonObject {
  const contents = body['contents'];
  if (!Array.isArray(contents)) return {};
  const isChecked = checksSignatures(modelId);
  const fitted = contents.map((content) => fitContent(content, isChecked));
  return fitted.every((content, index) => content === contents[index]) ? {} : { contents: fitted };
}

function fitContent(content: JsonValue, isChecked: boolean): JsonValue {
  if (!isObject(content) || content['role'] !== 'model' || !Array.isArray(content['parts'])) return content;
  const wire = objectsOf(content['parts']);
  const parts = wire.flatMap(dropForeign);
  // Of calls made at once only the first is signed.
  const first = parts.findIndex((part) => camelMembers(part)['functionCall'] !== undefined);
  const call = parts[first];
  if (isChecked && call !== undefined && camelMembers(call)['thoughtSignature'] === undefined) {
    parts[first] = { ...call, thoughtSignature: NO_SIGNATURE };
  }
  const isSame = parts.length === wire.length && parts.every((part, index) => part === wire[index]);
  return isSame ? content : { ...content, parts };
}

/** A part that holds nothing but its signature goes with it. */
function dropForeign(part: JsonObject): JsonObject[] {
  const signature = stringOf(part['thoughtSignature']) ?? stringOf(part['thought_signature']);
  if (signature === undefined || !isForeignSignature(signature)) return [part];
  const { thoughtSignature, thought_signature, ...others } = part;
  return others['text'] === '' ? [] : [others];
}
