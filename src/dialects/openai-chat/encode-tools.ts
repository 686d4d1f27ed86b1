// Tools, the choice among them and calls of them → as Chat writes them.

import type { Tool, ToolChoice } from '../../conversation/conversation-request.ts';
import type { Part } from '../../conversation/part.ts';
import { type Signature, writeSignature } from '../../conversation/signature.ts';
import { foreignMembers, ownMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { present } from '../../json/read-value.ts';
import { parametersSchema } from '../parameters-schema.ts';
import { strictFor } from '../strict-schema.ts';
import { cannotSay } from './cannot-say.ts';

const DIALECT = 'openai-chat';

/** @throws GatewayError for another vendor's tool */
export function encodeTool(tool: Tool, index: number, warnings: Warning[]): JsonObject {
  if (tool.type === 'vendor') {
    if (tool.dialect === DIALECT && isObject(tool.value)) return tool.value;
    throw cannotSay(`tool ${tool.name}`, `tools[${index}]`);
  }
  const { name, description, vendor } = tool;
  for (const member of foreignMembers(vendor, DIALECT)) warnings.push(unknown(`tools[${index}].${member}`));
  const parameters = tool.parameters && parametersSchema(tool.parameters);
  const strict = strictFor(parameters, tool.strict, DIALECT, `tools[${index}]`, warnings);
  return {
    type: 'function',
    function: { name, ...present({ description, parameters, strict }) },
    ...ownMembers(vendor, DIALECT),
  };
}

/** @throws GatewayError for another vendor's choice */
export function encodeToolChoice(choice: ToolChoice): JsonValue {
  switch (choice.type) {
    case 'tools': {
      const tools = choice.names.map((name) => ({ type: 'function', function: { name } }));
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
 */
export function encodeCalls(parts: readonly Part[], isSent: (signature: Signature) => boolean): JsonObject[] {
  const calls: JsonObject[] = [];
  for (const part of parts) {
    if (part.type === 'vendor' && part.dialect === DIALECT && isObject(part.value)) calls.push(part.value);
    if (part.type !== 'tool-call') continue;
    calls.push({
      id: part.id,
      type: 'function',
      function: { name: part.name, arguments: part.arguments },
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
