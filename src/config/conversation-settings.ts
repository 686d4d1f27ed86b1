// conversation_store, and Plano's names for it: where answers are kept that later requests may go on from. Called by
// load-config.ts.

import type { ConfigFile } from './config-file.ts';
import type { ConversationsConfig } from './gateway-config.ts';
import type { LoadContext } from './load-context.ts';
import { isMapping } from './schema.ts';

const DEFAULT_TTL = 3_600_000;
const DEFAULT_BYTES = 64 * 1024 * 1024;
const DEFAULT_ENTRIES = 100_000;
const DEFAULT_TIMEOUT = 1000;
/** Envoy waits 5 s for the service, beside the decision; a request may ask the store twice. */
const LONGEST_TIMEOUT = 2000;
const URL_HINT =
  'write redis://HOST:PORT, or rediss:// for TLS, with user:password@ before the host where it wants them';

/** Plano's: a conversation is kept in memory or in Postgres. */
const PLANO_KEYS = ['state_storage', 'state_storage_v1_responses'] as const;

export function readConversations(file: ConfigFile, context: LoadContext): ConversationsConfig {
  const { conversation_store: block } = file;
  warnAboutPlano(file, context);
  const ttl = block?.ttl ?? DEFAULT_TTL;
  if (block?.type === 'none') return { type: 'none' };
  if (block?.type !== 'redis') {
    for (const key of ['url', 'timeout'] as const) {
      if (block?.[key] !== undefined)
        context.warn(
          `conversation_store.${key}: not used without type: redis; conversations are kept in memory`,
        );
    }
    return {
      type: 'memory',
      ttl,
      maxBytes: block?.max_bytes ?? DEFAULT_BYTES,
      maxEntries: block?.max_entries ?? DEFAULT_ENTRIES,
    };
  }
  for (const key of ['max_bytes', 'max_entries'] as const) {
    if (block[key] !== undefined)
      context.warn(`conversation_store.${key}: not used with type: redis; bound Redis by its own maxmemory`);
  }
  const timeout = block.timeout ?? DEFAULT_TIMEOUT;
  if (timeout > LONGEST_TIMEOUT) {
    context.problems.add(
      ['conversation_store', 'timeout'],
      'no request may wait so long for what was kept',
      'write at most 2s',
    );
  }
  return {
    type: 'redis',
    ttl,
    url: readUrl(block.url, context),
    timeout,
  };
}

/** The URL itself is never part of a message: it may hold a password. */
function readUrl(written: string | undefined, { problems, unsetVariables }: LoadContext): string {
  const path = ['conversation_store', 'url'];
  if (unsetVariables(path).length > 0 || problems.has(path)) return '';
  if (written === undefined) {
    problems.add(path, 'this key is missing', URL_HINT);
    return '';
  }
  const url = URL.canParse(written) ? new URL(written) : undefined;
  const isRedis = url?.protocol === 'redis:' || url?.protocol === 'rediss:';
  if (!isRedis || url.hostname === '' || !/^(\/\d{0,4})?$/.test(url.pathname)) {
    problems.add(path, 'this is no URL of a Redis server', URL_HINT);
  }
  return written;
}

function warnAboutPlano(file: ConfigFile, context: LoadContext): void {
  for (const key of PLANO_KEYS) {
    const block = file[key];
    if (block === undefined) continue;
    if (file.conversation_store !== undefined) {
      context.warn(`${key}: not used where conversation_store is set`);
    } else if (!isMapping(block) || block['type'] !== 'memory') {
      context.warn(
        `${key}: only type: memory is supported; conversations are kept in memory, shared by the workers of one instance. conversation_store: {type: redis} keeps them for several`,
      );
    }
  }
}
