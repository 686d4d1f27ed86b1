// The frame of each dialect's requests, so that a case holds only what it is about. All ask for at most 1024 tokens.

type Members = Readonly<Record<string, unknown>>;

export const chat = (messages: readonly object[], more: Members = {}): object => ({
  model: 'auto',
  messages,
  max_completion_tokens: 1024,
  ...more,
});

export const responses = (input: string | readonly object[], more: Members = {}): object => ({
  model: 'auto',
  input,
  max_output_tokens: 1024,
  store: false,
  ...more,
});

export const messages = (turns: readonly object[], more: Members = {}): object => ({
  model: 'auto',
  max_tokens: 1024,
  messages: turns,
  ...more,
});

export const gemini = (contents: readonly object[], config: Members = {}, more: Members = {}): object => ({
  contents,
  generationConfig: { maxOutputTokens: 1024, ...config },
  ...more,
});

/** One user's turn in each. */
export const user = (text: string): object => ({ role: 'user', content: text });
export const content = (text: string): object => ({ role: 'user', parts: [{ text }] });
