// Every dialect's module by its name: the one place that knows them all.

import type { ClientDialect, Dialect } from '../contract/dialect.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import { bedrockConverse } from '../dialects/bedrock-converse/index.ts';
import type { ClientDialectModule } from '../dialects/client-dialect.ts';
import { gemini } from '../dialects/gemini/index.ts';
import { openaiChat } from '../dialects/openai-chat/index.ts';
import { openaiResponses } from '../dialects/openai-responses/index.ts';
import type { ProviderDialectModule } from '../dialects/provider-dialect.ts';

export const DIALECT_MODULES: Readonly<
  Record<ClientDialect, ClientDialectModule & ProviderDialectModule> & Record<Dialect, ProviderDialectModule>
> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  gemini,
  'bedrock-converse': bedrockConverse,
};
