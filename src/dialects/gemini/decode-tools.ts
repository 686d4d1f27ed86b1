// Gemini's tools and tool choice → neutral: https://ai.google.dev/api/caching#Tool

import type { Tool, ToolChoice } from '../../conversation/conversation-request.ts';
import { restOf } from '../../conversation/vendor-members.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { isObject } from '../../json/json-value.ts';
import { present, stringOf } from '../../json/read-value.ts';
import { camelMembers, listOf } from './camel-members.ts';
import { toJsonSchema } from './convert-schema.ts';

const DIALECT = 'gemini';
const DECLARATION = new Set(['name', 'description', 'parameters', 'parametersJsonSchema']);
const CALLING = new Set(['mode', 'allowedFunctionNames']);

/** One entry of the list may hold several functions, and tools of Google's own beside them. */
export function decodeTools(value: JsonValue | undefined): Tool[] {
  const tools: Tool[] = [];
  for (const entry of listOf(value)) {
    for (const [name, held] of Object.entries(camelMembers(entry))) {
      if (held === undefined || held === null) continue;
      if (name === 'functionDeclarations') tools.push(...listOf(held).map(decodeFunction));
      else tools.push({ type: 'vendor', dialect: DIALECT, name, value: { [name]: held } });
    }
  }
  return tools;
}

function decodeFunction(wire: JsonObject): Tool {
  const declaration = camelMembers(wire);
  const { parameters, parametersJsonSchema } = declaration;
  const rest = restOf(declaration, DECLARATION);
  return {
    type: 'function',
    name: stringOf(declaration['name']) ?? '',
    ...present({
      description: stringOf(declaration['description']),
      parameters: isObject(parametersJsonSchema)
        ? parametersJsonSchema
        : isObject(parameters)
          ? toJsonSchema(parameters)
          : undefined,
      vendor: rest === undefined ? undefined : ({ dialect: DIALECT, members: rest } as const),
    }),
  };
}

export interface DecodedToolConfig {
  readonly toolChoice?: ToolChoice;
  /** What the neutral model has no place for, by its path in the request. */
  readonly rest: JsonObject;
}

export function decodeToolConfig(value: JsonValue | undefined): DecodedToolConfig {
  const config = camelMembers(value);
  const calling = camelMembers(config['functionCallingConfig']);
  const rest: JsonObject = {};
  for (const [name, held] of Object.entries(config)) {
    if (name !== 'functionCallingConfig' && held !== undefined && held !== null)
      rest[`toolConfig.${name}`] = held;
  }
  const toolChoice = decodeChoice(calling);
  // VALIDATED holds the model to the schemas of its calls; nobody else has the word.
  const known = toolChoice === undefined ? NOTHING : CALLING;
  const unsaid = restOf(calling, known);
  if (unsaid !== undefined) rest['toolConfig.functionCallingConfig'] = unsaid;
  return { rest, ...present({ toolChoice }) };
}

const NOTHING: ReadonlySet<string> = new Set();

function decodeChoice(calling: JsonObject): ToolChoice | undefined {
  const allowed = calling['allowedFunctionNames'];
  const names = Array.isArray(allowed) ? allowed.filter((name) => typeof name === 'string') : [];
  switch (calling['mode']) {
    case 'AUTO':
      return { type: 'auto' };
    case 'NONE':
      return { type: 'none' };
    case 'ANY':
      return names.length === 0 ? { type: 'required' } : { type: 'tools', names };
    default:
      return undefined;
  }
}
