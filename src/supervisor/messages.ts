// What the supervisor and its child processes say to each other over Node's process channel (structured clone).

import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Route } from '../contract/route.ts';
import type { Pin } from '../decide/affinity.ts';
import type { RouterAnswer, RouterFailure, RouterQuestion } from '../decide/intent-router.ts';
import type { ListenAddress } from '../extproc/grpc-server.ts';
import type { Conversation } from '../store/conversation-store.ts';
import type { Increments } from '../telemetry/counters.ts';
import type { LogFields, LogLevel } from '../telemetry/log.ts';

/** The first message to a worker: all it needs. The configuration holds keys, so it comes by no argument or file. */
export interface WorkerStart {
  readonly type: 'start';
  readonly config: GatewayConfig;
  readonly address: ListenAddress;
}

/** The first message to the process that holds the embedded model. */
export interface EmbeddedStart {
  readonly type: 'start';
  readonly modelDirectory: string;
  readonly threshold: number;
  /** Encoded before it is ready, so that the first request finds them done. */
  readonly routes: readonly Route[];
}

/** Asks the child to finish what it has and exit. */
export interface Stop {
  readonly type: 'stop';
}

/** Tells a worker which Envoy to end, should the supervisor die without ending it. */
export interface EnvoyPid {
  readonly type: 'envoy-pid';
  readonly pid: number;
}

export interface Ready {
  readonly type: 'ready';
}

export interface LogMessage {
  readonly type: 'log';
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

export interface CountMessage {
  readonly type: 'count';
  readonly increments: Increments;
}

/** Calls that a worker makes; answered by a CallAnswer with the same id. */
export type Call =
  | { readonly type: 'decide'; readonly id: number; readonly question: RouterQuestion }
  | { readonly type: 'get-pin'; readonly id: number; readonly sessionId: string }
  | { readonly type: 'pin-if-absent'; readonly id: number; readonly sessionId: string; readonly pin: Pin }
  | {
      readonly type: 'begin-conversation';
      readonly id: number;
      readonly key: string;
      readonly input: Uint8Array;
    }
  | {
      readonly type: 'complete-conversation';
      readonly id: number;
      readonly key: string;
      readonly answer: Uint8Array;
    }
  | { readonly type: 'find-conversation' | 'remove-conversation'; readonly id: number; readonly key: string };

/** The caller no longer waits. */
export interface CancelCall {
  readonly type: 'cancel';
  readonly id: number;
}

export type CallResult =
  | { readonly type: 'answer'; readonly answer: RouterAnswer }
  | { readonly type: 'pin'; readonly pin: Pin | undefined }
  | { readonly type: 'conversation'; readonly conversation: Conversation | undefined }
  /** Whether a conversation was kept, or removed. */
  | { readonly type: 'done'; readonly done: boolean }
  | { readonly type: 'failure'; readonly failure: RouterFailure; readonly message: string };

export interface CallAnswer {
  readonly type: 'call-answer';
  readonly id: number;
  readonly result: CallResult;
}

export type ToWorker = WorkerStart | Stop | EnvoyPid | CallAnswer;
export type FromWorker = Ready | LogMessage | CountMessage | Call | CancelCall;
export type ToEmbedded = EmbeddedStart | Stop | Call | CancelCall;
export type FromEmbedded = Ready | LogMessage | CallAnswer;
