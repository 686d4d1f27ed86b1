// Where answers are kept that a later request may go on from, and what a store must do. Used by the stages; knows no dialect:
// keys and texts come from them.

export interface Conversation {
  /** All that was asked: a JSON array of the dialect's items. */
  readonly input: Buffer;
  /** What was answered: a JSON object of the dialect. */
  readonly answer: Buffer;
}

/** A key holds a digest of the caller's credentials: who has only an answer's id finds nothing. */
export interface ConversationStore {
  /** Before the answer is known. False: it was not kept. Rejects never. */
  begin(key: string, input: Buffer): Promise<boolean>;
  /** Once the answer is whole. False: it was not kept, and nothing can go on from it. Rejects never. */
  complete(key: string, answer: Buffer): Promise<boolean>;
  /** Undefined where there is none, or no answer yet, or its time is over. Rejects with StoreUnavailableError. */
  find(key: string): Promise<Conversation | undefined>;
  /** False where there was none. Rejects with StoreUnavailableError. */
  remove(key: string): Promise<boolean>;
}

/** Nobody knows what the store holds. */
export class StoreUnavailableError extends Error {
  constructor(cause?: unknown) {
    super('the conversation store does not answer', { cause });
    this.name = 'StoreUnavailableError';
  }
}
