// What OpenAI's Responses refuse although their types admit it.
// https://platform.openai.com/docs/api-reference/responses/create and /docs/guides/reasoning#keeping-reasoning-items-in-context

import type { ResponseCreateParams, ResponseInputItem } from 'openai/resources/responses/responses';
import { isReadable } from '../media.ts';
import { findModelBreaches } from '../openai-models.ts';
import { SIGNATURES } from '../signatures.ts';
import { findStrictSchemaBreaches } from '../strict-schema.ts';

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const ID_PREFIXES: Readonly<Record<string, string>> = {
  message: 'msg_',
  function_call: 'fc_',
  custom_tool_call: 'ctc_',
  reasoning: 'rs_',
};

export function findBreaches(value: object): string[] {
  const body = value as ResponseCreateParams;
  const items = typeof body.input === 'string' || body.input === undefined ? [] : body.input;
  const effort = body.reasoning?.effort ?? undefined;
  return [
    ...findModelBreaches({ ...body, model: body.model ?? '', effort }),
    ...settings(body),
    ...calls(items, body),
    ...reasoning(items),
    ...media(items),
  ];
}

function* settings(body: ResponseCreateParams): Generator<string> {
  if (body.input === undefined && body.prompt == null && body.previous_response_id == null) yield 'no input';
  if (Array.isArray(body.input) && body.input.length === 0) yield 'input: too short';
  if (body.max_output_tokens != null && body.max_output_tokens < 16) yield 'max_output_tokens: at least 16';
  if ((body.temperature ?? 0) > 2 || (body.temperature ?? 0) < 0) yield 'temperature: 0 to 2';
  for (const tool of body.tools ?? []) {
    if (tool.type !== 'function') continue;
    if (!NAME.test(tool.name)) yield `tool name ${tool.name}`;
    if (tool.strict === true) yield* findStrictSchemaBreaches(tool.parameters, tool.name);
    // Absent means strict here: https://platform.openai.com/docs/guides/migrate-to-responses
    else if (tool.strict == null) yield `${tool.name}: 'strict' must be said`;
  }
  const format = body.text?.format;
  if (format?.type === 'json_object' && !/json/i.test(JSON.stringify([body.input, body.instructions])))
    yield "input must contain the word 'json'";
  if (format?.type !== 'json_schema') return;
  if (!NAME.test(format.name)) yield `text.format.name '${format.name}'`;
  if (format.strict === true) yield* findStrictSchemaBreaches(format.schema, 'text.format');
}

/** Calls and their outputs pair up, in whatever order between them. */
function* calls(items: readonly ResponseInputItem[], body: ResponseCreateParams): Generator<string> {
  const open = new Set<string>();
  const custom = new Set<string>();
  for (const [index, item] of items.entries()) {
    if (item.type === 'function_call') {
      if (open.has(item.call_id)) yield `input[${index}]: duplicate call id`;
      if (!NAME.test(item.name)) yield `input[${index}]: function name`;
      open.add(item.call_id);
    } else if (item.type === 'function_call_output' && !open.delete(item.call_id ?? '')) {
      if (body.previous_response_id == null)
        yield `No tool call found for function call output with call_id ${item.call_id}`;
    }
    if (item.type === 'custom_tool_call') custom.add(item.call_id);
    if (item.type === 'custom_tool_call_output' && !custom.delete(item.call_id))
      yield `No tool call found for custom tool call output with call_id ${item.call_id}`;
    const prefix = ID_PREFIXES[item.type ?? 'message'];
    const id = 'id' in item ? item.id : undefined;
    if (prefix !== undefined && id != null && !id.startsWith(prefix))
      yield `Invalid 'input[${index}].id': '${id}'. Expected an ID that begins with '${prefix.slice(0, -1)}'`;
  }
  for (const id of custom) yield `No tool output found for custom tool call ${id}`;
  for (const id of open) yield `No tool output found for function call ${id}`;
}

function* reasoning(items: readonly ResponseInputItem[]): Generator<string> {
  for (const [index, item] of items.entries()) {
    if (item.type !== 'reasoning') continue;
    const next = items[index + 1];
    const follows =
      next?.type === 'function_call' ||
      next?.type === 'custom_tool_call' ||
      next?.type === 'reasoning' ||
      (next !== undefined && 'role' in next && next.role === 'assistant');
    if (!follows)
      yield `Item '${item.id}' of type 'reasoning' was provided without its required following item`;
    if (item.encrypted_content != null && item.encrypted_content !== SIGNATURES.openaiResponses)
      yield `input[${index}]: The encrypted content could not be verified`;
  }
}

function* media(items: readonly ResponseInputItem[]): Generator<string> {
  for (const [index, item] of items.entries()) {
    if (!('content' in item) || !Array.isArray(item.content)) continue;
    for (const part of item.content)
      if (part.type === 'input_image' && part.file_id == null && !isReadable(part.image_url ?? ''))
        yield `input[${index}]: unreadable image`;
      else if (part.type === 'input_file' && part.file_data != null && !isReadable(part.file_data))
        yield `input[${index}]: unreadable file`;
      else if (part.type === 'input_file' && part.file_data != null && part.filename == null)
        yield `input[${index}]: a file without its name`;
  }
}
