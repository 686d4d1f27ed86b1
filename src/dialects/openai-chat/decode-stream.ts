// A Chat Completions stream → neutral events: https://platform.openai.com/docs/api-reference/chat-streaming

import { CUT_STREAM } from '../../conversation/provider-error.ts';
import { readSignature } from '../../conversation/signature.ts';
import type { PartStart, StreamEvent } from '../../conversation/stream-event.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { isObject, type JsonValue } from '../../json/json-value.ts';
import { numberOf, objectOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import { SseDecoder } from '../../sse/decode-sse.ts';
import type { StreamDecoder } from '../provider-dialect.ts';
import { decodeFinish, decodeLogprobs, decodeUsage } from './decode-answer.ts';
import { decodeError } from './errors.ts';

/** What of one choice is under way. */
interface OpenChoice {
  /** The part that text of a kind goes to, by that kind. */
  readonly flowing: Map<'text' | 'reasoning' | 'refusal', number>;
  /** Tool calls by their index on the wire. */
  readonly calls: Map<number, number>;
  finished: boolean;
}

export class ChatStreamDecoder implements StreamDecoder {
  private readonly sse = new SseDecoder();
  private readonly choices = new Map<number, OpenChoice>();
  private parts = 0;
  private started = false;
  private ended = false;

  push(bytes: Uint8Array): StreamEvent[] {
    return this.sse.push(bytes).flatMap(({ data }) => this.read(data));
  }

  finish(): StreamEvent[] {
    const events = this.sse.finish().flatMap(({ data }) => this.read(data));
    if (this.ended) return events;
    this.ended = true;
    const whole = this.choices.size > 0 && [...this.choices.values()].every((choice) => choice.finished);
    return [...events, ...(whole ? [] : [{ type: 'error', error: CUT_STREAM } as const]), { type: 'end' }];
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
    if (data.trim() === '[DONE]') {
      this.ended = true;
      return [{ type: 'end' }];
    }
    const chunk = JSON.parse(data) as JsonValue;
    if (!isObject(chunk)) return [];
    if (chunk['error'] != null) {
      this.ended = true;
      return [{ type: 'error', error: decodeError(500, chunk) }, { type: 'end' }];
    }
    const events: StreamEvent[] = [];
    if (!this.started) this.start(chunk, events);
    for (const choice of objectsOf(chunk['choices'])) this.decodeChoice(choice, events);
    const usage = decodeUsage(chunk['usage']);
    if (usage !== undefined) events.push({ type: 'usage', usage });
    return events;
  }

  private start(chunk: JsonObject, events: StreamEvent[]): void {
    this.started = true;
    events.push({
      type: 'start',
      ...present({
        id: stringOf(chunk['id']),
        model: stringOf(chunk['model']),
        created: numberOf(chunk['created']),
        serviceTier: stringOf(chunk['service_tier']),
      }),
    });
  }

  private decodeChoice(wire: JsonObject, events: StreamEvent[]): void {
    const choice = numberOf(wire['index']) ?? 0;
    const delta = objectOf(wire['delta']);
    const open = this.choiceAt(choice);
    if (open.finished) return;
    const reasoning = stringOf(delta['reasoning_content']) ?? stringOf(delta['reasoning']);
    this.flow('reasoning', reasoning, choice, open, events);
    for (const detail of objectsOf(delta['reasoning_details'])) this.sign(detail, choice, open, events);
    this.flow('text', stringOf(delta['content']), choice, open, events);
    this.flow('refusal', stringOf(delta['refusal']), choice, open, events);
    for (const [at, call] of objectsOf(delta['tool_calls']).entries())
      this.call(call, at, choice, open, events);
    const logprobs = decodeLogprobs(wire['logprobs']);
    if (logprobs !== undefined) events.push({ type: 'logprobs', choice, logprobs });
    const reason = stringOf(wire['finish_reason']);
    if (reason === undefined) return;
    for (const part of [...open.flowing.values(), ...open.calls.values()].sort(
      (left, right) => left - right,
    )) {
      events.push({ type: 'part-end', choice, part });
    }
    open.finished = true;
    events.push({ type: 'finish', choice, reason: decodeFinish(reason, open.calls.size > 0) });
  }

  private choiceAt(index: number): OpenChoice {
    const known = this.choices.get(index);
    if (known !== undefined) return known;
    const created: OpenChoice = { flowing: new Map(), calls: new Map(), finished: false };
    this.choices.set(index, created);
    return created;
  }

  /** Text of one kind ends the text of the others: they do not overlap on this wire. */
  private flow(
    kind: 'text' | 'reasoning' | 'refusal',
    text: string | undefined,
    choice: number,
    open: OpenChoice,
    events: StreamEvent[],
  ): void {
    if (text === undefined || text === '') return;
    const part = open.flowing.get(kind) ?? this.openFlow(kind, choice, open, events);
    events.push({ type: `${kind}-delta`, choice, part, text });
  }

  private openFlow(
    kind: 'text' | 'reasoning' | 'refusal',
    choice: number,
    open: OpenChoice,
    events: StreamEvent[],
  ): number {
    this.endFlows(choice, open, events);
    const part = this.openPart(choice, { type: kind }, events);
    open.flowing.set(kind, part);
    return part;
  }

  private endFlows(choice: number, open: OpenChoice, events: StreamEvent[]): void {
    for (const part of open.flowing.values()) events.push({ type: 'part-end', choice, part });
    open.flowing.clear();
  }

  private sign(detail: JsonObject, choice: number, open: OpenChoice, events: StreamEvent[]): void {
    const encrypted = detail['type'] === 'reasoning.encrypted';
    const proof = stringOf(detail[encrypted ? 'data' : 'signature']);
    if (proof === undefined || proof === '') return;
    const part = open.flowing.get('reasoning') ?? this.openFlow('reasoning', choice, open, events);
    events.push({ type: 'signature', choice, part, signature: readSignature(proof, 'openai-chat') });
  }

  /** Some servers leave the index out, some repeat id and name in every piece. */
  private call(wire: JsonObject, at: number, choice: number, open: OpenChoice, events: StreamEvent[]): void {
    const index = numberOf(wire['index']) ?? at;
    const called = objectOf(wire['function']);
    let part = open.calls.get(index);
    if (part === undefined) {
      this.endFlows(choice, open, events);
      const id = stringOf(wire['id']) ?? `call_${this.parts}`;
      part = this.openPart(choice, { type: 'tool-call', id, name: stringOf(called['name']) ?? '' }, events);
      open.calls.set(index, part);
    }
    const json = stringOf(called['arguments']);
    if (json !== undefined && json !== '') events.push({ type: 'arguments-delta', choice, part, json });
  }

  private openPart(choice: number, content: PartStart, events: StreamEvent[]): number {
    const part = this.parts;
    this.parts += 1;
    events.push({ type: 'part-start', choice, part, content });
    return part;
  }
}
