// Neutral events → a Chat Completions stream.

import type { Usage } from '../../conversation/answer.ts';
import { InputReader } from '../../conversation/custom-input.ts';
import type { PartStart, StreamEvent } from '../../conversation/stream-event.ts';
import { ownMembers } from '../../conversation/vendor-members.ts';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import { encodeData } from '../../sse/encode-sse.ts';
import type { AnswerContext } from '../answer-context.ts';
import type { StreamEncoder } from '../client-dialect.ts';
import {
  answerId,
  customIn,
  encodeCitation,
  encodeFinish,
  encodeLogprobs,
  encodeUsage,
} from './encode-answer.ts';
import { encodeDetail } from './encode-reasoning.ts';
import { encodeCallSignature } from './encode-tools.ts';
import { encodeProviderError } from './errors.ts';

interface OpenCall {
  /** On the wire, within its choice. */
  readonly index: number;
  hasArguments: boolean;
  /** Of the call of a custom tool. */
  readonly reader: InputReader | undefined;
}

/** What has to be remembered of a choice. */
interface OpenChoice {
  begun: boolean;
  calls: number;
  hasRefused: boolean;
  /** UTF-16 units of text so far. */
  written: number;
}

export class ChatStreamEncoder implements StreamEncoder {
  readonly contentType = 'text/event-stream';
  private readonly context: AnswerContext;
  private readonly wantsUsage: boolean;
  /** The names of the client's custom tools. */
  private readonly custom: ReadonlySet<JsonValue>;
  private head: JsonObject = {};
  private readonly choices = new Map<number, OpenChoice>();
  /** By their part. */
  private readonly calls = new Map<number, OpenCall>();
  private readonly encrypted = new Set<number>();
  /** Where a text part begins in its choice's text. */
  private readonly offsets = new Map<number, number>();
  private usage: Usage | undefined;

  constructor(context: AnswerContext) {
    this.context = context;
    this.wantsUsage = context.memo['includeUsage'] === true;
    this.custom = customIn(context.memo);
  }

  push(event: StreamEvent): string {
    switch (event.type) {
      case 'start':
        return this.start(event);
      case 'part-start':
        return this.startPart(event.choice, event.part, event.content);
      case 'text-delta':
        this.choiceAt(event.choice).written += event.text.length;
        return this.delta(event.choice, { content: event.text });
      case 'reasoning-delta':
        return this.delta(event.choice, {
          reasoning_content: event.text,
          reasoning_details: [encodeDetail({ text: event.text })],
        });
      case 'refusal-delta':
        return this.delta(event.choice, { refusal: event.text });
      case 'arguments-delta': {
        const call = this.calls.get(event.part);
        if (call === undefined) return '';
        call.hasArguments = true;
        return call.reader === undefined
          ? this.arguments(event.choice, call, event.json)
          : this.input(event.choice, call, call.reader.push(event.json));
      }
      case 'signature': {
        const { choice, part, signature } = event;
        const call = this.calls.get(part);
        if (call !== undefined) {
          // Some clients want a function in every piece of a call.
          const nothing =
            call.reader === undefined ? { function: { arguments: '' } } : { custom: { input: '' } };
          const piece = { index: call.index, ...nothing, ...encodeCallSignature(signature) };
          return this.delta(choice, { tool_calls: [piece] });
        }
        const detail = { text: '', signature, ...(this.encrypted.has(part) ? { redacted: true } : {}) };
        return this.delta(choice, { reasoning_details: [encodeDetail(detail)] });
      }
      case 'citation': {
        const offset = this.offsets.get(event.part) ?? 0;
        const annotations = encodeCitation(
          event.citation,
          offset,
          this.choiceAt(event.choice).written - offset,
        );
        return annotations.length === 0 ? '' : this.delta(event.choice, { annotations });
      }
      case 'part-end': {
        const call = this.calls.get(event.part);
        if (call?.reader !== undefined) return this.input(event.choice, call, call.reader.finish());
        return call === undefined || call.hasArguments ? '' : this.arguments(event.choice, call, '{}');
      }
      case 'logprobs': {
        const { choice, logprobs } = event;
        return this.chunk({
          index: choice,
          delta: {},
          logprobs: encodeLogprobs(logprobs),
          finish_reason: null,
        });
      }
      case 'finish': {
        const { hasRefused } = this.choiceAt(event.choice);
        const finish_reason = encodeFinish(event.reason, hasRefused);
        return this.chunk({ index: event.choice, delta: {}, finish_reason });
      }
      case 'usage':
        this.usage = event.usage;
        return '';
      case 'error':
        this.usage = undefined;
        return encodeData(JSON.stringify(encodeProviderError(event.error)));
      case 'end':
        return `${this.lastUsage()}${encodeData('[DONE]')}`;
    }
  }

  private start(event: Extract<StreamEvent, { type: 'start' }>): string {
    this.head = {
      id: answerId(event.id, this.context),
      object: 'chat.completion.chunk',
      created: event.created ?? this.context.created,
      model: event.model ?? this.context.model,
      ...(event.serviceTier === undefined ? {} : { service_tier: event.serviceTier }),
      ...ownMembers(event.vendor, 'openai-chat'),
    };
    return this.delta(0, {});
  }

  private startPart(choice: number, part: number, content: PartStart): string {
    const open = this.choiceAt(choice);
    switch (content.type) {
      case 'text':
        this.offsets.set(part, open.written);
        return '';
      case 'refusal':
        open.hasRefused = true;
        return '';
      case 'reasoning':
        if (content.redacted === true) this.encrypted.add(part);
        return '';
      case 'tool-call': {
        const { id, name } = content;
        const index = open.calls;
        open.calls += 1;
        const reader = this.custom.has(name) ? new InputReader() : undefined;
        this.calls.set(part, { index, hasArguments: false, reader });
        const call =
          reader === undefined
            ? { type: 'function', function: { name, arguments: '' } }
            : { type: 'custom', custom: { name, input: '' } };
        return this.delta(choice, { tool_calls: [{ index, id, ...call }] });
      }
    }
  }

  private arguments(choice: number, { index }: OpenCall, json: string): string {
    return this.delta(choice, { tool_calls: [{ index, function: { arguments: json } }] });
  }

  private input(choice: number, { index }: OpenCall, input: string): string {
    return input === '' ? '' : this.delta(choice, { tool_calls: [{ index, custom: { input } }] });
  }

  /** Only for a client that asked for it. */
  private lastUsage(): string {
    if (this.usage === undefined || !this.wantsUsage) return '';
    return encodeData(JSON.stringify({ ...this.head, choices: [], usage: encodeUsage(this.usage) }));
  }

  private choiceAt(index: number): OpenChoice {
    let choice = this.choices.get(index);
    if (choice === undefined) {
      choice = { begun: false, calls: 0, hasRefused: false, written: 0 };
      this.choices.set(index, choice);
    }
    return choice;
  }

  private delta(choice: number, delta: JsonObject): string {
    const open = this.choiceAt(choice);
    const first = !open.begun;
    open.begun = true;
    return this.chunk({
      index: choice,
      delta: first ? { role: 'assistant', content: '', ...delta } : delta,
      finish_reason: null,
    });
  }

  /** `usage` is null in all but the last chunk where it was asked for. */
  private chunk(choice: JsonObject): string {
    return encodeData(
      JSON.stringify({ ...this.head, choices: [choice], ...(this.wantsUsage ? { usage: null } : {}) }),
    );
  }
}
