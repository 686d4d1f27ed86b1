// What Bedrock's model families take beyond what Converse names, as data: told by the model's id, which may have a region or
// an ARN before it. Where the id says nothing (an application inference profile), only what Converse names is sent.

import type { Dialect } from '../../contract/dialect.ts';
import { type ClaudeModel, claudeModel } from '../claude-models.ts';

export interface ModelFamily {
  /** Present: it is that Claude. */
  readonly claude?: ClaudeModel;
  /** How others are told to think. */
  readonly thinking: 'none' | 'unknown' | 'gpt-oss' | 'nova';
  /** Where `top_k` stands in `additionalModelRequestFields`: https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html */
  readonly topK: 'none' | 'top_k' | 'nova';
  /** https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html */
  readonly cachePoints: 'everywhere' | 'not-in-tools' | 'none';
  /** Calls one tool at a time where Claude's own `tool_choice` says so, beside what Converse names. */
  readonly limitsCalls: boolean;
  /** Tells the sequence that it stopped at, where it is asked to. */
  readonly namesStop: boolean;
}

const PLAIN: ModelFamily = {
  thinking: 'none',
  topK: 'none',
  cachePoints: 'none',
  limitsCalls: false,
  namesStop: false,
};
const UNKNOWN: ModelFamily = { ...PLAIN, thinking: 'unknown', cachePoints: 'everywhere' };
const NOVA: ModelFamily = { ...PLAIN, topK: 'nova', cachePoints: 'not-in-tools' };
const CLAUDE: ModelFamily = {
  ...PLAIN,
  topK: 'top_k',
  cachePoints: 'everywhere',
  limitsCalls: true,
  namesStop: true,
};

/** The first that fits. */
const FAMILIES: readonly (readonly [id: RegExp, family: ModelFamily])[] = [
  [/claude-(instant|v?[12]|3-(opus|sonnet|haiku))/, { ...CLAUDE, cachePoints: 'none', limitsCalls: false }],
  // Until Claude 4.1.
  [/claude-(3|[a-z]+-4(-1)?-\d{8})/, { ...CLAUDE, limitsCalls: false }],
  [/anthropic\.claude/, CLAUDE],
  [/amazon\.nova-2/, { ...NOVA, thinking: 'nova' }],
  [/amazon\.nova/, NOVA],
  [/openai\.gpt-oss/, { ...PLAIN, thinking: 'gpt-oss' }],
  [
    /(^|[./])(ai21|amazon|cohere|deepseek|google|meta|minimax|mistral|moonshotai?|nvidia|openai|qwen)\./,
    PLAIN,
  ],
];

export function familyOf(modelId: string): ModelFamily {
  const family = FAMILIES.find(([id]) => id.test(modelId))?.[1] ?? UNKNOWN;
  return isClaude(modelId) ? { ...family, claude: claudeModel(modelId) } : family;
}

/**
 * Claude's proof of a thought is valid wherever Claude runs, so it counts as Anthropic's:
 * https://docs.claude.com/en/docs/build-with-claude/extended-thinking#thinking-encryption
 */
export function signatureDialect(modelId: string): Dialect {
  return isClaude(modelId) ? 'anthropic-messages' : 'bedrock-converse';
}

function isClaude(modelId: string): boolean {
  return modelId.includes('anthropic.claude');
}
