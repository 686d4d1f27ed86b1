// The items of `input` → neutral messages. What the model said in one turn (reasoning, text, calls) are items of their own
// here and one assistant message there. Ids and states of items are not kept, since a whole conversation says nothing by
// them; those of reasoning are, which come back with its signature.

import { readCarried } from '../../conversation/carried-signature.ts';
import type { Message } from '../../conversation/conversation-request.ts';
import { wrapInput } from '../../conversation/custom-input.ts';
import type {
  FilePart,
  ImagePart,
  Part,
  ReasoningPart,
  TextPart,
  ToolCallPart,
} from '../../conversation/part.ts';
import type { Signature } from '../../conversation/signature.ts';
import type { VendorMembers } from '../../conversation/vendor-members.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { objectsOf, present, stringOf } from '../../json/read-value.ts';
import { invalid } from '../check-fields.ts';
import type { Place } from '../client-dialect.ts';
import { type ContentPart, decodeContent } from './decode-content.ts';
import { DIALECT, keepRest } from './keep-rest.ts';

const MESSAGE = new Set(['type', 'id', 'status', 'role', 'content']);
const CALL = new Set(['type', 'id', 'status', 'call_id', 'name', 'arguments']);
const CUSTOM_CALL = new Set(['type', 'id', 'status', 'call_id', 'name', 'input']);
const RESULT = new Set(['type', 'id', 'status', 'call_id', 'output']);

/** Items that the application adds; all others that only the vendor knows are the model's. */
const FROM_APPLICATION = new Set([
  'mcp_approval_response',
  'additional_tools',
  'configuration_update',
  'compaction_trigger',
  'item_reference',
]);

/** @throws GatewayError that names the field */
export function decodeItems(items: readonly JsonValue[]): {
  readonly messages: readonly Message[];
  /** Of each message. */
  readonly places: readonly Place[];
} {
  const reader = new ItemReader();
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    if (!isObject(item)) throw invalid(`input[${index}]`, 'an object', item);
    reader.read(item, `input[${index}]`);
  }
  return reader;
}

class ItemReader {
  readonly messages: Message[] = [];
  readonly places: Place[] = [];
  private param = '';
  /** The parts of the assistant message under way. */
  private turn: Part[] | undefined;
  /** Signatures of tool calls that are still to come. */
  private readonly signatures = new Map<string, Signature>();

  read(item: JsonObject, param: string): void {
    this.param = param;
    const type = stringOf(item['type']);
    if (type === 'message' || (type === undefined && item['role'] !== undefined)) {
      this.readMessage(item, param);
    } else if (type === 'function_call' || type === 'custom_tool_call') {
      const call = decodeCall(item, param);
      const signature = this.signatures.get(call.id);
      this.assistant().push(signature === undefined ? call : { ...call, signature });
    } else if (type === 'function_call_output' || type === 'custom_tool_call_output') {
      this.readResult(item, param);
    } else if (type === 'reasoning') {
      this.readReasoning(item);
    } else if (type === undefined && stringOf(item['id']) === undefined) {
      throw invalid(`${param}.type`, 'a string', item['type']);
    } else {
      this.keep(item, type ?? 'item_reference');
    }
  }

  private readMessage(item: JsonObject, param: string): void {
    const role = item['role'];
    if (role !== 'user' && role !== 'system' && role !== 'developer' && role !== 'assistant') {
      throw invalid(`${param}.role`, '"user", "assistant", "system" or "developer"', role);
    }
    const parts = decodeContent(item['content'], `${param}.content`);
    if (parts === undefined) this.keep(item, unknownType(item));
    else if (role === 'assistant') this.readSaid(parts, item);
    else this.add({ role, parts, ...keepRest(item, MESSAGE) });
  }

  private readSaid([first, ...more]: readonly ContentPart[], item: JsonObject): void {
    if (first === undefined) return;
    const last = this.turn?.at(-1)?.type;
    // Two messages in a row stay two; behind a call, a new one would part it from its result.
    if ((last === 'text' || last === 'refusal') && !this.turn?.some((part) => part.type === 'tool-call')) {
      this.turn = undefined;
    }
    this.assistant().push(withItemMembers(first, item), ...more);
  }

  private readResult(item: JsonObject, param: string): void {
    const toolCallId = item['call_id'];
    if (typeof toolCallId !== 'string') throw invalid(`${param}.call_id`, 'a string', toolCallId);
    const content = decodeContent(item['output'], `${param}.output`);
    if (content === undefined || !content.every(isResultPart)) {
      this.keep(item, unknownType(item));
      return;
    }
    this.add({
      role: 'tool',
      parts: [{ type: 'tool-result', toolCallId, content, isError: false, ...keepRest(item, RESULT) }],
    });
  }

  private readReasoning(item: JsonObject): void {
    const encrypted = stringOf(item['encrypted_content']);
    const found = encrypted === undefined ? undefined : readCarried(encrypted, DIALECT);
    if (found?.callId === undefined) {
      this.assistant().push(...decodeReasoning(item));
      return;
    }
    const turn = this.turn ?? [];
    const at = turn.findLastIndex((part) => part.type === 'tool-call' && part.id === found.callId);
    const call = turn[at];
    if (call?.type === 'tool-call') turn[at] = { ...call, signature: found.signature };
    else this.signatures.set(found.callId, found.signature);
  }

  private keep(item: JsonObject, name: string): void {
    const part: Part = { type: 'vendor', dialect: DIALECT, name, value: item };
    const type = stringOf(item['type']) ?? 'item_reference';
    const role = stringOf(item['role']);
    if (role === 'user' || role === 'system' || role === 'developer') {
      this.add({ role, parts: [part] });
    } else if (FROM_APPLICATION.has(type) || type.endsWith('_output')) {
      this.add({ role: 'user', parts: [part] });
    } else {
      this.assistant().push(part);
    }
  }

  private add(message: Message): void {
    this.turn = undefined;
    this.messages.push(message);
    this.places.push({ path: this.param, ...(message.role === 'tool' ? {} : { parts: '.content' }) });
  }

  private assistant(): Part[] {
    if (this.turn === undefined) {
      this.turn = [];
      this.messages.push({ role: 'assistant', parts: this.turn });
      // Of several items: the first.
      this.places.push({ path: this.param });
    }
    return this.turn;
  }
}

export function decodeCall(item: JsonObject, param: string): ToolCallPart {
  const { type, call_id: id, name, arguments: text, input } = item;
  if (typeof id !== 'string') throw invalid(`${param}.call_id`, 'a string', id);
  if (typeof name !== 'string') throw invalid(`${param}.name`, 'a string', name);
  if (type === 'custom_tool_call') {
    if (typeof input !== 'string') throw invalid(`${param}.input`, 'a string', input);
    return {
      type: 'tool-call',
      id,
      name,
      arguments: wrapInput(input),
      custom: true,
      ...keepRest(item, CUSTOM_CALL),
    };
  }
  if (typeof text !== 'string') throw invalid(`${param}.arguments`, 'a string', text);
  return { type: 'tool-call', id, name, arguments: text === '' ? '{}' : text, ...keepRest(item, CALL) };
}

/** One part for each piece of it; the last has the signature, which covers them all. */
export function decodeReasoning(item: JsonObject): ReasoningPart[] {
  const id = stringOf(item['id']);
  const shared = present({ id });
  const parts: ReasoningPart[] = [];
  for (const piece of objectsOf(item['summary'])) {
    parts.push({ type: 'reasoning', text: stringOf(piece['text']) ?? '', ...shared });
  }
  // Models with open weights show all of it.
  for (const piece of objectsOf(item['content'])) {
    const vendor: VendorMembers = { dialect: DIALECT, members: { content: [piece] } };
    parts.push({ type: 'reasoning', text: stringOf(piece['text']) ?? '', ...shared, vendor });
  }
  const last: ReasoningPart = parts.pop() ?? { type: 'reasoning', text: '', ...shared };
  const encrypted = stringOf(item['encrypted_content']);
  if (encrypted === undefined) return [...parts, last];
  const { signature, redacted } = readCarried(encrypted, DIALECT);
  const own = signature.dialect === DIALECT ? { ...signature, ...shared } : signature;
  return [...parts, { ...last, signature: own, ...present({ redacted }) }];
}

/** Members of the item itself (`phase`) stand at its first part. */
export function withItemMembers<T extends Part>(part: T, item: JsonObject): T {
  const rest = keepRest(item, MESSAGE).vendor;
  if (rest === undefined || part.type === 'vendor') return part;
  const members = { ...part.vendor?.members, ...rest.members };
  return { ...part, vendor: { dialect: DIALECT, members } };
}

function isResultPart(part: Part): part is TextPart | ImagePart | FilePart {
  return part.type === 'text' || part.type === 'image' || part.type === 'file';
}

/** For messages: the type of the content part that nobody else knows. */
function unknownType(item: JsonObject): string {
  const known = ['input_text', 'output_text', 'text', 'refusal', 'input_image', 'input_file'];
  const parts = objectsOf(item['content'] ?? item['output']);
  return stringOf(parts.find((part) => !known.includes(`${part['type']}`))?.['type']) ?? 'content';
}
