// A ConverseStream answer → neutral events:
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
// Blocks of text and of thoughts begin with their first delta; `messageStop` ends the answer, `metadata` the stream.

import { CUT_STREAM } from '../../conversation/provider-error.ts';
import type { PartStart, StreamEvent } from '../../conversation/stream-event.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { numberOf, objectOf, present, stringOf } from '../../json/read-value.ts';
import type { AnswerContext } from '../answer-context.ts';
import type { StreamDecoder } from '../provider-dialect.ts';
import { decodeStop, decodeUsage, stopSequenceOf } from './decode-answer.ts';
import { decodeCitation, proofOf, redactedProof } from './decode-blocks.ts';
import { type Frame, FrameDecoder } from './decode-frames.ts';
import { decodeException } from './errors.ts';

interface Block {
  readonly part: number;
  /** What came of its proof. */
  signature: string;
  redacted: Buffer[];
}

export class ConverseStreamDecoder implements StreamDecoder {
  private readonly frames = new FrameDecoder();
  private readonly modelId: string;
  /** Open blocks by their index. */
  private readonly blocks = new Map<number, Block>();
  private nextPart = 0;
  private hasCalls = false;
  private started = false;
  private finished = false;
  private ended = false;

  constructor({ model }: AnswerContext) {
    this.modelId = model;
  }

  push(bytes: Uint8Array): StreamEvent[] {
    const events: StreamEvent[] = [];
    for (const frame of this.frames.push(bytes)) this.read(frame, events);
    if (this.frames.isCorrupt) this.cut(events);
    return events;
  }

  finish(): StreamEvent[] {
    const events: StreamEvent[] = [];
    if (!this.finished) this.cut(events);
    else if (!this.ended) this.end(events);
    return events;
  }

  private read({ headers, payload }: Frame, events: StreamEvent[]): void {
    if (this.ended) return;
    const type = headers.get(':message-type');
    if (type === 'error') {
      const error = decodeException(headers.get(':error-code'), headers.get(':error-message'));
      this.fail(events, { type: 'error', error });
      return;
    }
    const value = readPayload(payload);
    if (type === 'exception') {
      const said = value?.['message'] ?? value?.['Message'];
      const error = decodeException(headers.get(':exception-type'), stringOf(said));
      this.fail(events, { type: 'error', error });
    } else if (value === undefined) this.cut(events);
    else this.decode(headers.get(':event-type'), value, events);
  }

  private decode(type: string | undefined, value: JsonObject, events: StreamEvent[]): void {
    switch (type) {
      case 'messageStart':
        this.start(events);
        return;
      case 'contentBlockStart':
        this.startCall(indexOf(value), objectOf(value['start']), events);
        return;
      case 'contentBlockDelta':
        this.delta(indexOf(value), objectOf(value['delta']), events);
        return;
      case 'contentBlockStop':
        this.stopBlock(indexOf(value), events);
        return;
      case 'messageStop':
        this.finishMessage(value, events);
        return;
      case 'metadata':
        this.readMetadata(value, events);
        return;
      default:
        // What is new means nothing here.
        return;
    }
  }

  private start(events: StreamEvent[]): void {
    if (this.started) return;
    this.started = true;
    events.push({ type: 'start' });
  }

  /** Of tools that the vendor runs itself nothing is told. */
  private startCall(index: number, { toolUse }: JsonObject, events: StreamEvent[]): void {
    if (!isObject(toolUse) || toolUse['type'] === 'server_tool_use') return;
    this.hasCalls = true;
    const { toolUseId, name } = toolUse;
    const content = { type: 'tool-call', id: stringOf(toolUseId) ?? '', name: stringOf(name) ?? '' } as const;
    this.open(index, content, events);
  }

  private open(index: number, content: PartStart, events: StreamEvent[]): Block {
    this.start(events);
    const block: Block = { part: this.nextPart, signature: '', redacted: [] };
    this.nextPart += 1;
    this.blocks.set(index, block);
    events.push({ type: 'part-start', choice: 0, part: block.part, content });
    return block;
  }

  private delta(index: number, delta: JsonObject, events: StreamEvent[]): void {
    const { text, toolUse, reasoningContent, citation } = delta;
    if (typeof text === 'string') {
      if (text === '') return;
      const { part } = this.blocks.get(index) ?? this.open(index, { type: 'text' }, events);
      events.push({ type: 'text-delta', choice: 0, part, text });
    } else if (isObject(toolUse)) {
      const json = stringOf(toolUse['input']) ?? '';
      const block = this.blocks.get(index);
      if (json !== '' && block !== undefined) {
        events.push({ type: 'arguments-delta', choice: 0, part: block.part, json });
      }
    } else if (isObject(reasoningContent)) this.think(index, reasoningContent, events);
    else if (isObject(citation)) {
      const { part } = this.blocks.get(index) ?? this.open(index, { type: 'text' }, events);
      events.push({ type: 'citation', choice: 0, part, citation: decodeCitation(citation) });
    }
  }

  private think(index: number, delta: JsonObject, events: StreamEvent[]): void {
    const text = stringOf(delta['text']);
    const signature = stringOf(delta['signature']);
    const redacted = stringOf(delta['redactedContent']);
    if ((text ?? signature ?? redacted ?? '') === '') return;
    const content = { type: 'reasoning', ...(redacted === undefined ? {} : { redacted: true }) } as const;
    const block = this.blocks.get(index) ?? this.open(index, content, events);
    if (text !== undefined) events.push({ type: 'reasoning-delta', choice: 0, part: block.part, text });
    if (signature !== undefined) block.signature += signature;
    if (redacted !== undefined) block.redacted.push(Buffer.from(redacted, 'base64'));
  }

  private stopBlock(index: number, events: StreamEvent[]): void {
    const block = this.blocks.get(index);
    if (block === undefined) return;
    this.blocks.delete(index);
    const { part, redacted } = block;
    const signature =
      redacted.length > 0
        ? redactedProof(Buffer.concat(redacted).toString('base64'))
        : proofOf(block.signature, this.modelId);
    if (signature !== undefined) events.push({ type: 'signature', choice: 0, part, signature });
    events.push({ type: 'part-end', choice: 0, part });
  }

  private finishMessage(value: JsonObject, events: StreamEvent[]): void {
    if (this.finished) return;
    this.finished = true;
    this.start(events);
    for (const index of [...this.blocks.keys()]) this.stopBlock(index, events);
    events.push({
      type: 'finish',
      choice: 0,
      reason: decodeStop(stringOf(value['stopReason']), this.hasCalls),
      ...present({ stopSequence: stopSequenceOf(value['additionalModelResponseFields']) }),
    });
  }

  private readMetadata(value: JsonObject, events: StreamEvent[]): void {
    const usage = decodeUsage(value['usage']);
    if (usage !== undefined) events.push({ type: 'usage', usage });
    if (this.finished) this.end(events);
  }

  private cut(events: StreamEvent[]): void {
    this.fail(events, { type: 'error', error: CUT_STREAM });
  }

  private fail(events: StreamEvent[], error: StreamEvent): void {
    if (this.ended) return;
    events.push(error);
    this.end(events);
  }

  private end(events: StreamEvent[]): void {
    this.ended = true;
    events.push({ type: 'end' });
  }
}

function indexOf(value: JsonObject): number {
  return numberOf(value['contentBlockIndex']) ?? 0;
}

/** Undefined where it is no JSON object. */
function readPayload(payload: Buffer): JsonObject | undefined {
  try {
    const value = JSON.parse(payload.toString('utf8')) as JsonValue;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
