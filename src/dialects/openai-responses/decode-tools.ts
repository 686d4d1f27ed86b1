// Tools and the choice of them → neutral. Here they are flat, without Chat's `function` around them.

import type { Tool, ToolChoice } from '../../conversation/conversation-request.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { booleanOf, objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import { invalid } from '../check-fields.ts';
import { DIALECT, keepRest } from './keep-rest.ts';

const FUNCTION = new Set(['type', 'name', 'description', 'parameters', 'strict']);
const CUSTOM = new Set(['type', 'name', 'description', 'format']);

/** @throws GatewayError that names the field */
export function decodeTools(value: JsonValue | undefined): Tool[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw invalid('tools', 'an array', value);
  return value.map((tool, index) => {
    if (!isObject(tool)) throw invalid(`tools[${index}]`, 'an object', tool);
    return decodeTool(tool, index);
  });
}

function decodeTool(tool: JsonObject, index: number): Tool {
  const { type, name, parameters } = tool;
  if (typeof type !== 'string') throw invalid(`tools[${index}].type`, 'a string', type);
  if (type === 'custom') return decodeCustom(tool, index);
  if (type !== 'function') return { type: 'vendor', dialect: DIALECT, name: type, value: tool };
  if (typeof name !== 'string') throw invalid(`tools[${index}].name`, 'a string', name);
  if (parameters != null && !isObject(parameters)) {
    throw invalid(`tools[${index}].parameters`, 'an object', parameters);
  }
  return {
    type,
    name,
    ...present({
      description: stringOf(tool['description']),
      parameters: parameters ?? undefined,
      strict: booleanOf(tool['strict']),
    }),
    ...keepRest(tool, FUNCTION),
  };
}

function decodeCustom(tool: JsonObject, index: number): Tool {
  const { name } = tool;
  if (typeof name !== 'string') throw invalid(`tools[${index}].name`, 'a string', name);
  const { type: format = 'text', syntax, definition } = objectOf(tool['format']);
  const isGrammar = format === 'grammar' && typeof syntax === 'string' && typeof definition === 'string';
  if (!isGrammar && format !== 'text') return { type: 'vendor', dialect: DIALECT, name, value: tool };
  return {
    type: 'custom',
    name,
    ...present({
      description: stringOf(tool['description']),
      grammar: isGrammar ? { syntax, definition } : undefined,
    }),
    ...keepRest(tool, CUSTOM),
  };
}

export function decodeToolChoice(value: JsonValue | undefined): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === 'auto' || value === 'none' || value === 'required') return { type: value };
  if (!isObject(value)) throw invalid('tool_choice', '"auto", "none", "required" or an object', value);
  const name = stringOf(value['name']);
  if (isClients(value) && name !== undefined) return { type: 'tools', names: [name] };
  if (value['type'] === 'allowed_tools' && value['mode'] === 'required') {
    const tools = objectsOf(value['tools']);
    const names = tools.flatMap((tool) => (isClients(tool) ? (stringOf(tool['name']) ?? []) : []));
    if (names.length > 0 && names.length === tools.length) return { type: 'tools', names };
  }
  return { type: 'vendor', dialect: DIALECT, value };
}

/** Whether the tool is one that the client runs. */
function isClients({ type }: JsonObject): boolean {
  return type === 'function' || type === 'custom';
}
