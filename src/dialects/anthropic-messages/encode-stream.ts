// Neutral events → a Messages stream. Of several choices only the first is given: this dialect has one.

import type { Usage } from '../../conversation/answer.ts';
import { type Signature, writeSignature } from '../../conversation/signature.ts';
import type { PartStart, StreamEvent } from '../../conversation/stream-event.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { encodeNamed } from '../../sse/encode-sse.ts';
import type { AnswerContext } from '../answer-context.ts';
import type { StreamEncoder } from '../client-dialect.ts';
import { answerId, encodeStop, encodeUsage } from './encode-answer.ts';
import { callBlock, callSignatureBlock, encodeCitation, redactedBlock } from './encode-output.ts';
import { encodeProviderError } from './errors.ts';
import { DIALECT, ownMembers } from './keep-rest.ts';

export class MessagesStreamEncoder implements StreamEncoder {
  readonly contentType = 'text/event-stream';
  private readonly context: AnswerContext;
  /** Blocks by their part. A redacted one goes out when its content is known. */
  private readonly blocks = new Map<number, number>();
  private readonly redacted = new Set<number>();
  private readonly calls = new Map<number, { readonly id: string; signature: Signature | undefined }>();
  private nextBlock = 0;
  private usage: Usage | undefined;
  private stop: { readonly reason: string; readonly sequence: string | null } | undefined;
  private failed = false;

  constructor(context: AnswerContext) {
    this.context = context;
  }

  push(event: StreamEvent): string {
    if ('choice' in event && event.choice !== 0) return '';
    switch (event.type) {
      case 'start':
        return named('message_start', {
          message: {
            id: answerId(event.id, this.context),
            type: 'message',
            role: 'assistant',
            model: event.model ?? this.context.model,
            content: [],
            stop_reason: null,
            stop_sequence: null,
            usage: encodeUsage(this.usage),
            ...ownMembers(event.vendor),
          },
        });
      case 'part-start':
        return this.startBlock(event.part, event.content);
      case 'text-delta':
      case 'refusal-delta':
        return this.delta(event.part, { type: 'text_delta', text: event.text });
      case 'reasoning-delta':
        return this.delta(event.part, { type: 'thinking_delta', thinking: event.text });
      case 'arguments-delta':
        return this.delta(event.part, { type: 'input_json_delta', partial_json: event.json });
      case 'citation':
        return encodeCitation(event.citation)
          .map((citation) => this.delta(event.part, { type: 'citations_delta', citation }))
          .join('');
      case 'signature':
        return this.sign(event.part, event.signature);
      case 'part-end':
        return this.endBlock(event.part);
      case 'usage':
        this.usage = event.usage;
        return '';
      case 'finish':
        this.stop = {
          reason: encodeStop(event.reason, this.calls.size > 0),
          sequence: event.stopSequence ?? null,
        };
        return '';
      case 'logprobs':
        return '';
      case 'error':
        this.failed = true;
        return encodeNamed('error', JSON.stringify(encodeProviderError(event.error)));
      case 'end':
        return this.failed ? '' : this.end();
    }
  }

  private startBlock(part: number, content: PartStart): string {
    switch (content.type) {
      case 'text':
      case 'refusal':
        return this.open(part, { type: 'text', text: '' });
      case 'tool-call':
        this.calls.set(part, { id: content.id, signature: undefined });
        return this.open(part, callBlock(content.id, content.name));
      case 'reasoning':
        if (content.redacted !== true)
          return this.open(part, { type: 'thinking', thinking: '', signature: '' });
        this.redacted.add(part);
        return '';
    }
  }

  private open(part: number, block: JsonObject): string {
    const index = this.nextBlock;
    this.nextBlock += 1;
    this.blocks.set(part, index);
    return named('content_block_start', { index, content_block: block });
  }

  /** A call's follows the call, in a block of its own. */
  private sign(part: number, signature: Signature): string {
    const call = this.calls.get(part);
    if (call !== undefined) {
      call.signature = signature;
      return '';
    }
    if (this.redacted.has(part)) return this.open(part, redactedBlock(signature));
    return this.delta(part, { type: 'signature_delta', signature: writeSignature(signature, DIALECT) });
  }

  private endBlock(part: number): string {
    const index = this.blocks.get(part);
    if (index === undefined) return '';
    const end = named('content_block_stop', { index });
    const call = this.calls.get(part);
    if (call?.signature === undefined) return end;
    const start = this.open(part, callSignatureBlock(call.id, call.signature));
    return end + start + named('content_block_stop', { index: this.nextBlock - 1 });
  }

  private delta(part: number, delta: JsonObject): string {
    const index = this.blocks.get(part);
    return index === undefined ? '' : named('content_block_delta', { index, delta });
  }

  /** Here and not with the finish, since other dialects say their usage after it. */
  private end(): string {
    const { reason, sequence } = this.stop ?? { reason: 'end_turn', sequence: null };
    const delta = { stop_reason: reason, stop_sequence: sequence };
    return named('message_delta', { delta, usage: encodeUsage(this.usage) }) + named('message_stop', {});
  }
}

function named(type: string, members: JsonObject): string {
  return encodeNamed(type, JSON.stringify({ type, ...members }));
}
