// The part of a conversation that routing needs. The full neutral model of requests and answers grows beside it.

export interface Turn {
  readonly role: 'user' | 'assistant';
  /** Never empty. */
  readonly text: string;
}
