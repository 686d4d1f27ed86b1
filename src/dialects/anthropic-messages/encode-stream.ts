// Neutral events → a Messages stream. Of several choices only the first is given: this dialect has one.

import type { Usage } from '../../conversation/answer.ts';
import { writeSignature } from '../../conversation/signature.ts';
import type { PartStart, StreamEvent } from '../../conversation/stream-event.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { encodeNamed } from '../../sse/encode-sse.ts';
import type { AnswerContext } from '../answer-context.ts';
import type { StreamEncoder } from '../client-dialect.ts';
import { answerId, encodeStop, encodeUsage } from './encode-answer.ts';
import { encodeCitation } from './encode-blocks.ts';
import { encodeProviderError } from './errors.ts';

const DIALECT = 'anthropic-messages';

export class MessagesStreamEncoder implements StreamEncoder {
  readonly contentType = 'text/event-stream';
  private readonly context: AnswerContext;
  /** Blocks by their part. A redacted one goes out when its content is known. */
  private readonly blocks = new Map<number, number>();
  private readonly redacted = new Set<number>();
  private readonly calls = new Set<number>();
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
        if (event.citation.url === undefined) return '';
        return this.delta(event.part, { type: 'citations_delta', citation: encodeCitation(event.citation) });
      case 'signature': {
        if (this.calls.has(event.part)) return '';
        const signature = writeSignature(event.signature, DIALECT);
        if (!this.redacted.has(event.part))
          return this.delta(event.part, { type: 'signature_delta', signature });
        return this.open(event.part, { type: 'redacted_thinking', data: signature });
      }
      case 'part-end': {
        const index = this.blocks.get(event.part);
        return index === undefined ? '' : named('content_block_stop', { index });
      }
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
        this.calls.add(part);
        return this.open(part, { type: 'tool_use', id: content.id, name: content.name, input: {} });
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
