// The store that the configuration wants. Called by what puts a worker together.

import type { Log } from '../telemetry/log.ts';
import type { ConversationStore } from './conversation-store.ts';
import { RedisClient } from './redis-client.ts';
import { RedisConversations } from './redis-conversations.ts';
import { RedisError } from './resp-decoder.ts';

export type ConversationSettings =
  | { readonly type: 'none' }
  | { readonly type: 'memory' }
  | { readonly type: 'redis'; readonly url: string; readonly ttl: number; readonly timeout: number };

export interface ConversationParts {
  /** The memory that all workers share. */
  readonly shared: ConversationStore;
  readonly count: (name: string, labels: Record<string, string>) => void;
  readonly log: Log;
}

/** Undefined where nothing is kept. */
export function openConversations(
  settings: ConversationSettings,
  { shared, count, log }: ConversationParts,
): ConversationStore | undefined {
  if (settings.type === 'none') return undefined;
  if (settings.type === 'memory') return shared;
  let isAway = false;
  return new RedisConversations({
    client: new RedisClient(settings),
    ttl: settings.ttl,
    onFailure: (operation, cause) => {
      count('pointsman_conversation_store_failures_total', { operation });
      if (!isAway) log('warn', 'Redis does not keep conversations', { cause: describe(cause) });
      isAway = true;
    },
    onAnswer: () => {
      if (isAway) log('info', 'Redis keeps conversations again');
      isAway = false;
    },
  });
}

/** Of what Redis says, only which error it is. A host with several addresses fails with a code alone. */
function describe(cause: unknown): string {
  if (cause instanceof RedisError) return cause.code;
  if (!(cause instanceof Error)) return String(cause);
  return cause.message === '' ? `${(cause as NodeJS.ErrnoException).code}` : cause.message;
}
