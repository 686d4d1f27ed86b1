// Keeps what a translated request asks until its answer is known. Whoever makes the attempt does so before it goes out.

import type { ConversationStore } from '../store/conversation-store.ts';
import { DIALECT_MODULES } from '../translate/dialect-modules.ts';
import type { ClientRequest } from './client-request.ts';

/** False: it could not be kept, and nothing must be promised. */
export function beginConversation(
  store: ConversationStore | undefined,
  { dialect, body, keepAs }: ClientRequest,
): Promise<boolean> {
  const { resumption } = DIALECT_MODULES[dialect];
  if (store === undefined || resumption === undefined || keepAs === undefined) return Promise.resolve(false);
  return store.begin(keepAs, resumption.inputOf(body));
}
