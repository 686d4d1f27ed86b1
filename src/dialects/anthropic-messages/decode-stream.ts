// A Messages stream → neutral events: https://docs.anthropic.com/en/docs/build-with-claude/streaming

import type { Usage } from '../../conversation/answer.ts';
import { CUT_STREAM } from '../../conversation/provider-error.ts';
import { readSignature } from '../../conversation/signature.ts';
import type { PartStart, StreamEvent } from '../../conversation/stream-event.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { isObject } from '../../json/json-value.ts';
import { numberOf, objectOf, present, stringOf } from '../../json/read-value.ts';
import { SseDecoder } from '../../sse/decode-sse.ts';
import type { StreamDecoder } from '../provider-dialect.ts';
import { decodeStop } from './decode-answer.ts';
import { callSignature } from './decode-blocks.ts';
import { decodeCitation } from './decode-citation.ts';
import { decodeRefusal } from './decode-refusal.ts';
import { decodeTier, decodeUsage } from './decode-usage.ts';
import { decodeStreamError } from './errors.ts';
import { DIALECT, keepRest } from './keep-rest.ts';

const MESSAGE = new Set('id type role model content stop_reason stop_sequence stop_details usage'.split(' '));

export class MessagesStreamDecoder implements StreamDecoder {
  private readonly sse = new SseDecoder();
  /** Our parts by the index of their block; blocks that only the vendor knows have none. */
  private readonly parts = new Map<number, number>();
  private nextPart = 0;
  private hasCalls = false;
  /** The vendor's own counters, the latest of each. */
  private counters: JsonObject = {};
  private ended = false;

  push(bytes: Uint8Array): StreamEvent[] {
    return this.sse.push(bytes).flatMap(({ data }) => this.read(data));
  }

  finish(): StreamEvent[] {
    const events = this.sse.finish().flatMap(({ data }) => this.read(data));
    if (this.ended) return events;
    this.ended = true;
    return [...events, { type: 'error', error: CUT_STREAM }, { type: 'end' }];
  }

  /** What is no JSON ends the stream, and takes nothing with it that came before. */
  private read(data: string): StreamEvent[] {
    try {
      return this.decode(data);
    } catch {
      this.ended = true;
      return [{ type: 'error', error: CUT_STREAM }, { type: 'end' }];
    }
  }

  private decode(data: string): StreamEvent[] {
    if (this.ended) return [];
    const event = JSON.parse(data) as JsonValue;
    if (!isObject(event)) return [];
    switch (event['type']) {
      case 'message_start':
        return this.start(objectOf(event['message']));
      case 'content_block_start':
        return this.startBlock(numberOf(event['index']) ?? 0, objectOf(event['content_block']));
      case 'content_block_delta':
        return this.delta(numberOf(event['index']) ?? 0, objectOf(event['delta']));
      case 'content_block_stop': {
        const part = this.parts.get(numberOf(event['index']) ?? 0);
        return part === undefined ? [] : [{ type: 'part-end', choice: 0, part }];
      }
      case 'message_delta':
        return this.finishMessage(event);
      case 'message_stop':
        this.ended = true;
        return [{ type: 'end' }];
      case 'error':
        this.ended = true;
        return [{ type: 'error', error: decodeStreamError(event) }, { type: 'end' }];
      default:
        return [];
    }
  }

  private start(message: JsonObject): StreamEvent[] {
    const usage = this.count(message['usage']);
    return [
      {
        type: 'start',
        ...present({
          id: stringOf(message['id']),
          model: stringOf(message['model']),
          serviceTier: decodeTier(message['usage']),
        }),
        ...keepRest(message, MESSAGE),
      },
      ...(usage === undefined ? [] : [{ type: 'usage', usage } as const]),
    ];
  }

  private startBlock(index: number, block: JsonObject): StreamEvent[] {
    const content = contentOf(block);
    if (content === undefined || callSignature(block) !== undefined) return [];
    const part = this.nextPart;
    this.nextPart += 1;
    this.parts.set(index, part);
    if (content.type === 'tool-call') this.hasCalls = true;
    const events: StreamEvent[] = [{ type: 'part-start', choice: 0, part, content }];
    const text = stringOf(block['text']) ?? '';
    if (text !== '') events.push({ type: 'text-delta', choice: 0, part, text });
    const input = objectOf(block['input']);
    if (Object.keys(input).length > 0) {
      events.push({ type: 'arguments-delta', choice: 0, part, json: JSON.stringify(input) });
    }
    const data = stringOf(block['data']);
    if (data !== undefined) {
      events.push({ type: 'signature', choice: 0, part, signature: readSignature(data, DIALECT) });
    }
    return events;
  }

  private delta(index: number, delta: JsonObject): StreamEvent[] {
    const part = this.parts.get(index);
    if (part === undefined) return [];
    const at = { choice: 0, part } as const;
    switch (delta['type']) {
      case 'text_delta':
        return [{ type: 'text-delta', ...at, text: stringOf(delta['text']) ?? '' }];
      case 'thinking_delta':
        return [{ type: 'reasoning-delta', ...at, text: stringOf(delta['thinking']) ?? '' }];
      case 'signature_delta':
        return [
          { type: 'signature', ...at, signature: readSignature(stringOf(delta['signature']) ?? '', DIALECT) },
        ];
      case 'input_json_delta': {
        const json = stringOf(delta['partial_json']) ?? '';
        return json === '' ? [] : [{ type: 'arguments-delta', ...at, json }];
      }
      case 'citations_delta':
        return [{ type: 'citation', ...at, citation: decodeCitation(objectOf(delta['citation'])) }];
      default:
        return [];
    }
  }

  /** Its usage is cumulative and may leave out what `message_start` said. */
  private finishMessage(event: JsonObject): StreamEvent[] {
    const delta = objectOf(event['delta']);
    const events: StreamEvent[] = [];
    const reason = stringOf(delta['stop_reason']);
    if (reason !== undefined) {
      this.refuse(delta['stop_details'], events);
      events.push({
        type: 'finish',
        choice: 0,
        reason: decodeStop(reason, this.hasCalls),
        ...present({ stopSequence: stringOf(delta['stop_sequence']) }),
      });
    }
    const usage = this.count(event['usage']);
    if (usage !== undefined) events.push({ type: 'usage', usage });
    return events;
  }

  private refuse(details: JsonValue | undefined, events: StreamEvent[]): void {
    const refusal = decodeRefusal(details);
    if (refusal === undefined) return;
    const at = { choice: 0, part: this.nextPart } as const;
    this.nextPart += 1;
    events.push(
      { type: 'part-start', ...at, content: { type: 'refusal' } },
      { type: 'refusal-delta', ...at, text: refusal.text },
      { type: 'part-end', ...at },
    );
  }

  private count(usage: JsonValue | undefined): Usage | undefined {
    if (!isObject(usage)) return undefined;
    const said = Object.entries(usage).filter(([, value]) => value !== null);
    this.counters = { ...this.counters, ...Object.fromEntries(said) };
    return decodeUsage(this.counters);
  }
}

function contentOf(block: JsonObject): PartStart | undefined {
  switch (block['type']) {
    case 'text':
      return { type: 'text' };
    case 'thinking':
      return { type: 'reasoning' };
    case 'redacted_thinking':
      return { type: 'reasoning', redacted: true };
    case 'tool_use':
      return { type: 'tool-call', id: stringOf(block['id']) ?? '', name: stringOf(block['name']) ?? '' };
    default:
      return undefined;
  }
}
