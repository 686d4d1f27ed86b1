// Neutral tools and the choice of them → flat function tools.

import type { Tool, ToolChoice } from '../../conversation/conversation-request.ts';
import { foreignMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { present } from '../../json/read-value.ts';
import { parametersSchema } from '../parameters-schema.ts';
import { strictFor } from '../strict-schema.ts';
import { cannotSay, unknown, warnCache } from './encode-content.ts';
import { DIALECT, ownMembers } from './keep-rest.ts';

/** @throws GatewayError for tools that another vendor runs */
export function encodeTool(tool: Tool, index: number, warnings: Warning[]): JsonValue {
  const param = `tools[${index}]`;
  if (tool.type === 'vendor') {
    if (tool.dialect === DIALECT) return tool.value;
    throw cannotSay(`tool ${tool.name}`, param);
  }
  const { name, description, cache, vendor } = tool;
  warnCache(cache, warnings);
  for (const member of foreignMembers(vendor, DIALECT)) warnings.push(unknown(`${param}.${member}`));
  if (tool.type === 'custom') {
    const format = tool.grammar && { type: 'grammar', ...tool.grammar };
    return { type: 'custom', name, ...present({ description, format }), ...ownMembers(vendor) };
  }
  const parameters = parametersSchema(tool.parameters ?? { type: 'object' });
  return {
    type: 'function',
    name,
    ...present({ description }),
    parameters,
    // Without it this API, unlike others, rewrites the schema into a strict one.
    strict: strictFor(parameters, tool.strict, DIALECT, param, warnings) ?? false,
    ...ownMembers(vendor),
  };
}

/** @param custom the names of the tools that are custom */
export function encodeToolChoice(choice: ToolChoice, custom: ReadonlySet<string>): JsonValue {
  switch (choice.type) {
    case 'vendor':
      if (choice.dialect === DIALECT) return choice.value;
      throw cannotSay('choice of a tool', 'tool_choice');
    case 'tools': {
      const tools = choice.names.map(
        (name): JsonObject => ({
          type: custom.has(name) ? 'custom' : 'function',
          name,
        }),
      );
      const [only] = tools;
      return tools.length === 1 && only !== undefined
        ? only
        : { type: 'allowed_tools', mode: 'required', tools };
    }
    default:
      return choice.type;
  }
}
