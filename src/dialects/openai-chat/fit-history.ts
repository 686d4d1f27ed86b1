// A request that goes to a model of this dialect as it came, but whose history another vendor's model has spoken in: its
// reasoning and its signatures are left out, with the text that belongs to them.

import { isWrapped, WRAPPED } from '../../conversation/signature.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { objectOf, objectsOf } from '../../json/read-value.ts';
import { detailProof } from './decode-reasoning.ts';
import { decodeCallSignature } from './decode-tools.ts';
import { takesReasoning } from './takes-reasoning.ts';

export const historyMarks: readonly string[] = [`"${WRAPPED}`, '"reasoning', '"thought_signature"'];

export function fitHistory(body: JsonObject, modelId: string): JsonObject {
  const messages = body['messages'];
  if (!Array.isArray(messages)) return {};
  const isTaken = takesReasoning(modelId);
  const fitted = messages.map((message) => fitMessage(message, isTaken));
  return fitted.every((message, index) => message === messages[index]) ? {} : { messages: fitted };
}

function fitMessage(message: JsonValue, isTaken: boolean): JsonValue {
  if (!isObject(message) || message['role'] !== 'assistant') return message;
  return fitCalls(fitReasoning(message, isTaken), isTaken);
}

function fitReasoning(message: JsonObject, isTaken: boolean): JsonObject {
  const details = objectsOf(message['reasoning_details']);
  const own = isTaken ? details.filter((detail) => !isWrapped(detailProof(detail))) : [];
  const { reasoning_content, reasoning, reasoning_details, ...others } = message;
  const hasAny = [reasoning_content, reasoning, reasoning_details].some((value) => value !== undefined);
  if (isTaken ? own.length === details.length : !hasAny) return message;
  // The text is what all of the details say.
  return own.length === 0 ? others : { ...others, reasoning_details: own };
}

function fitCalls(message: JsonObject, isTaken: boolean): JsonObject {
  const calls = message['tool_calls'];
  if (!Array.isArray(calls)) return message;
  const fitted = calls.map((call) => (isObject(call) ? fitCall(call, isTaken) : call));
  return fitted.every((call, index) => call === calls[index]) ? message : { ...message, tool_calls: fitted };
}

function fitCall(call: JsonObject, isTaken: boolean): JsonObject {
  const signature = decodeCallSignature(call);
  if (signature === undefined || (isTaken && signature.dialect === 'openai-chat')) return call;
  const { extra_content: extra, ...others } = call;
  const { google, ...ofOthers } = objectOf(extra);
  const { thought_signature: _, ...ofGoogle } = objectOf(google);
  const kept = { ...ofOthers, ...(Object.keys(ofGoogle).length === 0 ? {} : { google: ofGoogle }) };
  return Object.keys(kept).length === 0 ? others : { ...others, extra_content: kept };
}
