// Neutral events → a Responses event stream: https://platform.openai.com/docs/api-reference/responses-streaming
// Every delta goes out at once; its text is kept too, since the `.done` events and the last response repeat it whole. An item
// of text ends when something else begins, since neighbouring texts are one message.

import type { FinishReason, TokenLogprob, Usage } from '../../conversation/answer.ts';
import type { Citation } from '../../conversation/part.ts';
import { CUT_STREAM, type ProviderError } from '../../conversation/provider-error.ts';
import type { Signature } from '../../conversation/signature.ts';
import type { PartStart, StreamEvent } from '../../conversation/stream-event.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { encodeNamed } from '../../sse/encode-sse.ts';
import type { AnswerContext } from '../answer-context.ts';
import type { StreamEncoder } from '../client-dialect.ts';
import {
  customIn,
  encodeAnnotation,
  encodeLogprobs,
  type ItemStatus,
  itemId,
  signatureItem,
} from './encode-output.ts';
import { encodeFailure, encodeResponse, endOf } from './encode-response.ts';
import { encodeStreamError } from './errors.ts';
import { CallItem, CustomCallItem } from './write-calls.ts';
import { MessageItem, type OpenItem, ReasoningItem } from './write-items.ts';

export class ResponsesStreamEncoder implements StreamEncoder {
  readonly contentType: string = 'text/event-stream; charset=utf-8';
  private context: AnswerContext;
  /** The names of the client's custom tools. */
  private readonly custom: ReadonlySet<string>;
  /** By the part's number. */
  private readonly parts = new Map<number, OpenItem>();
  private readonly output: JsonObject[] = [];
  private text = '';
  private sequence = 0;
  /** The item that the next part may still belong to. */
  private latest: MessageItem | ReasoningItem | undefined;
  /** Reasoning without an id is a whole item. */
  private goesOn = false;
  /** The message that token probabilities belong to. */
  private message: MessageItem | undefined;
  private model: string | undefined;
  private serviceTier: string | undefined;
  private usage: Usage | undefined;
  private reason: FinishReason | undefined;
  private failure: ProviderError | undefined;

  constructor(context: AnswerContext) {
    this.context = context;
    this.custom = customIn(context.memo);
  }

  push(event: StreamEvent): string {
    this.text = '';
    // This API has one answer per request.
    if (!('choice' in event) || event.choice === 0) this.encode(event);
    return this.text;
  }

  whole(): JsonObject | undefined {
    const { failure, reason } = this;
    return failure !== undefined || reason === undefined ? undefined : this.response(endOf(reason).status);
  }

  forget(): void {
    const { keepAs: _, ...context } = this.context;
    this.context = context;
  }

  private encode(event: StreamEvent): void {
    switch (event.type) {
      case 'start':
        this.model = event.model;
        this.serviceTier = event.serviceTier;
        this.send('response.created', { response: this.response('in_progress') });
        this.send('response.in_progress', { response: this.response('in_progress') });
        break;
      case 'part-start':
        this.startPart(event.part, event.content);
        break;
      case 'text-delta':
      case 'refusal-delta':
      case 'reasoning-delta':
        this.parts.get(event.part)?.delta(event.text);
        break;
      case 'arguments-delta':
        this.parts.get(event.part)?.delta(event.json);
        break;
      case 'citation':
        this.cite(event.part, event.citation);
        break;
      case 'signature':
        this.sign(event.part, event.signature);
        break;
      case 'part-end':
        this.endPart(event.part);
        break;
      case 'logprobs':
        this.logprobs(event.logprobs);
        break;
      case 'finish':
        this.reason = event.reason;
        this.endLatest(endOf(event.reason).status === 'completed' ? 'completed' : 'incomplete');
        break;
      case 'usage':
        this.usage = event.usage;
        return;
      case 'error':
        this.failure = event.error;
        this.send('error', encodeStreamError(event.error));
        break;
      case 'end':
        this.end();
        break;
    }
  }

  /** For the items, which say what becomes of them. */
  readonly send = (type: string, fields: object): void => {
    const json = JSON.stringify({ type, sequence_number: this.sequence, ...fields });
    this.sequence += 1;
    this.text += encodeNamed(type, json);
  };

  readonly store = (index: number, item: JsonObject): void => {
    this.output[index] = item;
  };

  private startPart(part: number, content: PartStart): void {
    if (content.type === 'tool-call') {
      this.endLatest('completed');
      const { id, name } = content;
      const item = this.custom.has(name)
        ? new CustomCallItem(this, this.open('ctc'), id, name)
        : new CallItem(this, this.open('fc'), id, name);
      this.parts.set(part, item);
      return;
    }
    const isReasoning = content.type === 'reasoning';
    const { latest } = this;
    const isMore =
      isReasoning && latest instanceof ReasoningItem
        ? content.id !== undefined && latest.id === content.id
        : !isReasoning && latest instanceof MessageItem;
    if (!isMore) {
      this.endLatest('completed');
      this.latest = isReasoning
        ? new ReasoningItem(this, this.open('rs', content.id), content.redacted === true)
        : new MessageItem(this, this.open('msg'));
      this.goesOn = !isReasoning || content.id !== undefined;
    }
    if (this.latest instanceof MessageItem) {
      this.message = this.latest;
      this.latest.startContent(content.type === 'refusal' ? 'refusal' : 'output_text');
    }
    if (this.latest !== undefined) this.parts.set(part, this.latest);
  }

  private open(
    prefix: 'msg' | 'fc' | 'ctc' | 'rs',
    id?: string,
  ): { readonly id: string; readonly index: number } {
    const index = this.output.length;
    this.output.push({});
    return { id: id ?? itemId(prefix, this.context.seed, index), index };
  }

  private cite(part: number, citation: Citation): void {
    const item = this.parts.get(part);
    if (!(item instanceof MessageItem)) return;
    const annotation = encodeAnnotation(citation, item.textLength);
    if (annotation !== undefined) item.annotate(annotation);
  }

  private sign(part: number, signature: Signature): void {
    const item = this.parts.get(part);
    if (item instanceof ReasoningItem || isCallItem(item)) item.sign(signature);
  }

  private logprobs(logprobs: readonly TokenLogprob[]): void {
    this.message?.addLogprobs(encodeLogprobs(logprobs));
  }

  private endPart(part: number): void {
    const item = this.parts.get(part);
    this.parts.delete(part);
    if (!isCallItem(item)) {
      item?.endPart();
      if (item === this.latest && !this.goesOn) this.endLatest('completed');
      return;
    }
    item.end('completed');
    if (item.signature === undefined) return;
    const { id, index } = this.open('rs');
    const carrier = signatureItem(id, item.callId, item.signature);
    this.send('response.output_item.added', { output_index: index, item: carrier });
    this.send('response.output_item.done', { output_index: index, item: carrier });
    this.store(index, carrier);
  }

  private endLatest(status: ItemStatus): void {
    this.latest?.end(status);
    this.latest = undefined;
  }

  private end(): void {
    if (this.reason === undefined) this.failure ??= CUT_STREAM;
    const status =
      this.failure !== undefined || this.reason === undefined ? 'failed' : endOf(this.reason).status;
    this.send(`response.${status}`, { response: this.response(status) });
  }

  private response(status: 'in_progress' | 'completed' | 'incomplete' | 'failed'): JsonObject {
    const { model, serviceTier, usage, failure, reason } = this;
    const end = status === 'in_progress' || reason === undefined ? {} : endOf(reason);
    // Items that a failure left open are not part of it.
    const output = this.output.filter((item) => item['type'] !== undefined);
    const error = failure === undefined ? {} : { error: encodeFailure(failure) };
    return encodeResponse({ ...end, ...error, status, output, model, serviceTier, usage }, this.context);
  }
}

function isCallItem(item: OpenItem | undefined): item is CallItem | CustomCallItem {
  return item instanceof CallItem || item instanceof CustomCallItem;
}
