// A Responses event stream → neutral events: https://platform.openai.com/docs/api-reference/responses-streaming
// Deltas count; the `.done` events repeat them, and only speak where a server sent no deltas.

import { readCarried } from '../../conversation/carried-signature.ts';
import { InputWriter } from '../../conversation/custom-input.ts';
import { CUT_STREAM, type ProviderError } from '../../conversation/provider-error.ts';
import type { PartStart, StreamEvent } from '../../conversation/stream-event.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { numberOf, objectOf, present, stringOf } from '../../json/read-value.ts';
import { SseDecoder, type SseEvent } from '../../sse/decode-sse.ts';
import type { StreamDecoder } from '../provider-dialect.ts';
import { decodeLogprobs, decodeUsage, finishOf, isCall } from './decode-answer.ts';
import { decodeAnnotation } from './decode-content.ts';
import { decodeStreamError } from './errors.ts';
import { DIALECT } from './keep-rest.ts';

const UNREADABLE: ProviderError = {
  kind: 'internal',
  status: 502,
  message: 'the provider sent an event that cannot be read',
};

interface OpenPart {
  readonly part: number;
  /** A delta came. */
  filled: boolean;
  /** Of the call of a custom tool. */
  readonly writer: InputWriter | undefined;
}

/** An item of the output under way. */
interface OpenItem {
  readonly type: string;
  readonly id: string | undefined;
  /** By content index; of reasoning and calls the one under way, as 0. */
  readonly parts: Map<number, OpenPart>;
}

export class ResponsesStreamDecoder implements StreamDecoder {
  private readonly sse = new SseDecoder();
  private readonly items = new Map<number, OpenItem>();
  private events: StreamEvent[] = [];
  private parts = 0;
  private started = false;
  private called = false;
  private refused = false;
  private ended = false;

  push(bytes: Uint8Array): StreamEvent[] {
    return this.collect(() => this.sse.push(bytes));
  }

  finish(): StreamEvent[] {
    const events = this.collect(() => this.sse.finish());
    if (this.ended) return events;
    this.ended = true;
    return [...events, { type: 'error', error: CUT_STREAM }, { type: 'end' }];
  }

  private collect(read: () => SseEvent[]): StreamEvent[] {
    this.events = [];
    if (this.ended) return this.events;
    try {
      for (const event of read()) if (!this.ended) this.decode(event);
    } catch {
      this.fail(UNREADABLE);
    }
    return this.events;
  }

  private decode({ name, data }: SseEvent): void {
    if (data.trim() === '[DONE]') return;
    const event = JSON.parse(data) as JsonValue;
    if (!isObject(event)) return;
    switch (event['type'] ?? name) {
      case 'response.created':
      case 'response.in_progress':
        this.start(objectOf(event['response']));
        break;
      case 'response.output_item.added':
        this.startItem(event);
        break;
      case 'response.content_part.added':
        this.startContent(event, objectOf(event['part'])['type']);
        break;
      case 'response.output_text.delta':
        this.text(event, stringOf(event['delta']));
        break;
      case 'response.output_text.done':
        this.text(event, this.missing(event, 'text'));
        break;
      case 'response.output_text.annotation.added':
        this.annotation(event);
        break;
      case 'response.refusal.delta':
        this.refusal(event, stringOf(event['delta']));
        break;
      case 'response.refusal.done':
        this.refusal(event, this.missing(event, 'refusal'));
        break;
      case 'response.content_part.done':
        this.endContent(event);
        break;
      case 'response.reasoning_summary_part.added':
        this.startReasoning(event);
        break;
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        this.reasoning(event);
        break;
      case 'response.function_call_arguments.delta':
        this.arguments(event, stringOf(event['delta']));
        break;
      case 'response.function_call_arguments.done':
        this.arguments(event, this.missing(event, 'arguments'));
        break;
      case 'response.custom_tool_call_input.delta':
        this.arguments(event, stringOf(event['delta']));
        break;
      case 'response.custom_tool_call_input.done':
        this.arguments(event, this.missing(event, 'input'));
        break;
      case 'response.output_item.done':
        this.endItem(event);
        break;
      case 'response.completed':
      case 'response.incomplete':
        this.complete(objectOf(event['response']));
        break;
      case 'response.failed': {
        const response = objectOf(event['response']);
        this.usage(response);
        this.fail(decodeStreamError(objectOf(response['error'])));
        break;
      }
      case 'error':
        this.fail(decodeStreamError(isObject(event['error']) ? event['error'] : event));
        break;
    }
  }

  private start(response: JsonObject): void {
    if (this.started) return;
    this.started = true;
    this.events.push({
      type: 'start',
      ...present({
        id: stringOf(response['id']),
        model: stringOf(response['model']),
        created: numberOf(response['created_at']),
        serviceTier: stringOf(response['service_tier']),
      }),
    });
  }

  private startItem(event: JsonObject): void {
    this.start({});
    const item = objectOf(event['item']);
    const type = stringOf(item['type']) ?? '';
    const open: OpenItem = { type, id: stringOf(item['id']), parts: new Map() };
    this.items.set(indexOf(event), open);
    if (!isCall(item)) return;
    this.called = true;
    const id = stringOf(item['call_id']) ?? open.id ?? '';
    this.startPart(open, 0, { type: 'tool-call', id, name: stringOf(item['name']) ?? '' });
  }

  private startContent(event: JsonObject, type: JsonValue | undefined): OpenPart | undefined {
    const item = this.items.get(indexOf(event));
    if (item === undefined) return undefined;
    if (type === 'reasoning_text') return this.startReasoning(event);
    const at = numberOf(event['content_index']) ?? 0;
    if (item.parts.has(at) || (type !== 'output_text' && type !== 'refusal')) return item.parts.get(at);
    if (type === 'refusal') this.refused = true;
    return this.startPart(item, at, { type: type === 'refusal' ? 'refusal' : 'text' });
  }

  private startReasoning(event: JsonObject): OpenPart | undefined {
    const item = this.items.get(indexOf(event));
    if (item === undefined) return undefined;
    this.endParts(item);
    return this.startPart(item, 0, { type: 'reasoning', ...present({ id: item.id }) });
  }

  private startPart(item: OpenItem, at: number, content: PartStart): OpenPart {
    const writer = item.type === 'custom_tool_call' ? new InputWriter() : undefined;
    const open: OpenPart = { part: this.parts, filled: false, writer };
    this.parts += 1;
    item.parts.set(at, open);
    this.events.push({ type: 'part-start', choice: 0, part: open.part, content });
    return open;
  }

  private text(event: JsonObject, text: string | undefined): void {
    const open = text === undefined ? undefined : this.contentPart(event, 'output_text');
    if (open === undefined || text === undefined) return;
    const { part } = open;
    if (text !== '') {
      open.filled = true;
      this.events.push({ type: 'text-delta', choice: 0, part, text });
    }
    const { logprobs } = event;
    if (Array.isArray(logprobs) && logprobs.length > 0) {
      this.events.push({ type: 'logprobs', choice: 0, logprobs: decodeLogprobs(logprobs) });
    }
  }

  private refusal(event: JsonObject, text: string | undefined): void {
    if (text === undefined || text === '') return;
    const open = this.contentPart(event, 'refusal');
    if (open === undefined) return;
    open.filled = true;
    this.events.push({ type: 'refusal-delta', choice: 0, part: open.part, text });
  }

  private annotation(event: JsonObject): void {
    const open = this.contentPart(event, 'output_text');
    if (open === undefined || !isObject(event['annotation'])) return;
    const citation = decodeAnnotation(event['annotation']);
    this.events.push({ type: 'citation', choice: 0, part: open.part, citation });
  }

  private reasoning(event: JsonObject): void {
    const text = stringOf(event['delta']);
    if (text === undefined || text === '') return;
    const open = this.items.get(indexOf(event))?.parts.get(0) ?? this.startReasoning(event);
    if (open !== undefined) {
      this.events.push({ type: 'reasoning-delta', choice: 0, part: open.part, text });
    }
  }

  /** @param text of the arguments, or the text that a custom tool is called with */
  private arguments(event: JsonObject, text: string | undefined): void {
    const open = this.items.get(indexOf(event))?.parts.get(0);
    if (open === undefined || text === undefined || text === '') return;
    open.filled = true;
    const json = open.writer === undefined ? text : open.writer.push(text);
    this.events.push({ type: 'arguments-delta', choice: 0, part: open.part, json });
  }

  private contentPart(event: JsonObject, type: 'output_text' | 'refusal'): OpenPart | undefined {
    const at = numberOf(event['content_index']) ?? 0;
    return this.items.get(indexOf(event))?.parts.get(at) ?? this.startContent(event, type);
  }

  /** The whole text of a `.done` event, where no delta brought it. */
  private missing(event: JsonObject, member: 'text' | 'refusal' | 'arguments' | 'input'): string | undefined {
    const at = numberOf(event['content_index']) ?? 0;
    const open = this.items.get(indexOf(event))?.parts.get(at);
    return open?.filled === true ? undefined : stringOf(event[member]);
  }

  /** Reasoning stays open: its signature comes with the item's end. */
  private endContent(event: JsonObject): void {
    const item = this.items.get(indexOf(event));
    const at = numberOf(event['content_index']) ?? 0;
    const open = item?.parts.get(at);
    if (item?.type !== 'message' || open === undefined) return;
    item.parts.delete(at);
    this.events.push({ type: 'part-end', choice: 0, part: open.part });
  }

  private endItem(event: JsonObject): void {
    const index = indexOf(event);
    const open = this.items.get(index);
    if (open === undefined) return;
    const item = objectOf(event['item']);
    const encrypted = stringOf(item['encrypted_content']);
    if (open.type === 'reasoning' && encrypted !== undefined) {
      const part = (open.parts.get(0) ?? this.startReasoning(event))?.part;
      const { signature: found } = readCarried(encrypted, DIALECT);
      const signature = found.dialect === DIALECT ? { ...found, ...present({ id: open.id }) } : found;
      if (part !== undefined) this.events.push({ type: 'signature', choice: 0, part, signature });
    }
    if (open.parts.get(0)?.filled === false) {
      if (open.type === 'function_call') this.arguments(event, stringOf(item['arguments']));
      if (open.type === 'custom_tool_call') this.arguments(event, stringOf(item['input']));
    }
    this.endParts(open);
    this.items.delete(index);
  }

  private endParts(item: OpenItem): void {
    for (const { part, writer } of item.parts.values()) {
      if (writer !== undefined) {
        this.events.push({ type: 'arguments-delta', choice: 0, part, json: writer.finish() });
      }
      this.events.push({ type: 'part-end', choice: 0, part });
    }
    item.parts.clear();
  }

  private complete(response: JsonObject): void {
    this.start(response);
    for (const item of this.items.values()) this.endParts(item);
    this.items.clear();
    const reason = finishOf(response, this.called, this.refused);
    this.events.push({ type: 'finish', choice: 0, reason });
    this.usage(response);
    this.ended = true;
    this.events.push({ type: 'end' });
  }

  private usage({ usage }: JsonObject): void {
    if (isObject(usage)) this.events.push({ type: 'usage', usage: decodeUsage(usage) });
  }

  private fail(error: ProviderError): void {
    this.ended = true;
    this.events.push({ type: 'error', error }, { type: 'end' });
  }
}

function indexOf(event: JsonObject): number {
  return numberOf(event['output_index']) ?? 0;
}
