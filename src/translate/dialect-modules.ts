// Every dialect's module by its name: the one place that knows them all.

import type { Dialect } from '../contract/dialect.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import type { ClientDialectModule } from '../dialects/client-dialect.ts';
import type { DialectModule } from '../dialects/dialect-module.ts';
import { openaiChat } from '../dialects/openai-chat/index.ts';
import { openaiResponses } from '../dialects/openai-responses/index.ts';
import type { ProviderDialectModule } from '../dialects/provider-dialect.ts';

export const DIALECT_MODULES: Readonly<Record<Dialect, DialectModule>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
};

/** The dialects that requests can be translated from and to. */
const TRANSLATORS: Readonly<Partial<Record<Dialect, ClientDialectModule & ProviderDialectModule>>> = {
  'openai-chat': openaiChat,
  'anthropic-messages': anthropicMessages,
};

export function isTranslated(dialect: Dialect): boolean {
  return TRANSLATORS[dialect] !== undefined;
}

/** Of a dialect for which `isTranslated` holds. */
export function translatorOf(dialect: Dialect): ClientDialectModule & ProviderDialectModule {
  const module = TRANSLATORS[dialect];
  if (module === undefined) throw new Error(`${dialect} is not translated`);
  return module;
}
