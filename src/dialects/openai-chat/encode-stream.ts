// Neutral events → a Chat Completions stream.

import type { Usage } from '../../conversation/answer.ts';
import { writeSignature } from '../../conversation/signature.ts';
import type { StreamEvent } from '../../conversation/stream-event.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { encodeData } from '../../sse/encode-sse.ts';
import type { AnswerContext } from '../answer-context.ts';
import type { StreamEncoder } from '../client-dialect.ts';
import { answerId, encodeFinish, encodeLogprobs, encodeUsage } from './encode-answer.ts';
import { encodeProviderError } from './errors.ts';

export class ChatStreamEncoder implements StreamEncoder {
  readonly contentType = 'text/event-stream';
  private readonly context: AnswerContext;
  private head: JsonObject = {};
  /** Tool calls by their part: index on the wire, and whether arguments came. */
  private readonly calls = new Map<number, { readonly index: number; hasArguments: boolean }>();
  private readonly callsOfChoice = new Map<number, number>();
  private readonly begun = new Set<number>();
  private readonly encrypted = new Set<number>();
  private usage: Usage | undefined;

  constructor(context: AnswerContext) {
    this.context = context;
  }

  push(event: StreamEvent): string {
    switch (event.type) {
      case 'start':
        this.head = {
          id: answerId(event.id, this.context),
          object: 'chat.completion.chunk',
          created: event.created ?? this.context.created,
          model: event.model ?? this.context.model,
        };
        return this.delta(0, {});
      case 'part-start': {
        const { choice, part, content } = event;
        if (content.type === 'reasoning' && content.redacted === true) this.encrypted.add(part);
        if (content.type !== 'tool-call') return '';
        const index = this.callsOfChoice.get(choice) ?? 0;
        this.callsOfChoice.set(choice, index + 1);
        this.calls.set(part, { index, hasArguments: false });
        const { id, name } = content;
        return this.delta(choice, {
          tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }],
        });
      }
      case 'text-delta':
        return this.delta(event.choice, { content: event.text });
      case 'reasoning-delta':
        return this.delta(event.choice, { reasoning_content: event.text });
      case 'refusal-delta':
        return this.delta(event.choice, { refusal: event.text });
      case 'arguments-delta': {
        const call = this.calls.get(event.part);
        if (call !== undefined) call.hasArguments = true;
        return this.arguments(event.choice, call?.index ?? 0, event.json);
      }
      case 'signature': {
        if (this.calls.has(event.part)) return '';
        const proof = writeSignature(event.signature, 'openai-chat');
        const detail = this.encrypted.has(event.part)
          ? { type: 'reasoning.encrypted', data: proof }
          : { type: 'reasoning.text', text: '', signature: proof };
        return this.delta(event.choice, { reasoning_details: [detail] });
      }
      case 'part-end': {
        const call = this.calls.get(event.part);
        return call === undefined || call.hasArguments ? '' : this.arguments(event.choice, call.index, '{}');
      }
      case 'logprobs':
        return this.chunk({
          index: event.choice,
          delta: {},
          logprobs: encodeLogprobs(event.logprobs),
          finish_reason: null,
        });
      case 'finish':
        return this.chunk({ index: event.choice, delta: {}, finish_reason: encodeFinish(event.reason) });
      case 'usage':
        this.usage = event.usage;
        return '';
      case 'citation':
        return this.delta(event.choice, {
          annotations: [
            {
              type: 'url_citation',
              url_citation: { url: event.citation.url ?? '', title: event.citation.title ?? '' },
            },
          ],
        });
      case 'error':
        return encodeData(JSON.stringify(encodeProviderError(event.error)));
      case 'end':
        return `${this.lastUsage()}${encodeData('[DONE]')}`;
    }
  }

  private arguments(choice: number, index: number, json: string): string {
    return this.delta(choice, { tool_calls: [{ index, function: { arguments: json } }] });
  }

  /** Only for a client that asked for it. */
  private lastUsage(): string {
    if (this.usage === undefined || this.context.memo['includeUsage'] !== true) return '';
    return encodeData(JSON.stringify({ ...this.head, choices: [], usage: encodeUsage(this.usage) }));
  }

  private delta(choice: number, delta: JsonObject): string {
    const first = !this.begun.has(choice);
    this.begun.add(choice);
    return this.chunk({
      index: choice,
      delta: first ? { role: 'assistant', content: '', ...delta } : delta,
      finish_reason: null,
    });
  }

  private chunk(choice: JsonObject): string {
    return encodeData(JSON.stringify({ ...this.head, choices: [choice] }));
  }
}
