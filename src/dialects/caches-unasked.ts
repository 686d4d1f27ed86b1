// Models whose vendors cache prompts by themselves, so that a breakpoint of the cache that is left out costs nothing:
// https://openrouter.ai/docs/features/prompt-caching, https://ai.google.dev/gemini-api/docs/caching

import type { Warning } from '../conversation/warning.ts';

const UNASKED = /(^|\/)(gpt-|o\d|chatgpt|codex|grok|deepseek|kimi|moonshot|gemini-(2\.5|[3-9]|[a-z]))/i;

export function cachesUnasked(modelId: string): boolean {
  return UNASKED.test(modelId);
}

/** For a model that takes no breakpoints: without the warnings of them where it caches all the same. */
export function withoutNeedless(warnings: readonly Warning[], modelId: string): readonly Warning[] {
  return cachesUnasked(modelId) ? warnings.filter(({ param }) => !param.endsWith('cache_control')) : warnings;
}
