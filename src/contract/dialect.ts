// The API dialects that applications and providers speak. Everything that differs by dialect is keyed by these types.

/** OpenAI Chat Completions, OpenAI Responses, Anthropic Messages, Gemini generateContent: what clients may speak. */
export type ClientDialect = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini';

/** Also what only providers speak: AWS Bedrock's Converse. */
export type Dialect = ClientDialect | 'bedrock-converse';

export const DIALECTS: readonly Dialect[] = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'gemini',
  'bedrock-converse',
];
