// The API dialects that applications and providers speak. Everything that differs by dialect is keyed by this type.

/** OpenAI Chat Completions, OpenAI Responses, Anthropic Messages, Gemini generateContent. */
export type Dialect = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini';

export const DIALECTS: readonly Dialect[] = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini',
];
