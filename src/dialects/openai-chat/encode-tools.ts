// Tools, the choice among them and calls of them → as Chat writes them.

import type { Tool, ToolChoice } from '../../conversation/conversation-request.ts';
import { unwrapInput } from '../../conversation/custom-input.ts';
import type { Part, ToolCallPart } from '../../conversation/part.ts';
import { type Signature, writeSignature } from '../../conversation/signature.ts';
import { foreignMembers, ownMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { present } from '../../json/read-value.ts';
import { asFunction } from '../custom-tools.ts';
import { parametersSchema } from '../parameters-schema.ts';
import { strictFor } from '../strict-schema.ts';
import { cannotSay } from './cannot-say.ts';

const DIALECT = 'openai-chat';

/**
 * @param takesCustom whether the model knows custom tools
 * @throws GatewayError for another vendor's tool
 */
export function encodeTool(
  asked: Tool,
  index: number,
  takesCustom: boolean,
  warnings: Warning[],
): JsonObject {
  const param = `tools[${index}]`;
  const tool = asked.type === 'custom' && !takesCustom ? asFunction(asked, param, warnings) : asked;
  if (tool.type === 'vendor') {
    if (tool.dialect === DIALECT && isObject(tool.value)) return tool.value;
    throw cannotSay(`tool ${tool.name}`, param);
  }
  const { name, description, vendor } = tool;
  for (const member of foreignMembers(vendor, DIALECT)) warnings.push(unknown(`${param}.${member}`));
  if (tool.type === 'custom') {
    const format = tool.grammar && { type: 'grammar', grammar: { ...tool.grammar } };
    return {
      type: 'custom',
      custom: { name, ...present({ description, format }) },
      ...ownMembers(vendor, DIALECT),
    };
  }
  const parameters = tool.parameters && parametersSchema(tool.parameters);
  const strict = strictFor(parameters, tool.strict, DIALECT, param, warnings);
  return {
    type: 'function',
    function: { name, ...present({ description, parameters, strict }) },
    ...ownMembers(vendor, DIALECT),
  };
}

/**
 * @param custom the names of the tools that are sent as custom ones
 * @throws GatewayError for another vendor's choice
 */
export function encodeToolChoice(choice: ToolChoice, custom: ReadonlySet<string>): JsonValue {
  switch (choice.type) {
    case 'tools': {
      const tools = choice.names.map((name): JsonObject => {
        const type = custom.has(name) ? 'custom' : 'function';
        return { type, [type]: { name } };
      });
      const [only] = tools;
      if (only !== undefined && tools.length === 1) return only;
      return { type: 'allowed_tools', allowed_tools: { mode: 'required', tools } };
    }
    case 'vendor':
      if (choice.dialect === DIALECT) return choice.value;
      throw cannotSay('choice of a tool', 'tool_choice');
    default:
      return choice.type;
  }
}

/**
 * The calls among the parts of a message, for its `tool_calls`.
 *
 * @param isSent which signatures go along
 * @param isCustom which calls are those of custom tools
 */
export function encodeCalls(
  parts: readonly Part[],
  isSent: (signature: Signature) => boolean,
  isCustom: (call: ToolCallPart) => boolean,
): JsonObject[] {
  const calls: JsonObject[] = [];
  for (const part of parts) {
    if (part.type === 'vendor' && part.dialect === DIALECT && isObject(part.value)) calls.push(part.value);
    if (part.type !== 'tool-call') continue;
    calls.push({
      id: part.id,
      ...(isCustom(part)
        ? { type: 'custom', custom: { name: part.name, input: unwrapInput(part.arguments) } }
        : { type: 'function', function: { name: part.name, arguments: part.arguments } }),
      ...(part.signature !== undefined && isSent(part.signature) ? encodeCallSignature(part.signature) : {}),
      ...ownMembers(part.vendor, DIALECT),
    });
  }
  return calls;
}

/** https://ai.google.dev/gemini-api/docs/thought-signatures */
export function encodeCallSignature(signature: Signature): JsonObject {
  return { extra_content: { google: { thought_signature: writeSignature(signature, DIALECT) } } };
}

/** For a warning list. */
export function unknown(param: string): Warning {
  return { param, message: `not known to ${DIALECT}` };
}
