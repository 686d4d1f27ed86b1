// A Chat Completions stream → neutral events: https://platform.openai.com/docs/api-reference/chat-streaming

import { CUT_STREAM, type ProviderError } from '../../conversation/provider-error.ts';
import type { StreamEvent } from '../../conversation/stream-event.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { numberOf, objectsOf, present, stringOf } from '../../json/read-value.ts';
import { SseDecoder, type SseEvent } from '../../sse/decode-sse.ts';
import type { AnswerContext } from '../answer-context.ts';
import type { StreamDecoder } from '../provider-dialect.ts';
import { decodeUsage } from './decode-answer.ts';
import { ChoiceDecoder } from './decode-choice.ts';
import { decodeStreamError } from './errors.ts';
import { keepOthers } from './keep-others.ts';

const KNOWN = new Set('id object created model choices usage service_tier obfuscation'.split(' '));

const UNREADABLE: ProviderError = {
  kind: 'internal',
  status: 502,
  message: 'the provider sent an event that could not be read',
};

export class ChatStreamDecoder implements StreamDecoder {
  private readonly sse = new SseDecoder();
  private readonly context: AnswerContext;
  private readonly choices = new Map<number, ChoiceDecoder>();
  private parts = 0;
  private started = false;
  private ended = false;

  constructor(context: AnswerContext) {
    this.context = context;
  }

  push(bytes: Uint8Array): StreamEvent[] {
    return this.collect(() => this.sse.push(bytes), UNREADABLE);
  }

  finish(): StreamEvent[] {
    // A last line that was cut is no JSON.
    const events = this.collect(() => this.sse.finish(), CUT_STREAM);
    if (this.ended) return events;
    // Some servers leave `[DONE]` out.
    const whole = this.choices.size > 0 && [...this.choices.values()].every(({ isFinished }) => isFinished);
    if (!whole) this.fail(CUT_STREAM, events);
    else this.end(events);
    return events;
  }

  private collect(read: () => SseEvent[], failure: ProviderError): StreamEvent[] {
    const events: StreamEvent[] = [];
    if (this.ended) return events;
    try {
      for (const event of read()) {
        this.decode(event, events);
        if (this.ended) break;
      }
    } catch {
      this.fail(failure, events);
    }
    return events;
  }

  private decode({ name, data }: SseEvent, events: StreamEvent[]): void {
    if (data === '') return;
    if (data.trim() === '[DONE]') {
      if (!this.started) this.start({}, events);
      for (const choice of this.choices.values()) choice.close(events);
      this.end(events);
      return;
    }
    const chunk = JSON.parse(data) as JsonValue;
    if (!isObject(chunk)) return;
    // vLLM's older form is the error alone.
    if ((chunk['error'] ?? null) !== null || chunk['object'] === 'error' || name === 'error') {
      this.fail(decodeStreamError(chunk), events);
      return;
    }
    const choices = objectsOf(chunk['choices']);
    const usage = decodeUsage(chunk['usage']);
    if (!this.started) {
      // Azure's first chunk tells what its filter thinks of the prompt, and has neither id nor model.
      if (choices.length === 0 && usage === undefined) return;
      this.start(chunk, events);
    }
    for (const choice of choices) this.choiceAt(numberOf(choice['index']) ?? 0).decode(choice, events);
    if (usage !== undefined) events.push({ type: 'usage', usage });
  }

  private start(chunk: JsonObject, events: StreamEvent[]): void {
    this.started = true;
    events.push({
      type: 'start',
      ...present({
        id: stringOf(chunk['id']) || undefined,
        model: stringOf(chunk['model']) || undefined,
        created: numberOf(chunk['created']) || undefined,
        serviceTier: stringOf(chunk['service_tier']),
      }),
      ...keepOthers(chunk, KNOWN),
    });
  }

  private choiceAt(index: number): ChoiceDecoder {
    let choice = this.choices.get(index);
    if (choice === undefined) {
      choice = new ChoiceDecoder(index, this.context.seed, () => this.takePart());
      this.choices.set(index, choice);
    }
    return choice;
  }

  private takePart(): number {
    this.parts += 1;
    return this.parts - 1;
  }

  private end(events: StreamEvent[]): void {
    this.ended = true;
    events.push({ type: 'end' });
  }

  private fail(error: ProviderError, events: StreamEvent[]): void {
    events.push({ type: 'error', error });
    this.end(events);
  }
}
