// One choice of a Chat stream: which part a delta belongs to. Copes with what servers of this dialect do besides OpenAI's.

import { InputWriter } from '../../conversation/custom-input.ts';
import { readSignature } from '../../conversation/signature.ts';
import type { StreamEvent } from '../../conversation/stream-event.ts';
import { isObject, type JsonObject } from '../../json/json-value.ts';
import { numberOf, objectOf, objectsOf, stringOf } from '../../json/read-value.ts';
import { decodeAnnotation, decodeFinish, decodeLogprobs, readContent } from './decode-answer.ts';
import { detailProof, detailText, isEncrypted, reasoningText } from './decode-reasoning.ts';
import { decodeCallSignature, isCustomCall } from './decode-tools.ts';

type Kind = 'text' | 'reasoning' | 'refusal';

interface OpenCall {
  readonly part: number;
  readonly id: string;
  /** Of the call of a custom tool. */
  readonly writer: InputWriter | undefined;
}

/** The key of the one call that the older `function_call` can make. */
const LEGACY = -1;

export class ChoiceDecoder {
  private readonly choice: number;
  private readonly seed: string;
  private readonly takePart: () => number;
  /** The part that text goes to: kinds do not overlap on this wire, so that another kind ends it. */
  private flow: { readonly kind: Kind; readonly part: number; signed: boolean } | undefined;
  private readonly calls = new Map<number, OpenCall>();
  private readonly openCalls: OpenCall[] = [];
  private hasRefused = false;
  private hasDelta = false;
  private finished = false;

  /** @param takePart gives the next part's number */
  constructor(choice: number, seed: string, takePart: () => number) {
    this.choice = choice;
    this.seed = seed;
    this.takePart = takePart;
  }

  get isFinished(): boolean {
    return this.finished;
  }

  decode(wire: JsonObject, events: StreamEvent[]): void {
    if (this.finished) return;
    this.hasDelta = true;
    const delta = objectOf(wire['delta']);
    this.reason(delta, events);
    const content = readContent(delta['content']);
    this.write('reasoning', content.reasoning, events);
    this.write('text', content.text, events);
    this.write('refusal', stringOf(delta['refusal']) ?? '', events);
    if (delta['annotations'] !== undefined) this.cite(objectsOf(delta['annotations']), events);
    for (const call of objectsOf(delta['tool_calls'])) this.call(call, events);
    const legacy = delta['function_call'];
    if (isObject(legacy)) this.call({ index: LEGACY, function: legacy }, events);
    const logprobs = decodeLogprobs(wire['logprobs']);
    if (logprobs !== undefined) events.push({ type: 'logprobs', choice: this.choice, logprobs });
    const reason = stringOf(wire['finish_reason']);
    if (reason !== undefined && reason !== '') this.finish(reason, events);
  }

  /** The stream is over: for a server that gave no reason. */
  close(events: StreamEvent[]): void {
    if (this.hasDelta && !this.finished) this.finish(undefined, events);
  }

  private finish(reason: string | undefined, events: StreamEvent[]): void {
    this.endFlow(events);
    for (const { part, writer } of this.openCalls) {
      const at = { choice: this.choice, part } as const;
      if (writer !== undefined) events.push({ type: 'arguments-delta', ...at, json: writer.finish() });
      events.push({ type: 'part-end', ...at });
    }
    this.finished = true;
    const finishReason = decodeFinish(reason, this.openCalls.length > 0, this.hasRefused);
    events.push({ type: 'finish', choice: this.choice, reason: finishReason });
  }

  /** The text stands in one of three places, often in two of them at once. */
  private reason(delta: JsonObject, events: StreamEvent[]): void {
    const text = reasoningText(delta);
    this.write('reasoning', text, events);
    if (delta['reasoning_details'] === undefined) return;
    for (const detail of objectsOf(delta['reasoning_details'])) {
      if (text === '' && !isEncrypted(detail)) this.write('reasoning', detailText(detail), events);
      const proof = detailProof(detail);
      if (proof === '') continue;
      const signature = readSignature(proof, 'openai-chat');
      if (isEncrypted(detail)) {
        this.endFlow(events);
        const part = this.takePart();
        const at = { choice: this.choice, part } as const;
        events.push({ type: 'part-start', ...at, content: { type: 'reasoning', redacted: true } });
        events.push({ type: 'signature', ...at, signature }, { type: 'part-end', ...at });
        continue;
      }
      const flow = this.flowOf('reasoning', events);
      flow.signed = true;
      events.push({ type: 'signature', choice: this.choice, part: flow.part, signature });
    }
  }

  private write(kind: Kind, text: string, events: StreamEvent[]): void {
    if (text === '') return;
    if (kind === 'refusal') this.hasRefused = true;
    const { part } = this.flowOf(kind, events);
    events.push({ type: `${kind}-delta`, choice: this.choice, part, text });
  }

  /** What is signed is complete: more of its kind is another part. */
  private flowOf(kind: Kind, events: StreamEvent[]): { readonly part: number; signed: boolean } {
    if (this.flow?.kind === kind && !this.flow.signed) return this.flow;
    this.endFlow(events);
    this.flow = { kind, part: this.takePart(), signed: false };
    events.push({ type: 'part-start', choice: this.choice, part: this.flow.part, content: { type: kind } });
    return this.flow;
  }

  private endFlow(events: StreamEvent[]): void {
    if (this.flow === undefined) return;
    events.push({ type: 'part-end', choice: this.choice, part: this.flow.part });
    this.flow = undefined;
  }

  private cite(annotations: readonly JsonObject[], events: StreamEvent[]): void {
    for (const citation of annotations.flatMap(decodeAnnotation)) {
      const { part } = this.flowOf('text', events);
      events.push({ type: 'citation', choice: this.choice, part, citation });
    }
  }

  private call(wire: JsonObject, events: StreamEvent[]): void {
    const called = objectOf(wire['function'] ?? wire['custom']);
    const { part, writer } = this.knownCall(wire, called) ?? this.openCall(wire, called, events);
    const json = writer === undefined ? argumentsOf(called) : writer.push(stringOf(called['input']) ?? '');
    if (json !== '') events.push({ type: 'arguments-delta', choice: this.choice, part, json });
    const signature = decodeCallSignature(wire);
    if (signature !== undefined) events.push({ type: 'signature', choice: this.choice, part, signature });
  }

  /**
   * By the index, as OpenAI says. Some servers repeat id and name in every piece; some give every call the index 0, or none,
   * so that another id with a name is another call.
   */
  private knownCall(wire: JsonObject, called: JsonObject): OpenCall | undefined {
    const id = stringOf(wire['id']) || undefined;
    const index = numberOf(wire['index']);
    const isNamed = (stringOf(called['name']) ?? '') !== '';
    if (index !== undefined) {
      const known = this.calls.get(index);
      return known !== undefined && (id === undefined || id === known.id || !isNamed) ? known : undefined;
    }
    if (id !== undefined) return this.openCalls.find((call) => call.id === id);
    return isNamed ? undefined : this.openCalls.at(-1);
  }

  private openCall(wire: JsonObject, called: JsonObject, events: StreamEvent[]): OpenCall {
    this.endFlow(events);
    const part = this.takePart();
    const id = stringOf(wire['id']) || `call_${this.seed}_${part}`;
    const call = { part, id, writer: isCustomCall(wire) ? new InputWriter() : undefined };
    this.calls.set(numberOf(wire['index']) ?? LEGACY - this.openCalls.length - 1, call);
    this.openCalls.push(call);
    const name = stringOf(called['name']) ?? '';
    events.push({ type: 'part-start', choice: this.choice, part, content: { type: 'tool-call', id, name } });
    return call;
  }
}

/** A piece of the JSON text; some servers give the object itself. */
function argumentsOf(called: JsonObject): string {
  const given = called['arguments'];
  return isObject(given) ? JSON.stringify(given) : (stringOf(given) ?? '');
}
