// What Bedrock's model families take beyond what Converse names, as data: told by the model's id, which may have a region or
// an ARN before it. Where the id says nothing (an application inference profile), only what Converse names is sent.

import type { Dialect } from '../../contract/dialect.ts';

export interface ModelFamily {
  /** How it is told to think: https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html */
  readonly thinking: 'none' | 'unknown' | 'budget' | 'either' | 'adaptive' | 'gpt-oss' | 'nova';
  /** Where `top_k` stands in `additionalModelRequestFields`: https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html */
  readonly topK: 'none' | 'top_k' | 'nova';
  /** Which of temperature and top_p it takes, as its vendor says of its newer models. */
  readonly sampling: 'both' | 'one' | 'none';
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
  sampling: 'both',
  cachePoints: 'none',
  limitsCalls: false,
  namesStop: false,
};
const UNKNOWN: ModelFamily = { ...PLAIN, thinking: 'unknown', cachePoints: 'everywhere' };
const NOVA: ModelFamily = { ...PLAIN, topK: 'nova', cachePoints: 'not-in-tools' };
const CLAUDE: ModelFamily = { ...PLAIN, topK: 'top_k', cachePoints: 'everywhere', namesStop: true };

/** The first that fits; of Claude's the first whose version is reached. */
const FAMILIES: readonly (readonly [id: RegExp, family: ModelFamily])[] = [
  [/amazon\.nova-2/, { ...NOVA, thinking: 'nova' }],
  [/amazon\.nova/, NOVA],
  [/openai\.gpt-oss/, { ...PLAIN, thinking: 'gpt-oss' }],
  [
    /(^|[./])(ai21|amazon|cohere|deepseek|google|meta|minimax|mistral|moonshotai?|nvidia|openai|qwen)\./,
    PLAIN,
  ],
];

/** https://docs.claude.com/en/docs/about-claude/models: from which version on. */
const CLAUDE_VERSIONS: readonly (readonly [version: number, family: ModelFamily])[] = [
  [4.7, { ...CLAUDE, thinking: 'adaptive', topK: 'none', sampling: 'none', limitsCalls: true }],
  [4.6, { ...CLAUDE, thinking: 'either', sampling: 'one', limitsCalls: true }],
  [4.5, { ...CLAUDE, thinking: 'budget', sampling: 'one', limitsCalls: true }],
  [4.1, { ...CLAUDE, thinking: 'budget', sampling: 'one' }],
  [3.7, { ...CLAUDE, thinking: 'budget' }],
  [3.5, CLAUDE],
  [0, { ...CLAUDE, cachePoints: 'none' }],
];

export function familyOf(modelId: string): ModelFamily {
  const version = claudeVersion(modelId);
  if (version !== undefined) return CLAUDE_VERSIONS.find(([from]) => version >= from)?.[1] ?? CLAUDE;
  return FAMILIES.find(([id]) => id.test(modelId))?.[1] ?? UNKNOWN;
}

/** `claude-3-7-sonnet-20250219` is 3.7, `claude-sonnet-4-20250514` is 4; a name without a number is new. */
function claudeVersion(modelId: string): number | undefined {
  const name = /anthropic\.claude-([a-z0-9-]*)/.exec(modelId)?.[1];
  if (name === undefined) return undefined;
  const [, major, minor] = /(?:^v?|-)(\d{1,2})(?:-(\d{1,2}))?(?=-|$)/.exec(name) ?? [];
  return major === undefined ? Number.POSITIVE_INFINITY : Number(`${major}.${minor ?? 0}`);
}

/**
 * Claude's proof of a thought is valid wherever Claude runs, so it counts as Anthropic's:
 * https://docs.claude.com/en/docs/build-with-claude/extended-thinking#thinking-encryption
 */
export function signatureDialect(modelId: string): Dialect {
  return claudeVersion(modelId) === undefined ? 'bedrock-converse' : 'anthropic-messages';
}
