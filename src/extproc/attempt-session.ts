// One ext_proc stream of an upstream filter, as a state machine: a retried attempt that is made anew, or a first one whose
// answer has to be read. Knows the order of the protocol, nothing of sockets and nothing of LLMs.

import type {
  AnswerReaction,
  AnswerReader,
  Attempt,
  BodyTransform,
  Kept,
  Later,
  Replacement,
  RequestHead,
  ResponseStage,
  RetryStage,
} from '../contract/exchange.ts';
import { OutOfOrderError, type Session } from './exchange-session.ts';
import type { ProcessingRequest } from './processing-request.ts';
import {
  encodeAnswerBody,
  encodeAnswerHead,
  encodeAttempt,
  encodeContinue,
  encodeReplacedHead,
  encodeRespond,
} from './processing-response.ts';

type State =
  | { readonly type: 'awaiting-request' }
  | { readonly type: 'deciding' }
  | { readonly type: 'awaiting-answer'; readonly reader: AnswerReader | undefined }
  | { readonly type: 'replacing'; readonly replace: (body: Buffer) => Later<Replacement> }
  | { readonly type: 'transforming'; readonly transform: BodyTransform }
  /** The whole body is here; what replaces it is not yet. */
  | { readonly type: 'replying' }
  | { readonly type: 'settled' }
  | { readonly type: 'cancelled' };

export interface AttemptSessionOptions {
  readonly retry: RetryStage;
  readonly response: ResponseStage;
  /** Sends the buffers of one reply, in order. */
  readonly send: (frames: readonly Buffer[]) => void;
  /** Told of a failure that came late and that the stage could not word: no reply follows. */
  readonly onBroken: (cause: unknown) => void;
}

export class AttemptSession implements Session {
  private readonly options: AttemptSessionOptions;
  private state: State;
  /** A piece that has to wait, and with it those behind it. */
  private waiting: Promise<void> | undefined;

  /** @param stage `retry`: the request comes first; `response`: only the answer does */
  constructor(stage: 'retry' | 'response', options: AttemptSessionOptions) {
    this.options = options;
    this.state =
      stage === 'retry' ? { type: 'awaiting-request' } : { type: 'awaiting-answer', reader: undefined };
  }

  receive(request: ProcessingRequest): void {
    const { state } = this;
    switch (request.type) {
      case 'request-headers':
        if (state.type !== 'awaiting-request') throw new OutOfOrderError('a request', state.type);
        this.receiveRequest(request.head, request.kept);
        return;
      case 'response-headers': {
        if (state.type !== 'awaiting-answer') throw new OutOfOrderError('an answer', state.type);
        const reader = state.reader ?? this.options.response.reader(request.kept);
        this.receiveAnswer(reader(request.head), request.head.endOfStream);
        return;
      }
      case 'response-body':
        this.receiveBody(request.body, request.isLast);
        return;
      default:
        // An operator's own Envoy may be set to send these; there is nothing to say to them.
        this.options.send([encodeContinue(request.type)]);
    }
  }

  cancel(): void {
    const { state } = this;
    if (state.type === 'settled') return;
    this.state = { type: 'cancelled' };
  }

  get busy(): boolean {
    return this.state.type === 'deciding' || this.state.type === 'replying' || this.waiting !== undefined;
  }

  get settled(): boolean {
    return this.state.type === 'settled';
  }

  private receiveRequest(head: RequestHead, kept: Kept): void {
    this.state = { type: 'deciding' };
    const { retry, onBroken } = this.options;
    const fail = (thrown: unknown): void => {
      if (this.state.type === 'cancelled') return;
      this.settle([encodeRespond(retry.onFailure(kept, thrown))]);
    };
    try {
      const attempt = retry.onAttempt(head, kept);
      if (attempt instanceof Promise) attempt.then((late) => this.send(late), fail).catch(onBroken);
      else this.send(attempt);
    } catch (thrown) {
      fail(thrown);
    }
  }

  private send(attempt: Attempt): void {
    if (this.state.type === 'cancelled') return;
    const frames = encodeAttempt(attempt);
    if (attempt.answers === undefined) {
      this.settle(frames);
      return;
    }
    this.state = { type: 'awaiting-answer', reader: attempt.answers };
    this.options.send(frames);
  }

  private receiveAnswer(reaction: AnswerReaction, isWhole: boolean): void {
    switch (reaction.type) {
      case 'pass':
        this.settle([encodeAnswerHead('pass')]);
        return;
      case 'replace':
        if (isWhole) {
          this.reply(reaction.replace(Buffer.alloc(0)), encodeReplacedHead);
          return;
        }
        this.state = { type: 'replacing', replace: reaction.replace };
        this.options.send([encodeAnswerHead('replace')]);
        return;
      case 'transform':
        if (isWhole) {
          this.reply(reaction.transform(Buffer.alloc(0), true), (body) =>
            encodeReplacedHead({ ...reaction, body }),
          );
          return;
        }
        this.state = { type: 'transforming', transform: reaction.transform };
        this.options.send([encodeAnswerHead('transform', reaction)]);
    }
  }

  private receiveBody(body: Buffer, isLast: boolean): void {
    const { state } = this;
    if (state.type === 'replacing') {
      this.reply(state.replace(body), (replacement) => encodeAnswerBody(replacement.body, replacement));
    } else if (state.type === 'transforming') {
      this.receivePiece(state.transform, body, isLast);
    } else {
      throw new OutOfOrderError('a body of an answer', state.type);
    }
  }

  private receivePiece(transform: BodyTransform, piece: Buffer, isLast: boolean): void {
    const { waiting } = this;
    const given =
      waiting === undefined ? transform(piece, isLast) : waiting.then(() => transform(piece, isLast));
    if (!(given instanceof Promise)) {
      this.sendPiece(given, isLast);
      return;
    }
    const told = given.then((late) => {
      if (this.waiting === told) this.waiting = undefined;
      this.sendPiece(late, isLast);
    });
    this.waiting = told;
    told.catch(this.options.onBroken);
  }

  private sendPiece(piece: Uint8Array, isLast: boolean): void {
    if (this.state.type === 'cancelled') return;
    const frames = encodeAnswerBody(piece);
    if (isLast) this.settle(frames);
    else this.options.send(frames);
  }

  /** The whole answer, perhaps after something was waited for. */
  private reply<T>(given: Later<T>, encode: (value: T) => readonly Buffer[]): void {
    if (!(given instanceof Promise)) {
      this.settle(encode(given));
      return;
    }
    this.state = { type: 'replying' };
    given.then((late) => this.settle(encode(late))).catch(this.options.onBroken);
  }

  /** The last word: nothing more is asked. */
  private settle(frames: readonly Buffer[]): void {
    if (this.state.type === 'cancelled') return;
    this.state = { type: 'settled' };
    this.options.send(frames);
  }
}
