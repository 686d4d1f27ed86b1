// Neutral tools and tool choice → `toolConfig`:
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolConfiguration.html

import { GatewayError } from '../../contract/gateway-error.ts';
import type {
  ConversationRequest,
  FunctionTool,
  Tool,
  ToolChoice,
} from '../../conversation/conversation-request.ts';
import { foreignMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { present } from '../../json/read-value.ts';
import { adaptSchema } from '../claude-schema.ts';
import { asFunction } from '../custom-tools.ts';
import { cannotSay, unknown } from './cannot-say.ts';
import { encodeCachePoint } from './encode-blocks.ts';
import type { ModelFamily } from './model-families.ts';

export interface EncodedTools {
  readonly toolConfig?: JsonObject;
  /** Of `additionalModelRequestFields`. */
  readonly fields?: JsonObject;
}

export function encodeTools(
  request: ConversationRequest,
  { cachePoints, limitsCalls, claude }: ModelFamily,
  warnings: Warning[],
): EncodedTools {
  const { toolChoice, parallelToolCalls } = request;
  const called = calledNames(request);
  if (request.tools === undefined || request.tools.length === 0) return declareCalled(called, warnings);
  if (toolChoice?.type === 'none') {
    // What says "none" here is to offer nothing, which a conversation with calls in it cannot.
    if (called.size === 0) return {};
    warnings.push({ param: 'tool_choice', message: 'none is not known to bedrock-converse; auto is sent' });
  }
  const tools: JsonObject[] = [];
  const offered = toolChoice?.type === 'tools' && toolChoice.names.length > 1 ? toolChoice.names : undefined;
  let isWarned = false;
  for (const [index, tool] of request.tools.entries()) {
    const encoded = encodeTool(tool, `tools[${index}]`, warnings);
    if (offered !== undefined && !offered.includes(tool.name)) continue;
    tools.push(encoded);
    if (tool.type === 'vendor' || tool.cache === undefined) continue;
    if (cachePoints === 'everywhere') tools.push(encodeCachePoint(tool.cache));
    else if (!isWarned) {
      isWarned = true;
      warnings.push({ param: `tools[${index}].cache_control`, message: 'not sent to this model' });
    }
  }
  const chosen = encodeChoice(toolChoice, claude?.takesForcedTools !== false, warnings);
  if (parallelToolCalls === false && limitsCalls && (chosen === undefined || chosen['auto'] !== undefined))
    return { toolConfig: { tools }, fields: { tool_choice: ONE_AT_A_TIME } };
  if (parallelToolCalls === false) warnings.push(unknown('parallel_tool_calls'));
  return { toolConfig: { tools, ...present({ toolChoice: chosen }) } };
}

/** In Claude's own words; it contradicts a choice in Converse's: https://github.com/BerriAI/litellm/issues/36536 */
const ONE_AT_A_TIME = { type: 'auto', disable_parallel_tool_use: true };

/** Of the functions that the conversation has called. */
function calledNames({ messages }: ConversationRequest): Set<string> {
  const names = new Set<string>();
  for (const { parts } of messages)
    for (const part of parts) if (part.type === 'tool-call') names.add(part.name);
  return names;
}

/** A conversation with calls in it is refused without declarations: its own say only that there are such tools. */
function declareCalled(names: ReadonlySet<string>, warnings: Warning[]): EncodedTools {
  if (names.size === 0) return {};
  warnings.push({ param: 'tools', message: 'declared by the names that were called before' });
  const tools = [...names].map((name) => specOf({ type: 'function', name }, '', []));
  return { toolConfig: { tools } };
}

function encodeTool(tool: Tool, param: string, warnings: Warning[]): JsonObject {
  if (tool.type === 'vendor') throw cannotSay(`the tool ${tool.name}`, param);
  for (const name of foreignMembers(tool.vendor, 'bedrock-converse'))
    warnings.push(unknown(`${param}.${name}`));
  return specOf(tool.type === 'custom' ? asFunction(tool, param, warnings) : tool, param, warnings);
}

function specOf(tool: FunctionTool, param: string, warnings: Warning[]): JsonObject {
  const { name, description, parameters = { properties: {} }, strict } = tool;
  const isStrict = strict === true;
  const fitting = isStrict
    ? adaptSchema(parameters, 'bedrock-converse', `${param}.parameters`, warnings)
    : parameters;
  return {
    toolSpec: {
      name,
      ...present({ description: description?.trim() === '' ? undefined : description }),
      // AWS wants its type said.
      inputSchema: { json: { type: 'object', ...fitting } },
      ...(isStrict ? { strict } : {}),
    },
  };
}

function encodeChoice(
  choice: ToolChoice | undefined,
  canForce: boolean,
  warnings: Warning[],
): JsonObject | undefined {
  switch (choice?.type) {
    case undefined:
    case 'none':
      return undefined;
    case 'auto':
      return { auto: {} };
    case 'vendor': {
      const message = `'tool_choice' has a form that bedrock-converse cannot be told`;
      throw new GatewayError('invalid-request', message, 'tool_choice');
    }
    case 'required':
    case 'tools': {
      if (!canForce) {
        const message = 'the model cannot be forced to call a tool; auto is sent';
        warnings.push({ param: 'tool_choice', message });
        return { auto: {} };
      }
      const [name, ...more] = choice.type === 'tools' ? choice.names : [];
      return name === undefined || more.length > 0 ? { any: {} } : { tool: { name } };
    }
  }
}
