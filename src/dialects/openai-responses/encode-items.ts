// Neutral messages → the items of `input`: https://platform.openai.com/docs/api-reference/responses/create

import type { Message } from '../../conversation/conversation-request.ts';
import { unwrapInput } from '../../conversation/custom-input.ts';
import type {
  Part,
  ReasoningPart,
  RefusalPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../../conversation/part.ts';
import { foreignMembers } from '../../conversation/vendor-members.ts';
import type { Warning } from '../../conversation/warning.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { warnOfReasoning } from '../left-out-reasoning.ts';
import { cannotSay, encodeContent, unknown, warnForeign } from './encode-content.ts';
import { encodeAnnotations } from './encode-output.ts';
import { DIALECT, ownMembers } from './keep-rest.ts';

/**
 * @param first the message to begin with: those before it stand elsewhere
 * @throws GatewayError for what must not be lost
 */
export function encodeItems(messages: readonly Message[], first: number, warnings: Warning[]): JsonObject[] {
  const items: JsonObject[] = [];
  const custom = customCalls(messages);
  for (let index = first; index < messages.length; index += 1) {
    const message = messages[index];
    if (message !== undefined) encodeMessage(message, `messages[${index}]`, items, custom, warnings);
  }
  return items;
}

/** The ids of the calls of custom tools: what they gave comes back as another kind of item. */
function customCalls(messages: readonly Message[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { parts } of messages) {
    for (const part of parts) if (part.type === 'tool-call' && part.custom === true) ids.add(part.id);
  }
  return ids;
}

function encodeMessage(
  message: Message,
  param: string,
  items: JsonObject[],
  custom: ReadonlySet<string>,
  warnings: Warning[],
): void {
  const { role, parts, name, vendor } = message;
  if (name !== undefined) warnings.push(unknown(`${param}.name`));
  for (const member of foreignMembers(vendor, DIALECT)) warnings.push(unknown(`${param}.${member}`));
  const content = `${param}.content`;
  if (role === 'assistant') {
    new TurnWriter(items, warnings).write(parts, content);
    return;
  }
  const said: Part[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index];
    if (part?.type === 'tool-result') {
      const type = custom.has(part.toolCallId) ? 'custom_tool_call_output' : 'function_call_output';
      items.push({ type, ...encodeResult(part, `${content}[${index}]`, warnings) });
    } else if (part?.type === 'vendor') {
      items.push(ownItem(part, `${content}[${index}]`));
    } else if (part !== undefined) {
      said.push(part);
    }
  }
  if (said.length > 0) {
    const members = ownMembers(vendor);
    items.push({ type: 'message', role, content: encodeContent(said, content, warnings), ...members });
  }
}

/** There is no member that says so: a result that is an error says it in its text. */
function encodeResult(part: ToolResultPart, param: string, warnings: Warning[]): JsonObject {
  warnForeign(part, param, warnings);
  let content: readonly Part[] = part.content;
  if (part.isError) {
    const first = content.find((piece) => piece.type === 'text');
    content =
      first === undefined
        ? [{ type: 'text', text: 'Error' }, ...content]
        : content.map((piece) => (piece === first ? { ...first, text: `Error: ${first.text}` } : piece));
  }
  const output = content.length === 0 ? '' : encodeContent(content, `${param}.content`, warnings);
  return {
    call_id: part.toolCallId,
    output,
    ...ownMembers(part.vendor),
  };
}

function ownItem(part: Part & { readonly type: 'vendor' }, param: string): JsonObject {
  if (part.dialect === DIALECT && isObject(part.value)) return part.value;
  throw cannotSay(`${part.name} block`, param);
}

/** The items of one assistant message: neighbouring texts are one item, pieces of the same reasoning too. */
class TurnWriter {
  private readonly items: JsonObject[];
  private readonly warnings: Warning[];
  private content: JsonObject[] | undefined;
  private reasoning: ReasoningPart[] = [];
  /** Where it began. */
  private reasoningParam = '';

  constructor(items: JsonObject[], warnings: Warning[]) {
    this.items = items;
    this.warnings = warnings;
  }

  write(parts: readonly Part[], param: string): void {
    const start = this.items.length;
    for (let index = 0; index < parts.length; index += 1) {
      const part = parts[index];
      if (part !== undefined) this.writePart(part, `${param}[${index}]`);
    }
    this.endReasoning();
    for (const item of this.items.slice(start)) writePlainly(item);
  }

  private writePart(part: Part, param: string): void {
    if (part.type === 'reasoning') {
      const [before] = this.reasoning;
      if (before !== undefined && (before.id === undefined || before.id !== part.id)) this.endReasoning();
      if (this.reasoning.length === 0) this.reasoningParam = param;
      this.content = undefined;
      this.reasoning.push(part);
      return;
    }
    this.endReasoning();
    if (part.type === 'text' || part.type === 'refusal') {
      this.writeText(part, param);
      return;
    }
    this.content = undefined;
    if (part.type === 'vendor') {
      this.items.push(ownItem(part, param));
    } else if (part.type === 'tool-call') {
      warnForeign(part, param, this.warnings);
      this.items.push({ ...encodeCall(part), ...ownMembers(part.vendor) });
    } else {
      throw cannotSay(`${part.type} in an assistant's message`, param);
    }
  }

  private writeText(part: TextPart | RefusalPart, param: string): void {
    warnForeign(part, param, this.warnings);
    const { prompt_cache_breakpoint, ...item } = ownMembers(part.vendor);
    const wire = {
      ...(part.type === 'refusal'
        ? { type: 'refusal', refusal: part.text }
        : { type: 'output_text', text: part.text, ...annotationsOf(part) }),
      ...(prompt_cache_breakpoint === undefined ? {} : { prompt_cache_breakpoint }),
    };
    if (this.content === undefined || Object.keys(item).length > 0) {
      this.content = [];
      this.items.push({ type: 'message', role: 'assistant', content: this.content, ...item });
    }
    this.content.push(wire);
  }

  /** Only what the vendor itself encrypted comes back to it; the reasoning of others means nothing to it. */
  private endReasoning(): void {
    const parts = this.reasoning;
    const [first] = parts;
    if (first === undefined) return;
    this.reasoning = [];
    const signature = parts.findLast((part) => part.signature !== undefined)?.signature;
    const content = parts.flatMap((part) => ownContent(part));
    if (signature?.dialect !== DIALECT && content.length === 0) {
      const shown = parts.find(({ text, redacted }) => text !== '' || redacted === true);
      if (shown !== undefined) warnOfReasoning(shown, this.reasoningParam, this.warnings);
      return;
    }
    const id = first.id ?? signature?.id;
    this.items.push({
      type: 'reasoning',
      ...(id === undefined ? {} : { id }),
      summary: parts.flatMap((part) =>
        part.text === '' || ownContent(part).length > 0 ? [] : [{ type: 'summary_text', text: part.text }],
      ),
      ...(content.length === 0 ? {} : { content }),
      ...(signature?.dialect === DIALECT ? { encrypted_content: signature.value } : {}),
    });
  }
}

function encodeCall({ id: call_id, name, arguments: text, custom }: ToolCallPart): JsonObject {
  return custom === true
    ? { type: 'custom_tool_call', call_id, name, input: unwrapInput(text) }
    : { type: 'function_call', call_id, name, arguments: text === '' ? '{}' : text };
}

/** One plain text is a string: as an item of content it would want an id, a status and annotations beside it. */
function writePlainly(item: JsonObject): void {
  const { type, content } = item;
  const [only, more] = type === 'message' && Array.isArray(content) ? content : [];
  if (!isObject(only) || more !== undefined || only['type'] !== 'output_text') return;
  if (Object.keys(only).length === 2 && only['text'] !== undefined) item['content'] = only['text'];
}

/** Text that a model with open weights showed whole: not a summary. */
function ownContent(part: ReasoningPart): JsonValue[] {
  const content = ownMembers(part.vendor)['content'];
  return Array.isArray(content) ? content : [];
}

function annotationsOf(part: TextPart): { readonly annotations?: JsonValue[] } {
  return part.citations === undefined
    ? {}
    : { annotations: encodeAnnotations(part.citations, part.text.length) };
}
