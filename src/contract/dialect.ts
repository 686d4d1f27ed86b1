// The API dialects that applications and providers speak. Everything that differs by dialect is keyed by these types.

/**
 * OpenAI Chat Completions, OpenAI Responses, Anthropic Messages, Gemini generateContent: what applications may send.
 */
export type ClientDialect = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini';

/** What providers may be asked in: the same, and AWS Bedrock Converse. */
export type Dialect = ClientDialect | 'bedrock-converse';

export const CLIENT_DIALECTS: readonly ClientDialect[] = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini',
];

export const DIALECTS: readonly Dialect[] = [...CLIENT_DIALECTS, 'bedrock-converse'];

/** How a provider deviates from the vendor whose dialect it speaks; said by the catalogue, obeyed by the encoders. */
export type Quirk =
  /** Chat Completions: takes `max_completion_tokens`; without it the older `max_tokens`, which all others know. */
  | 'max-completion-tokens'
  /** Chat Completions: knows the role `developer`; without it `system` is sent. */
  | 'developer-role'
  /** Chat Completions: refuses `stream_options`, so usage cannot be asked for. */
  | 'no-stream-options';
