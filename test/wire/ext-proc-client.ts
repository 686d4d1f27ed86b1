// Speaks to the service as Envoy does, with @grpc/grpc-js: one stream for each HTTP request.

import type { ClientDuplexStream, ClientOptions, StatusObject } from '@grpc/grpc-js';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { STAGE_HEADER, type StageName } from '../../src/contract/owned-headers.ts';
import {
  bodyMessage,
  headMessage,
  PROCESS,
  type RequestMessage,
  type ResponseMessage,
} from './ext-proc-messages.ts';

const OPTIONS: ClientOptions = {
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  'grpc.use_local_subchannel_pool': 1,
};

/** @param address `unix:/path`, or `host:port` */
export const connect = (address: string): Client =>
  new Client(address, credentials.createInsecure(), OPTIONS);

/** Replies in their order, awaited one by one. */
export class ProcessStream {
  readonly call: ClientDuplexStream<RequestMessage, ResponseMessage>;
  /** How the stream ended; resolves for every status, never rejects. */
  readonly status: Promise<StatusObject>;
  readonly replies: ResponseMessage[] = [];
  private taken = 0;
  private wake: () => void = () => undefined;
  private isOver = false;

  /** @param stage the filter that speaks; none = the listener's */
  constructor(client: Client, stage?: StageName) {
    const metadata = new Metadata();
    if (stage !== undefined) metadata.set(STAGE_HEADER, stage);
    this.call = client.makeBidiStreamRequest(
      PROCESS.path,
      PROCESS.requestSerialize,
      PROCESS.responseDeserialize,
      metadata,
    );
    this.call.on('data', (reply: ResponseMessage) => {
      this.replies.push(reply);
      this.wake();
    });
    this.call.on('error', () => undefined);
    this.status = new Promise((resolve) => {
      this.call.on('status', (status) => {
        this.isOver = true;
        resolve(status);
        this.wake();
      });
    });
  }

  send(message: RequestMessage): void {
    this.call.write(message);
  }

  /** The next reply; rejects where the stream ends before it. */
  async next(): Promise<ResponseMessage> {
    while (this.replies.length <= this.taken) {
      if (this.isOver) throw new Error(`the stream ended: ${JSON.stringify(await this.status)}`);
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    this.taken += 1;
    return this.replies[this.taken - 1] as ResponseMessage;
  }

  ask(message: RequestMessage): Promise<ResponseMessage> {
    this.send(message);
    return this.next();
  }
}

/** A whole exchange, ended as Envoy's graceful mode ends it: the reply that decides, and the status. */
export async function exchange(
  client: Client,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): Promise<ResponseMessage> {
  const stream = new ProcessStream(client);
  const first = await stream.ask(headMessage(headers));
  const reply = first.response === 'immediate_response' ? first : await stream.ask(bodyMessage(body));
  stream.call.end();
  const { code, details } = await stream.status;
  if (code !== 0) throw new Error(`the stream ended with ${code}: ${details}`);
  return reply;
}
