// Answers what workers ask the supervisor: session pins and conversations from its own memory, decisions by passing them on
// to the process that holds the embedded model. Ids are made unique across workers on the way.

import type { AffinityStore } from '../decide/affinity.ts';
import type { MemoryConversations } from '../store/memory-conversations.ts';
import type { Call, CallAnswer, CallResult } from './messages.ts';

/** The part of a child process that is used here. */
export interface Correspondent {
  readonly ready: boolean;
  send(message: object): void;
}

interface OpenCall {
  readonly worker: Correspondent;
  readonly workerCallId: number;
}

export class CallDesk {
  private readonly pins: AffinityStore;
  private readonly conversations: MemoryConversations;
  private readonly embedded: Correspondent | undefined;
  private readonly open = new Map<number, OpenCall>();
  private nextId = 1;

  constructor(pins: AffinityStore, conversations: MemoryConversations, embedded: Correspondent | undefined) {
    this.pins = pins;
    this.conversations = conversations;
    this.embedded = embedded;
  }

  receive(worker: Correspondent, call: Call): void {
    switch (call.type) {
      case 'get-pin':
        reply(worker, call.id, { type: 'pin', pin: this.pins.get(call.sessionId) });
        return;
      case 'pin-if-absent':
        reply(worker, call.id, { type: 'pin', pin: this.pins.pinIfAbsent(call.sessionId, call.pin) });
        return;
      case 'begin-conversation':
        reply(worker, call.id, done(this.conversations.begin(call.key, call.input)));
        return;
      case 'complete-conversation':
        reply(worker, call.id, done(this.conversations.complete(call.key, call.answer)));
        return;
      case 'find-conversation':
        reply(worker, call.id, { type: 'conversation', conversation: this.conversations.find(call.key) });
        return;
      case 'remove-conversation':
        reply(worker, call.id, done(this.conversations.remove(call.key)));
        return;
      case 'decide': {
        if (this.embedded?.ready !== true) {
          reply(worker, call.id, failure('the embedded router is not running'));
          return;
        }
        const id = this.nextId++;
        this.open.set(id, { worker, workerCallId: call.id });
        this.embedded.send({ ...call, id });
        return;
      }
    }
  }

  /** A worker no longer waits; ids are few, so a scan is cheap. */
  cancel(worker: Correspondent, workerCallId: number): void {
    for (const [id, call] of this.open) {
      if (call.worker !== worker || call.workerCallId !== workerCallId) continue;
      this.open.delete(id);
      this.embedded?.send({ type: 'cancel', id });
      return;
    }
  }

  settle({ id, result }: CallAnswer): void {
    const call = this.open.get(id);
    if (call === undefined) return;
    this.open.delete(id);
    reply(call.worker, call.workerCallId, result);
  }

  /** The embedded process died: nobody waits for what it will never say. */
  embeddedDied(): void {
    for (const call of this.open.values())
      reply(call.worker, call.workerCallId, failure('the embedded router died'));
    this.open.clear();
  }

  workerDied(worker: Correspondent): void {
    for (const [id, call] of this.open) if (call.worker === worker) this.open.delete(id);
  }
}

function reply(worker: Correspondent, id: number, result: CallResult): void {
  worker.send({ type: 'call-answer', id, result });
}

function done(value: boolean): CallResult {
  return { type: 'done', done: value };
}

function failure(message: string): CallResult {
  return { type: 'failure', failure: 'unreachable', message };
}
