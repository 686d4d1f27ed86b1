// The output items of a stream under way: each says its own events, keeps its own text, and gives the whole item at its end.
// Used by encode-stream.ts, which says what begins and ends when.

import { writeCarried } from '../../conversation/carried-signature.ts';
import type { Signature } from '../../conversation/signature.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { type ItemStatus, messageItem, outputText, reasoningItem, summaryText } from './encode-output.ts';
import { DIALECT } from './keep-rest.ts';

export interface ItemSink {
  readonly send: (type: string, fields: object) => void;
  /** The whole item, for the last response. */
  readonly store: (index: number, item: JsonObject) => void;
}

export interface OpenItem {
  delta(text: string): void;
  /** Its part ended; other parts of the same item may follow. */
  endPart(): void;
  end(status: ItemStatus): void;
}

export interface Place {
  readonly id: string;
  readonly index: number;
}

export class MessageItem implements OpenItem {
  private readonly sink: ItemSink;
  private readonly place: Place;
  private readonly content: JsonObject[] = [];
  private kind: 'output_text' | 'refusal' = 'output_text';
  private text = '';
  private annotations: JsonValue[] = [];
  private logprobs: JsonValue[] = [];
  private isOpen = false;

  constructor(sink: ItemSink, place: Place) {
    this.sink = sink;
    this.place = place;
    const item = messageItem(place.id, [], 'in_progress');
    sink.send('response.output_item.added', { output_index: place.index, item });
  }

  get textLength(): number {
    return this.text.length;
  }

  startContent(kind: 'output_text' | 'refusal'): void {
    this.endPart();
    this.kind = kind;
    this.isOpen = true;
    this.sink.send('response.content_part.added', { ...this.at(), part: this.part() });
  }

  delta(delta: string): void {
    this.text += delta;
    const { id, index } = this.place;
    const at = { item_id: id, output_index: index, content_index: this.content.length, delta };
    if (this.kind === 'refusal') this.sink.send('response.refusal.delta', at);
    else this.sink.send('response.output_text.delta', { ...at, logprobs: [] });
  }

  annotate(annotation: JsonObject): void {
    const annotation_index = this.annotations.push(annotation) - 1;
    this.sink.send('response.output_text.annotation.added', { ...this.at(), annotation_index, annotation });
  }

  /** They come apart from their text here: a delta without text brings them. */
  addLogprobs(logprobs: JsonObject[]): void {
    if (!this.isOpen || this.kind === 'refusal') return;
    for (const one of logprobs) this.logprobs.push(one);
    this.sink.send('response.output_text.delta', { ...this.at(), delta: '', logprobs });
  }

  endPart(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    const part = this.part();
    const { text, logprobs } = this;
    if (this.kind === 'refusal') this.sink.send('response.refusal.done', { ...this.at(), refusal: text });
    else this.sink.send('response.output_text.done', { ...this.at(), text, logprobs });
    this.sink.send('response.content_part.done', { ...this.at(), part });
    this.content.push(part);
    this.text = '';
    this.annotations = [];
    this.logprobs = [];
  }

  end(status: ItemStatus): void {
    this.endPart();
    const item = messageItem(this.place.id, this.content, status);
    this.sink.send('response.output_item.done', { output_index: this.place.index, item });
    this.sink.store(this.place.index, item);
  }

  private part(): JsonObject {
    return this.kind === 'refusal'
      ? { type: 'refusal', refusal: this.text }
      : outputText(this.text, this.annotations, this.logprobs);
  }

  private at(): object {
    const { id, index } = this.place;
    return { item_id: id, output_index: index, content_index: this.content.length };
  }
}

export class ReasoningItem implements OpenItem {
  private readonly sink: ItemSink;
  private readonly place: Place;
  private readonly redacted: boolean;
  private readonly summary: JsonObject[] = [];
  private text = '';
  private isOpen = false;
  private signature: Signature | undefined;

  constructor(sink: ItemSink, place: Place, redacted: boolean) {
    this.sink = sink;
    this.place = place;
    this.redacted = redacted;
    const item = reasoningItem(place.id, [], undefined);
    sink.send('response.output_item.added', { output_index: place.index, item });
  }

  get id(): string {
    return this.place.id;
  }

  /** A part of the summary begins with its first text: hidden reasoning has none. */
  delta(delta: string): void {
    if (!this.isOpen) {
      this.isOpen = true;
      this.sink.send('response.reasoning_summary_part.added', { ...this.at(), part: summaryText('') });
    }
    this.text += delta;
    this.sink.send('response.reasoning_summary_text.delta', { ...this.at(), delta });
  }

  sign(signature: Signature): void {
    this.signature = signature;
  }

  endPart(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    const part = summaryText(this.text);
    this.sink.send('response.reasoning_summary_text.done', { ...this.at(), text: this.text });
    this.sink.send('response.reasoning_summary_part.done', { ...this.at(), part });
    this.summary.push(part);
    this.text = '';
  }

  end(): void {
    this.endPart();
    const { signature, redacted } = this;
    const encrypted = signature === undefined ? undefined : writeCarried({ signature, redacted }, DIALECT);
    const item = reasoningItem(this.place.id, this.summary, encrypted);
    this.sink.send('response.output_item.done', { output_index: this.place.index, item });
    this.sink.store(this.place.index, item);
  }

  private at(): object {
    const { id, index } = this.place;
    return { item_id: id, output_index: index, summary_index: this.summary.length };
  }
}
