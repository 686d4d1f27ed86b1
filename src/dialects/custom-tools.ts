// Custom tools for models that know functions only: a function whose one member is the text. Its grammar, which nobody then
// holds the model to, is described. https://platform.openai.com/docs/guides/function-calling#custom-tools

import type { CustomTool, FunctionTool, Tool } from '../conversation/conversation-request.ts';
import type { Warning } from '../conversation/warning.ts';
import { present } from '../json/read-value.ts';

/** @param param where the tool stands */
export function asFunction(tool: CustomTool, param: string, warnings: Warning[]): FunctionTool {
  const { name, description, grammar, cache, vendor } = tool;
  if (grammar !== undefined) {
    const message = `the grammar of the tool ${name} is only described to the model, not enforced`;
    warnings.push({ param: `${param}.format`, message });
  }
  const input = { type: 'string', description: describeInput(grammar) };
  return {
    type: 'function',
    name,
    parameters: { type: 'object', properties: { input }, required: ['input'] },
    ...present({ description, cache, vendor }),
  };
}

/** Descriptions of functions are limited in length by some, those of members are not. */
function describeInput(grammar: CustomTool['grammar']): string {
  const text = 'The whole input of the tool, as plain text.';
  if (grammar === undefined) return text;
  const kind = grammar.syntax === 'regex' ? 'regular expression' : `${grammar.syntax} grammar`;
  return `${text} It must match this ${kind}:\n${grammar.definition}`;
}

export function customNames(tools: readonly Tool[] | undefined): ReadonlySet<string> {
  return new Set(tools?.flatMap((tool) => (tool.type === 'custom' ? tool.name : [])));
}
