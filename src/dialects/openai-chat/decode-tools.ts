// Tools, the choice among them and calls of them, as Chat writes them → neutral terms.

import type { Tool, ToolChoice } from '../../conversation/conversation-request.ts';
import type { ToolCallPart, VendorPart } from '../../conversation/part.ts';
import { readSignature, type Signature } from '../../conversation/signature.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { booleanOf, objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import { invalid } from '../check-fields.ts';
import { decodeCache } from './decode-parts.ts';
import { keepOthers } from './keep-others.ts';

const DIALECT = 'openai-chat';
const KNOWN_OF_TOOL = new Set(['type', 'function', 'cache_control']);
const KNOWN_OF_CALL = new Set(['type', 'id', 'index', 'function', 'extra_content']);

export function decodeTool(tool: JsonObject): Tool {
  const declared = objectOf(tool['function']);
  const name = stringOf(declared['name']);
  if (tool['type'] !== 'function' || name === undefined) {
    return { type: 'vendor', dialect: DIALECT, name: stringOf(tool['type']) ?? 'tool', value: tool };
  }
  return {
    type: 'function',
    name,
    ...present({
      description: stringOf(declared['description']),
      parameters: isObject(declared['parameters']) ? declared['parameters'] : undefined,
      strict: booleanOf(declared['strict']),
      cache: decodeCache(tool),
    }),
    ...keepOthers(tool, KNOWN_OF_TOOL),
  };
}

/** @throws GatewayError for what is no choice at all */
export function decodeToolChoice(choice: JsonValue | undefined): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { type: choice };
  if (!isObject(choice)) throw invalid('tool_choice', "'auto', 'none', 'required' or an object", choice);
  const name = stringOf(objectOf(choice['function'])['name']);
  if (name !== undefined) return { type: 'tools', names: [name] };
  const names = allowedNames(objectOf(choice['allowed_tools']));
  return names === undefined ? { type: 'vendor', dialect: DIALECT, value: choice } : { type: 'tools', names };
}

/** Undefined unless one of some functions must be called. */
function allowedNames(allowed: JsonObject): string[] | undefined {
  if (allowed['mode'] !== 'required') return undefined;
  const tools = objectsOf(allowed['tools']);
  const names = tools.flatMap((tool) => stringOf(objectOf(tool['function'])['name']) ?? []);
  return names.length > 0 && names.length === tools.length ? names : undefined;
}

/** @param id for a call that came without one */
export function decodeCall(call: JsonObject, id: string): ToolCallPart | VendorPart {
  const called = objectOf(call['function']);
  const name = stringOf(called['name']);
  if (name === undefined) {
    return {
      type: 'vendor',
      dialect: DIALECT,
      name: `${stringOf(call['type']) ?? 'unknown'} call`,
      value: call,
    };
  }
  const signature = decodeCallSignature(call);
  return {
    type: 'tool-call',
    id: stringOf(call['id']) || id,
    name,
    arguments: argumentsOf(called),
    ...(signature === undefined ? {} : { signature }),
    ...keepOthers(call, KNOWN_OF_CALL),
  };
}

/** JSON text; some servers give the object itself, or nothing at all for a call without arguments. */
function argumentsOf(called: JsonObject): string {
  const given = called['arguments'];
  if (isObject(given)) return JSON.stringify(given);
  const text = stringOf(given) ?? '';
  return text.trim() === '' ? '{}' : text;
}

/** Gemini's, where Google speaks this dialect: https://ai.google.dev/gemini-api/docs/thought-signatures */
export function decodeCallSignature(call: JsonObject): Signature | undefined {
  const proof = stringOf(objectOf(objectOf(call['extra_content'])['google'])['thought_signature']);
  return proof === undefined || proof === '' ? undefined : readSignature(proof, DIALECT);
}
