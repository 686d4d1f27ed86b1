// Conversations in Redis, for gateways of more than one instance. Values are the plain JSON; what they may take of Redis's
// memory is Redis's own affair (maxmemory).

import type { Conversation, ConversationStore } from './conversation-store.ts';
import { StoreUnavailableError } from './conversation-store.ts';
import type { RedisClient, RedisCommand } from './redis-client.ts';
import type { RedisReply } from './resp-decoder.ts';

export interface RedisConversationsOptions {
  readonly client: Pick<RedisClient, 'ask'>;
  /** Milliseconds, counted from the answer. */
  readonly ttl: number;
  readonly onFailure: (operation: keyof ConversationStore, cause: unknown) => void;
  /** Told of every command that was answered. */
  readonly onAnswer: () => void;
}

export class RedisConversations implements ConversationStore {
  private readonly options: RedisConversationsOptions;

  constructor(options: RedisConversationsOptions) {
    this.options = options;
  }

  async begin(key: string, input: Buffer): Promise<boolean> {
    try {
      await this.ask('begin', [['SET', inputKey(key), input, 'PX', `${this.options.ttl}`]]);
      return true;
    } catch {
      return false;
    }
  }

  async complete(key: string, answer: Buffer): Promise<boolean> {
    const ttl = `${this.options.ttl}`;
    try {
      // Alone it is found by nobody, should the input be gone.
      const [hasInput] = await this.ask('complete', [
        ['PEXPIRE', inputKey(key), ttl],
        ['SET', answerKey(key), answer, 'PX', ttl],
      ]);
      return hasInput === 1;
    } catch {
      return false;
    }
  }

  async find(key: string): Promise<Conversation | undefined> {
    const [reply] = await this.ask('find', [['MGET', inputKey(key), answerKey(key)]]);
    const [input, answer] = Array.isArray(reply) ? (reply as readonly RedisReply[]) : [];
    return Buffer.isBuffer(input) && Buffer.isBuffer(answer) ? { input, answer } : undefined;
  }

  async remove(key: string): Promise<boolean> {
    const [hadAnswer] = await this.ask('remove', [
      ['DEL', answerKey(key)],
      ['DEL', inputKey(key)],
    ]);
    return hadAnswer === 1;
  }

  private async ask(
    operation: keyof ConversationStore,
    commands: readonly RedisCommand[],
  ): Promise<readonly RedisReply[]> {
    try {
      const replies = await this.options.client.ask(commands);
      this.options.onAnswer();
      return replies;
    } catch (cause) {
      this.options.onFailure(operation, cause);
      throw new StoreUnavailableError(cause);
    }
  }
}

/** In a cluster, the braces keep both on one node. */
const inputKey = (key: string): string => `pointsman:conversation:{${key}}:input`;
const answerKey = (key: string): string => `pointsman:conversation:{${key}}:answer`;
