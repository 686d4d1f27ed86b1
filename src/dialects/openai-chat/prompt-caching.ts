// Breakpoints of the prompt cache: Anthropic's `cache_control`, which OpenRouter, LiteLLM and others who speak Chat take for
// Claude on parts, tools and requests. https://openrouter.ai/docs/features/prompt-caching

import type { CacheControl } from '../../conversation/part.ts';
import type { JsonObject } from '../../json/json-value.ts';

export function takesBreakpoints(modelId: string): boolean {
  return /claude/i.test(modelId);
}

/** For spreading. */
export function encodeBreakpoint(cache: CacheControl | undefined, isTaken: boolean): JsonObject {
  if (cache === undefined || !isTaken) return {};
  const { ttl } = cache;
  return { cache_control: { type: 'ephemeral', ...(ttl === undefined ? {} : { ttl }) } };
}
