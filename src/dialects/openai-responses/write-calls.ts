// The calls of a stream under way, as items of their own: see write-items.ts. Used by encode-stream.ts.

import { InputReader } from '../../conversation/custom-input.ts';
import type { Signature } from '../../conversation/signature.ts';
import { callItem, customCallItem, type ItemStatus } from './encode-output.ts';
import type { ItemSink, OpenItem, Place } from './write-items.ts';

export class CallItem implements OpenItem {
  readonly callId: string;
  signature: Signature | undefined;
  private readonly sink: ItemSink;
  private readonly place: Place;
  private readonly name: string;
  private text = '';

  constructor(sink: ItemSink, place: Place, callId: string, name: string) {
    this.sink = sink;
    this.place = place;
    this.callId = callId;
    this.name = name;
    const item = callItem(place.id, callId, name, '', 'in_progress');
    sink.send('response.output_item.added', { output_index: place.index, item });
  }

  delta(delta: string): void {
    this.text += delta;
    const { id, index } = this.place;
    this.sink.send('response.function_call_arguments.delta', { item_id: id, output_index: index, delta });
  }

  sign(signature: Signature): void {
    this.signature = signature;
  }

  /** A call is an item of its own. */
  endPart(): void {
    this.end('completed');
  }

  end(status: ItemStatus): void {
    if (this.text === '') this.delta('{}');
    const { id, index } = this.place;
    const done = { item_id: id, output_index: index, name: this.name, arguments: this.text };
    this.sink.send('response.function_call_arguments.done', done);
    const item = callItem(id, this.callId, this.name, this.text, status);
    this.sink.send('response.output_item.done', { output_index: index, item });
    this.sink.store(index, item);
  }
}

/** What arrives are arguments; the client gets the text in them. */
export class CustomCallItem implements OpenItem {
  readonly callId: string;
  signature: Signature | undefined;
  private readonly sink: ItemSink;
  private readonly place: Place;
  private readonly name: string;
  private readonly reader = new InputReader();
  private text = '';

  constructor(sink: ItemSink, place: Place, callId: string, name: string) {
    this.sink = sink;
    this.place = place;
    this.callId = callId;
    this.name = name;
    const item = customCallItem(place.id, callId, name, '', 'in_progress');
    sink.send('response.output_item.added', { output_index: place.index, item });
  }

  delta(json: string): void {
    this.send(this.reader.push(json));
  }

  sign(signature: Signature): void {
    this.signature = signature;
  }

  endPart(): void {
    this.end('completed');
  }

  end(status: ItemStatus): void {
    this.send(this.reader.finish());
    const { id, index } = this.place;
    const done = { item_id: id, output_index: index, input: this.text };
    this.sink.send('response.custom_tool_call_input.done', done);
    const item = customCallItem(id, this.callId, this.name, this.text, status);
    this.sink.send('response.output_item.done', { output_index: index, item });
    this.sink.store(index, item);
  }

  private send(delta: string): void {
    if (delta === '') return;
    this.text += delta;
    const { id, index } = this.place;
    this.sink.send('response.custom_tool_call_input.delta', { item_id: id, output_index: index, delta });
  }
}
