// A streamGenerateContent stream → neutral events: https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent
// Every event is a whole response that holds the next piece. Nothing says that the stream is over: it is when every candidate
// has its reason to finish and the connection ends.

import { CUT_STREAM } from '../../conversation/provider-error.ts';
import type { Signature } from '../../conversation/signature.ts';
import type { PartStart, StreamEvent } from '../../conversation/stream-event.ts';
import { restOf } from '../../conversation/vendor-members.ts';
import { isObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import { numberOf, present, stringOf } from '../../json/read-value.ts';
import { SseDecoder } from '../../sse/decode-sse.ts';
import type { AnswerContext } from '../answer-context.ts';
import type { StreamDecoder } from '../provider-dialect.ts';
import { CallIds } from './call-ids.ts';
import { camelMembers, listOf } from './camel-members.ts';
import { decodeCitations } from './convert-citations.ts';
import { decodeLogprobs } from './convert-logprobs.ts';
import { isBlocked, secondsOf } from './decode-answer.ts';
import { decodePart } from './decode-parts.ts';
import { decodeStreamError } from './errors.ts';
import { decodeFinish } from './finish-reasons.ts';
import { decodeUsage } from './token-counts.ts';

const DIALECT = 'gemini';
const RESPONSE = new Set(['candidates', 'usageMetadata', 'modelVersion', 'responseId']);

interface ChoiceState {
  /** The text or thought that goes on; its text as far as citations need it. */
  open: { readonly part: number; readonly type: 'text' | 'reasoning'; text: string } | undefined;
  hasCalls: boolean;
  isFinished: boolean;
}

export class GeminiStreamDecoder implements StreamDecoder {
  private readonly sse = new SseDecoder();
  private readonly ids: CallIds;
  private readonly choices = new Map<number, ChoiceState>();
  private nextPart = 0;
  private unfinished = 0;
  private started = false;
  private ended = false;

  constructor({ seed }: AnswerContext) {
    this.ids = new CallIds(seed);
  }

  push(bytes: Uint8Array): StreamEvent[] {
    const events: StreamEvent[] = [];
    for (const { data } of this.sse.push(bytes)) this.decode(data, events);
    return events;
  }

  finish(): StreamEvent[] {
    const events: StreamEvent[] = [];
    for (const { data } of this.sse.finish()) this.decode(data, events);
    if (this.ended) return events;
    this.ended = true;
    if (this.choices.size === 0 || this.unfinished > 0) events.push({ type: 'error', error: CUT_STREAM });
    events.push({ type: 'end' });
    return events;
  }

  private decode(data: string, events: StreamEvent[]): void {
    if (this.ended) return;
    const response = readResponse(data);
    if (response === undefined || response['error'] !== undefined) {
      this.ended = true;
      const error = response === undefined ? CUT_STREAM : decodeStreamError(response);
      events.push({ type: 'error', error }, { type: 'end' });
      return;
    }
    if (!this.started) this.start(response, events);
    for (const candidate of listOf(response['candidates']))
      this.decodeCandidate(camelMembers(candidate), events);
    if (isBlocked(response) && this.choices.size === 0) {
      this.stateOf(0).isFinished = true;
      this.unfinished -= 1;
      events.push({ type: 'finish', choice: 0, reason: 'content-filter' });
    }
    const usage = decodeUsage(response['usageMetadata']);
    if (usage !== undefined) events.push({ type: 'usage', usage });
  }

  private start(response: JsonObject, events: StreamEvent[]): void {
    this.started = true;
    const rest = restOf(response, RESPONSE);
    const tier = camelMembers(response['usageMetadata'])['serviceTier'];
    events.push({
      type: 'start',
      ...present({
        id: stringOf(response['responseId']),
        model: stringOf(response['modelVersion']),
        created: secondsOf(stringOf(response['createTime'])),
        serviceTier: stringOf(tier),
        vendor: rest === undefined ? undefined : ({ dialect: DIALECT, members: rest } as const),
      }),
    });
  }

  private decodeCandidate(candidate: JsonObject, events: StreamEvent[]): void {
    const choice = numberOf(candidate['index']) ?? 0;
    const state = this.stateOf(choice);
    if (state.isFinished) return;
    const marks: Signature[] = [];
    for (const wire of listOf(camelMembers(candidate['content'])['parts'])) {
      this.decodePart(wire, choice, state, marks, events);
    }
    this.cite(candidate['groundingMetadata'], choice, state, events);
    for (const signature of marks) this.mark(signature, choice, state, events);
    const logprobs = decodeLogprobs(candidate['logprobsResult']);
    if (logprobs !== undefined) events.push({ type: 'logprobs', choice, logprobs });
    const reason = stringOf(candidate['finishReason']);
    if (reason === undefined) return;
    close(choice, state, events);
    state.isFinished = true;
    this.unfinished -= 1;
    events.push({ type: 'finish', choice, reason: decodeFinish(reason, state.hasCalls) });
  }

  /** @param marks signatures of texts, said after the citations of their text */
  private decodePart(
    wire: JsonObject,
    choice: number,
    state: ChoiceState,
    marks: Signature[],
    events: StreamEvent[],
  ): void {
    for (const part of decodePart(wire, this.ids)) {
      switch (part.type) {
        case 'text':
          this.extend('text', part.text, choice, state, events);
          break;
        case 'reasoning':
          if (wire['thought'] !== true && part.text === '' && part.signature !== undefined) {
            marks.push(part.signature);
            break;
          }
          this.extend('reasoning', part.text, choice, state, events);
          if (part.signature === undefined || state.open === undefined) break;
          events.push({ type: 'signature', choice, part: state.open.part, signature: part.signature });
          close(choice, state, events);
          break;
        case 'tool-call': {
          state.hasCalls = true;
          const at = this.begin({ type: 'tool-call', id: part.id, name: part.name }, choice, state, events);
          if (part.arguments !== '{}') {
            events.push({ type: 'arguments-delta', choice, part: at, json: part.arguments });
          }
          if (part.signature !== undefined) {
            events.push({ type: 'signature', choice, part: at, signature: part.signature });
          }
          events.push({ type: 'part-end', choice, part: at });
          break;
        }
        default:
          // Streams carry no media and no vendor's blocks.
          break;
      }
    }
  }

  private extend(
    type: 'text' | 'reasoning',
    text: string,
    choice: number,
    state: ChoiceState,
    events: StreamEvent[],
  ): void {
    if (state.open?.type !== type) {
      state.open = { part: this.begin({ type }, choice, state, events), type, text: '' };
    }
    const { open } = state;
    if (text === '') return;
    if (type === 'text') {
      open.text += text;
      events.push({ type: 'text-delta', choice, part: open.part, text });
    } else events.push({ type: 'reasoning-delta', choice, part: open.part, text });
  }

  private begin(content: PartStart, choice: number, state: ChoiceState, events: StreamEvent[]): number {
    close(choice, state, events);
    const part = this.nextPart;
    this.nextPart += 1;
    events.push({ type: 'part-start', choice, part, content });
    return part;
  }

  private mark(signature: Signature, choice: number, state: ChoiceState, events: StreamEvent[]): void {
    const part = this.begin({ type: 'reasoning' }, choice, state, events);
    events.push({ type: 'signature', choice, part, signature }, { type: 'part-end', choice, part });
  }

  private cite(
    grounding: JsonValue | undefined,
    choice: number,
    { open }: ChoiceState,
    events: StreamEvent[],
  ): void {
    if (!isObject(grounding) || open?.type !== 'text') return;
    for (const citation of decodeCitations(grounding, open.text, undefined)) {
      events.push({ type: 'citation', choice, part: open.part, citation });
    }
  }

  private stateOf(choice: number): ChoiceState {
    const known = this.choices.get(choice);
    if (known !== undefined) return known;
    const state: ChoiceState = { open: undefined, hasCalls: false, isFinished: false };
    this.choices.set(choice, state);
    this.unfinished += 1;
    return state;
  }
}

function close(choice: number, state: ChoiceState, events: StreamEvent[]): void {
  if (state.open === undefined) return;
  events.push({ type: 'part-end', choice, part: state.open.part });
  state.open = undefined;
}

/** Undefined for what is no JSON object. */
function readResponse(data: string): JsonObject | undefined {
  try {
    const value = JSON.parse(data) as JsonValue;
    const [first] = Array.isArray(value) ? value : [value];
    return isObject(first) ? camelMembers(first) : undefined;
  } catch {
    return undefined;
  }
}
