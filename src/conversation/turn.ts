// The part of a conversation that routing needs; conversation-request.ts has the whole of it.

export interface Turn {
  readonly role: 'user' | 'assistant';
  /** Never empty. */
  readonly text: string;
}
