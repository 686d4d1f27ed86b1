// Tools, the choice among them and calls of them, as Chat writes them → neutral terms.

import type { Tool, ToolChoice } from '../../conversation/conversation-request.ts';
import { wrapInput } from '../../conversation/custom-input.ts';
import type { ToolCallPart, VendorPart } from '../../conversation/part.ts';
import { readSignature, type Signature } from '../../conversation/signature.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { booleanOf, objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import { invalid } from '../check-fields.ts';
import { decodeCache } from './decode-parts.ts';
import { keepOthers } from './keep-others.ts';

const DIALECT = 'openai-chat';
const KNOWN_OF_TOOL = new Set(['type', 'function', 'custom', 'cache_control']);
const KNOWN_OF_CALL = new Set(['type', 'id', 'index', 'function', 'custom', 'extra_content']);

export function decodeTool(tool: JsonObject): Tool {
  if (tool['type'] === 'custom') return decodeCustom(tool);
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

function decodeCustom(tool: JsonObject): Tool {
  const declared = objectOf(tool['custom']);
  const name = stringOf(declared['name']);
  const format = objectOf(declared['format']);
  const { syntax, definition } = objectOf(format['grammar']);
  const isGrammar =
    format['type'] === 'grammar' && typeof syntax === 'string' && typeof definition === 'string';
  if (name === undefined || (!isGrammar && (format['type'] ?? 'text') !== 'text')) {
    return { type: 'vendor', dialect: DIALECT, name: name ?? 'tool', value: tool };
  }
  return {
    type: 'custom',
    name,
    ...present({
      description: stringOf(declared['description']),
      grammar: isGrammar ? { syntax, definition } : undefined,
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
  const name = nameOf(choice);
  if (name !== undefined) return { type: 'tools', names: [name] };
  const names = allowedNames(objectOf(choice['allowed_tools']));
  return names === undefined ? { type: 'vendor', dialect: DIALECT, value: choice } : { type: 'tools', names };
}

/** Undefined unless one of some functions must be called. */
function allowedNames(allowed: JsonObject): string[] | undefined {
  if (allowed['mode'] !== 'required') return undefined;
  const tools = objectsOf(allowed['tools']);
  const names = tools.flatMap((tool) => nameOf(tool) ?? []);
  return names.length > 0 && names.length === tools.length ? names : undefined;
}

/** Of a function or a custom tool. */
function nameOf(tool: JsonObject): string | undefined {
  return stringOf(objectOf(tool['function'])['name'] ?? objectOf(tool['custom'])['name']);
}

/** @param id for a call that came without one */
export function decodeCall(call: JsonObject, id: string): ToolCallPart | VendorPart {
  const called = objectOf(call['function']);
  const name = nameOf(call);
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
    ...(isCustomCall(call)
      ? { arguments: wrapInput(stringOf(objectOf(call['custom'])['input']) ?? ''), custom: true }
      : { arguments: argumentsOf(called) }),
    ...(signature === undefined ? {} : { signature }),
    ...keepOthers(call, KNOWN_OF_CALL),
  };
}

/** Some servers give functions an empty `custom` too: https://github.com/earendil-works/pi/issues/8504 */
export function isCustomCall(call: JsonObject): boolean {
  return stringOf(objectOf(call['custom'])['name']) !== undefined && !isObject(call['function']);
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
