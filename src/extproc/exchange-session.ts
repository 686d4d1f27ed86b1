// One ext_proc stream, as a state machine over decoded messages: what Envoy may send next, and which reply it gets.
// Knows the order of the protocol, nothing of sockets and nothing of LLMs.

import type { Reaction, RequestHead, RequestStage } from '../contract/exchange.ts';
import type { ProcessingRequest } from './processing-request.ts';
import { encodeContinue, encodeForward, encodeRespond } from './processing-response.ts';

/** A message that the protocol does not allow at this point. Ends the stream with INVALID_ARGUMENT. */
export class OutOfOrderError extends Error {
  constructor(message: string, state: string) {
    super(`${message} while ${state}`);
    this.name = 'OutOfOrderError';
  }
}

/** What the server needs of a stream's state machine, whichever filter is at its other end. */
export interface Session {
  /** @throws OutOfOrderError, or what the stage threw where it could not word a failure of its own */
  receive(request: ProcessingRequest): void;
  /** The stream is over, whoever ended it: whatever is under way has nobody left to tell. */
  cancel(): void;
  /** True while a reply is owed. */
  readonly busy: boolean;
  /** True once the last word is said. */
  readonly settled: boolean;
}

type State =
  | { readonly type: 'awaiting-head' }
  | { readonly type: 'awaiting-body'; readonly head: RequestHead }
  | { readonly type: 'deciding' }
  | { readonly type: 'settled' }
  | { readonly type: 'cancelled' };

export interface ExchangeSessionOptions {
  readonly stage: RequestStage;
  /** Sends the buffers of one reply, in order. */
  readonly send: (frames: readonly Buffer[]) => void;
  /** Told of a failure that came late and that the stage could not word: no reply follows. */
  readonly onBroken: (cause: unknown) => void;
}

export class ExchangeSession implements Session {
  private readonly stage: RequestStage;
  private readonly send: ExchangeSessionOptions['send'];
  private readonly onBroken: ExchangeSessionOptions['onBroken'];
  private state: State = { type: 'awaiting-head' };
  private abort: AbortController | undefined;

  constructor({ stage, send, onBroken }: ExchangeSessionOptions) {
    this.stage = stage;
    this.send = send;
    this.onBroken = onBroken;
  }

  receive(request: ProcessingRequest): void {
    switch (request.type) {
      case 'request-headers':
        if (this.state.type !== 'awaiting-head') throw new OutOfOrderError('a second head', this.state.type);
        this.receiveHead(request.head);
        return;
      case 'request-body':
        if (this.state.type !== 'awaiting-body') throw new OutOfOrderError('a body', this.state.type);
        this.receiveBody(this.state.head, request.body);
        return;
      default:
        // An operator's own Envoy may be set to send these; there is nothing to say to them.
        if (this.state.type !== 'settled') throw new OutOfOrderError(`${request.type}`, this.state.type);
        this.send([encodeContinue(request.type)]);
    }
  }

  cancel(): void {
    if (this.state.type === 'settled') return;
    this.state = { type: 'cancelled' };
    this.abort?.abort();
  }

  get busy(): boolean {
    return this.state.type === 'deciding';
  }

  get settled(): boolean {
    return this.state.type === 'settled';
  }

  private receiveHead(head: RequestHead): void {
    let reaction: ReturnType<RequestStage['onHead']>;
    try {
      reaction = this.stage.onHead(head);
    } catch (thrown) {
      reaction = this.stage.onFailure(head, thrown);
    }
    if ('type' in reaction && reaction.type === 'await-body') {
      this.state = { type: 'awaiting-body', head };
      this.send([encodeContinue('request-headers')]);
      return;
    }
    if (!(reaction instanceof Promise)) {
      this.settle('request-headers', reaction);
      return;
    }
    this.state = { type: 'deciding' };
    reaction
      .then((late) => this.settle('request-headers', late))
      .catch((thrown: unknown) => this.fail('request-headers', head, thrown))
      .catch(this.onBroken);
  }

  private receiveBody(head: RequestHead, body: Buffer): void {
    this.state = { type: 'deciding' };
    try {
      const reaction = this.stage.onBody(head, body, () => this.signal());
      if (!(reaction instanceof Promise)) {
        this.settle('request-body', reaction);
        return;
      }
      reaction
        .then((late) => this.settle('request-body', late))
        .catch((thrown: unknown) => this.fail('request-body', head, thrown))
        .catch(this.onBroken);
    } catch (thrown) {
      this.fail('request-body', head, thrown);
    }
  }

  private fail(stage: 'request-headers' | 'request-body', head: RequestHead, thrown: unknown): void {
    // What was given up rejects as it should; that is no failure of the gateway.
    if (this.state.type === 'cancelled') return;
    this.settle(stage, this.stage.onFailure(head, thrown));
  }

  private settle(stage: 'request-headers' | 'request-body', reaction: Reaction): void {
    if (this.state.type === 'cancelled') return;
    this.state = { type: 'settled' };
    this.abort = undefined;
    this.send(reaction.type === 'respond' ? [encodeRespond(reaction)] : encodeForward(stage, reaction));
  }

  private signal(): AbortSignal {
    this.abort ??= new AbortController();
    if (this.state.type === 'cancelled') this.abort.abort();
    return this.abort.signal;
  }
}
