// Neutral tools and tool choice → Gemini's: https://ai.google.dev/api/caching#Tool

import type { ConversationRequest, FunctionTool, Tool } from '../../conversation/conversation-request.ts';
import { foreignMembers, ownMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import { isObject, type JsonObject } from '../../json/json-value.ts';
import { present } from '../../json/read-value.ts';
import { asFunction } from '../custom-tools.ts';
import { cannotSay, unknown } from './encode-parts.ts';
import { withMembers } from './place-members.ts';

const DIALECT = 'gemini';

/**
 * Functions that follow each other share one entry.
 * @throws GatewayError 'invalid-request' for tools that another vendor runs
 */
export function encodeTools(tools: readonly Tool[], warnings: Warning[]): JsonObject[] {
  const wire: JsonObject[] = [];
  let declarations: JsonObject[] | undefined;
  let warnedOfStrict = false;
  for (const [index, asked] of tools.entries()) {
    const param = `tools[${index}]`;
    const tool = asked.type === 'custom' ? asFunction(asked, param, warnings) : asked;
    if (tool.type === 'vendor') {
      if (tool.dialect !== DIALECT || !isObject(tool.value)) throw cannotSay(`the tool ${tool.name}`, param);
      wire.push(tool.value);
      declarations = undefined;
      continue;
    }
    if (tool.strict === true && !warnedOfStrict) {
      warnedOfStrict = true;
      warnings.push(unknown(`${param}.strict`));
    }
    for (const name of foreignMembers(tool.vendor, DIALECT)) warnings.push(unknown(`${param}.${name}`));
    if (tool.cache !== undefined) warnings.push(unknown(`${param}.cache_control`));
    if (declarations === undefined) {
      declarations = [];
      wire.push({ functionDeclarations: declarations });
    }
    declarations.push(encodeFunction(tool));
  }
  return wire;
}

function encodeFunction({ name, description, parameters, vendor }: FunctionTool): JsonObject {
  const declaration = { name, ...present({ description, parametersJsonSchema: parameters }) };
  return withMembers(declaration, ownMembers(vendor, DIALECT));
}

/** @throws GatewayError 'invalid-request' for a choice that only another vendor knows */
export function encodeToolConfig(
  { toolChoice, parallelToolCalls, tools }: ConversationRequest,
  warnings: Warning[],
): JsonObject | undefined {
  if (tools === undefined || tools.every(({ type }) => type === 'vendor')) return undefined;
  if (parallelToolCalls === false) warnings.push(unknown('parallel_tool_calls'));
  switch (toolChoice?.type) {
    case undefined:
      return undefined;
    case 'auto':
      return calling({ mode: 'AUTO' });
    case 'none':
      return calling({ mode: 'NONE' });
    case 'required':
      return calling({ mode: 'ANY' });
    case 'tools':
      return calling({ mode: 'ANY', allowedFunctionNames: [...toolChoice.names] });
    case 'vendor':
      throw cannotSay('this choice of tools', 'tool_choice');
  }
}

function calling(functionCallingConfig: JsonObject): JsonObject {
  return { functionCallingConfig };
}
