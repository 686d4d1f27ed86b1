// Neutral tools and the choice among them → those of a Messages request.
// https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools

import type { ConversationRequest, Tool, ToolChoice } from '../../conversation/conversation-request.ts';
import type { Warning } from '../../conversation/warning.ts';
import { isObject, type JsonObject } from '../../json/json-value.ts';
import { present } from '../../json/read-value.ts';
import type { ClaudeModel } from '../claude-models.ts';
import { adaptSchema } from '../claude-schema.ts';
import { asFunction } from '../custom-tools.ts';
import { cannotSay } from './cannot-say.ts';
import { encodeCache } from './encode-blocks.ts';
import { DIALECT, ownMembers, warnForeign } from './keep-rest.ts';

/** @throws GatewayError for another vendor's tool */
export function encodeTool(asked: Tool, index: number, warnings: Warning[]): JsonObject {
  const param = `tools[${index}]`;
  const tool = asked.type === 'custom' ? asFunction(asked, param, warnings) : asked;
  if (tool.type === 'vendor') {
    if (tool.dialect === DIALECT && isObject(tool.value)) return tool.value;
    throw cannotSay(`tool ${tool.name}`, param);
  }
  const { name, description, parameters, strict, cache, vendor } = tool;
  warnForeign(vendor, param, warnings);
  const schema = parameters ?? { type: 'object', properties: {} };
  return {
    name,
    ...present({
      description,
      strict,
      cache_control: cache && encodeCache(cache),
    }),
    // The vendor wants its type said.
    input_schema: {
      type: 'object',
      ...(strict === true ? adaptSchema(schema, DIALECT, param, warnings) : schema),
    },
    ...ownMembers(vendor),
  };
}

export function isForced(choice: ToolChoice | undefined): boolean {
  return choice?.type === 'required' || choice?.type === 'tools';
}

/** @throws GatewayError for another vendor's choice */
export function encodeToolChoice(
  { toolChoice, parallelToolCalls, tools }: ConversationRequest,
  model: ClaudeModel,
  warnings: Warning[],
): JsonObject | undefined {
  if (tools === undefined || tools.length === 0) return undefined;
  const chosen = toolChoice && encodeChoice(toolChoice, model, warnings);
  if (parallelToolCalls !== false || chosen?.['type'] === 'none') return chosen;
  return { ...(chosen ?? { type: 'auto' }), disable_parallel_tool_use: true };
}

function encodeChoice(choice: ToolChoice, model: ClaudeModel, warnings: Warning[]): JsonObject {
  switch (choice.type) {
    case 'auto':
    case 'none':
      return { type: choice.type };
    case 'vendor':
      if (choice.dialect === DIALECT && isObject(choice.value)) return choice.value;
      throw cannotSay('choice of a tool', 'tool_choice');
    case 'required':
    case 'tools':
      return force(choice, model, warnings);
  }
}

function force(
  choice: Extract<ToolChoice, { type: 'required' | 'tools' }>,
  model: ClaudeModel,
  warnings: Warning[],
): JsonObject {
  if (!model.takesForcedTools) {
    warnings.push({
      param: 'tool_choice',
      message: 'the model cannot be forced to call a tool; auto is sent',
    });
    return { type: 'auto' };
  }
  if (choice.type === 'required') return { type: 'any' };
  const [name, ...others] = choice.names;
  if (name !== undefined && others.length === 0) return { type: 'tool', name };
  warnings.push({ param: 'tool_choice', message: 'not only the named tools but any may be called' });
  return { type: 'any' };
}
