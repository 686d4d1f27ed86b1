// One ext_proc stream, as a state machine over decoded messages: what Envoy may send next, and which reply it gets.
// Knows the order of the protocol, nothing of sockets and nothing of LLMs.

import type { Reaction, RequestHead, RequestStage, Respond } from '../contract/exchange.ts';
import type { ProcessingRequest } from './processing-request.ts';
import { encodeContinue, encodeForward, encodeRespond } from './processing-response.ts';

/** A message that the protocol does not allow at this point. Ends the stream with INVALID_ARGUMENT. */
export class OutOfOrderError extends Error {
  constructor(message: string, state: string) {
    super(`${message} while ${state}`);
    this.name = 'OutOfOrderError';
  }
}

type State =
  | { readonly type: 'awaiting-head' }
  | { readonly type: 'awaiting-body'; readonly head: RequestHead }
  | { readonly type: 'deciding' }
  | { readonly type: 'settled' }
  | { readonly type: 'cancelled' };

/** Sends the buffers of one reply, in order. */
type Send = (frames: readonly Buffer[]) => void;

export class ExchangeSession {
  private readonly stage: RequestStage;
  private readonly send: Send;
  private state: State = { type: 'awaiting-head' };
  private abort: AbortController | undefined;

  constructor(stage: RequestStage, send: Send) {
    this.stage = stage;
    this.send = send;
  }

  /** @throws OutOfOrderError */
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

  /** The stream is over, whoever ended it: whatever is under way has nobody left to tell. */
  cancel(): void {
    if (this.state.type === 'settled') return;
    this.state = { type: 'cancelled' };
    this.abort?.abort();
  }

  /** True while a reply is owed. */
  get busy(): boolean {
    return this.state.type === 'deciding';
  }

  private receiveHead(head: RequestHead): void {
    let reaction: ReturnType<RequestStage['onHead']>;
    try {
      reaction = this.stage.onHead(head);
    } catch (thrown) {
      reaction = this.stage.onFailure(head, thrown);
    }
    if (reaction.type === 'await-body') {
      this.state = { type: 'awaiting-body', head };
      this.send([encodeContinue('request-headers')]);
      return;
    }
    this.settle('request-headers', reaction);
  }

  private receiveBody(head: RequestHead, body: Buffer): void {
    this.state = { type: 'deciding' };
    try {
      const reaction = this.stage.onBody(head, body, () => this.signal());
      if (!(reaction instanceof Promise)) {
        this.settle('request-body', reaction);
        return;
      }
      reaction.then(
        (late) => this.settle('request-body', late),
        (thrown: unknown) => this.settle('request-body', this.fail(head, thrown)),
      );
    } catch (thrown) {
      this.settle('request-body', this.fail(head, thrown));
    }
  }

  private fail(head: RequestHead, thrown: unknown): Respond {
    return this.stage.onFailure(head, thrown);
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
