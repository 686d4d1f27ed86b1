// Neutral events → a streamGenerateContent stream: with `alt=sse` one response per event, else one JSON array of responses.
//
// Google's SDK drops a turn from its history if one of its pieces has no content, so every piece has some; and calls come
// whole, since the API has no pieces of arguments: https://ai.google.dev/gemini-api/docs/function-calling

import type { Usage } from '../../conversation/answer.ts';
import type { Citation } from '../../conversation/part.ts';
import type { Signature } from '../../conversation/signature.ts';
import type { PartStart, StreamEvent } from '../../conversation/stream-event.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { parseObject } from '../../json/parse-object.ts';
import { present } from '../../json/read-value.ts';
import { encodeData } from '../../sse/encode-sse.ts';
import type { AnswerContext } from '../answer-context.ts';
import type { StreamEncoder } from '../client-dialect.ts';
import { type CitedText, encodeCitations } from './convert-citations.ts';
import { encodeLogprobs } from './convert-logprobs.ts';
import { encodeCall } from './encode-output.ts';
import { encodeProviderError } from './errors.ts';
import { encodeFinish } from './finish-reasons.ts';
import { writeThoughtSignature } from './thought-signature.ts';
import { encodeUsage } from './token-counts.ts';

const DIALECT = 'gemini';

interface PartState {
  readonly content: PartStart;
  readonly choice: number;
  /** Of a text: what was sent of it, for the places of its citations. Of a call: its arguments so far. */
  text: string;
  signature: Signature | undefined;
}

interface ChoiceState {
  finishReason: string | undefined;
  isMalformed: boolean;
  readonly cited: Map<PartState, Citation[]>;
}

export class GeminiStreamEncoder implements StreamEncoder {
  readonly contentType: string;
  private readonly isArray: boolean;
  private readonly parts = new Map<number, PartState>();
  private readonly choices = new Map<number, ChoiceState>();
  private header: { modelVersion: string; responseId: string };
  private usage: Usage | undefined;
  private hasWritten = false;
  private hasFailed = false;

  constructor({ model, seed, memo }: AnswerContext) {
    this.isArray = memo['arrayStream'] === true;
    this.contentType = this.isArray ? 'application/json' : 'text/event-stream';
    this.header = { modelVersion: model, responseId: seed };
  }

  push(event: StreamEvent): string {
    switch (event.type) {
      case 'start':
        return this.start(event);
      case 'part-start': {
        const { choice, content } = event;
        this.parts.set(event.part, { content, choice, text: '', signature: undefined });
        return '';
      }
      case 'text-delta': {
        const part = this.parts.get(event.part);
        if (part !== undefined) part.text += event.text;
        return this.writePart(event.choice, { text: event.text });
      }
      case 'refusal-delta':
        return this.writePart(event.choice, { text: event.text });
      case 'reasoning-delta': {
        const part = this.parts.get(event.part);
        if (part !== undefined) part.text = 'shown';
        return this.writePart(event.choice, { text: event.text, thought: true });
      }
      case 'arguments-delta': {
        const part = this.parts.get(event.part);
        if (part !== undefined) part.text += event.json;
        return '';
      }
      case 'signature':
        return this.sign(event.part, event.signature);
      case 'citation':
        this.cite(event.part, event.citation);
        return '';
      case 'part-end':
        return this.endPart(event.part);
      case 'logprobs':
        return this.write({
          candidates: [
            {
              ...candidate(event.choice, { text: '' }),
              logprobsResult: encodeLogprobs(event.logprobs),
            },
          ],
        });
      case 'finish':
        this.stateOf(event.choice).finishReason = encodeFinish(event.reason);
        return '';
      case 'usage':
        this.usage = event.usage;
        return '';
      case 'error':
        this.hasFailed = true;
        return this.writeWhole(encodeProviderError(event.error));
      case 'end':
        return (this.hasFailed ? '' : this.end()) + this.closing();
    }
  }

  private start({ id, model, vendor }: Extract<StreamEvent, { type: 'start' }>): string {
    this.header = {
      modelVersion: model ?? this.header.modelVersion,
      responseId: id ?? this.header.responseId,
    };
    const feedback = vendor?.dialect === DIALECT ? vendor.members['promptFeedback'] : undefined;
    return feedback === undefined ? '' : this.write({ promptFeedback: feedback });
  }

  /** A call's signature goes with the call; a thought's follows the thought. */
  private sign(number: number, signature: Signature): string {
    const part = this.parts.get(number);
    if (part === undefined) return '';
    if (part.content.type === 'tool-call') {
      part.signature = signature;
      return '';
    }
    const isMark = part.text === '' && signature.dialect === DIALECT;
    const redacted = part.content.type === 'reasoning' && part.content.redacted === true;
    const thoughtSignature = writeThoughtSignature({ signature, redacted });
    return this.writePart(part.choice, { text: '', ...(isMark ? {} : { thought: true }), thoughtSignature });
  }

  private cite(number: number, citation: Citation): void {
    const part = this.parts.get(number);
    if (part === undefined) return;
    const { cited } = this.stateOf(part.choice);
    const before = cited.get(part);
    if (before === undefined) cited.set(part, [citation]);
    else before.push(citation);
  }

  private endPart(number: number): string {
    const part = this.parts.get(number);
    this.parts.delete(number);
    if (part?.content.type !== 'tool-call') return '';
    const args = parseObject(part.text);
    if (args === undefined) {
      this.stateOf(part.choice).isMalformed = true;
      return '';
    }
    const { id, name } = part.content;
    const { signature } = part;
    const proof = signature && writeThoughtSignature({ signature });
    return this.writePart(part.choice, encodeCall(id, name, args, proof));
  }

  /** Reasons and counts go out together, at the end: other dialects say their counts after the reason. */
  private end(): string {
    const candidates = [...this.choices].map(([choice, { finishReason, isMalformed, cited }]) => {
      const texts = [...cited].map(([{ text }, citations]): CitedText => ({ partIndex: 0, text, citations }));
      return {
        ...candidate(choice, { text: '' }),
        finishReason: isMalformed ? 'MALFORMED_FUNCTION_CALL' : (finishReason ?? 'STOP'),
        ...present({ groundingMetadata: encodeCitations(texts) }),
      };
    });
    return this.write({ candidates, ...present({ usageMetadata: this.usage && encodeUsage(this.usage) }) });
  }

  private stateOf(choice: number): ChoiceState {
    const known = this.choices.get(choice);
    if (known !== undefined) return known;
    const state: ChoiceState = { finishReason: undefined, isMalformed: false, cited: new Map() };
    this.choices.set(choice, state);
    return state;
  }

  private writePart(choice: number, part: JsonObject): string {
    return this.write({ candidates: [candidate(choice, part)] });
  }

  private write(members: JsonObject): string {
    return this.writeWhole({ ...members, ...this.header });
  }

  private writeWhole(response: JsonObject): string {
    const json = JSON.stringify(response);
    if (!this.isArray) return encodeData(json);
    const separator = this.hasWritten ? ',\r\n' : '[';
    this.hasWritten = true;
    return separator + json;
  }

  private closing(): string {
    if (!this.isArray) return '';
    return this.hasWritten ? ']' : '[]';
  }
}

function candidate(index: number, part: JsonObject): JsonObject {
  return { content: { parts: [part], role: 'model' }, index };
}
