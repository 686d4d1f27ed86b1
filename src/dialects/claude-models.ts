// What differs between Claude's generations, told by the model's id in every vendor's spelling: `claude-opus-4-6`,
// `anthropic.claude-opus-4-6-v1:0`, `claude-opus-4-5@20251101`, `anthropic/claude-opus-4.6`.
// https://platform.claude.com/docs/en/build-with-claude/thinking, …/effort, …/mid-conversation-system-messages and
// https://platform.claude.com/docs/en/models/opus-5-5/migration-guide

import type { ReasoningEffort } from '../conversation/conversation-request.ts';

export interface ClaudeModel {
  /** `thinking: {type: 'adaptive'}`, `{type: 'enabled'}` with a budget, either of them, or no thinking at all. */
  readonly thinking: 'adaptive' | 'either' | 'budget' | 'none';
  /** It thinks where the request says nothing of it. */
  readonly thinksUnasked: boolean;
  /** Thinking comes without its text unless `display` asks for it. */
  readonly hidesThinking: boolean;
  /** The `thinking.type` that switches it off. */
  readonly off: 'disabled' | 'between_tools' | 'never';
  /** `output_config.effort`; ascending. */
  readonly efforts: readonly ReasoningEffort[];
  /** `temperature` and `top_p`: both, one of the two, or (with `top_k`) none at all. */
  readonly sampling: 'both' | 'one' | 'none';
  /** The largest `max_tokens`: https://platform.claude.com/docs/en/about-claude/models/overview */
  readonly mostTokens: number;
  /** Goes on from an assistant's turn at the end. */
  readonly takesPrefill: boolean;
  readonly takesForcedTools: boolean;
  /** Instructions in mid-conversation, as turns of role `system`. */
  readonly takesSystemTurns: boolean;
}

/** Also of models that are no Claude: others speak Anthropic's API too, as it was before Claude 4.1. */
const FIRST: ClaudeModel = {
  thinking: 'budget',
  thinksUnasked: false,
  hidesThinking: false,
  off: 'disabled',
  efforts: [],
  sampling: 'both',
  mostTokens: Number.POSITIVE_INFINITY,
  takesPrefill: true,
  takesForcedTools: true,
  takesSystemTurns: false,
};

const ALL_EFFORTS: readonly ReasoningEffort[] = ['low', 'medium', 'high', 'xhigh', 'max'];

interface Change {
  /** Version ×100: 4.6 is 406. */
  readonly from: number;
  /** The first version that it no longer holds for. */
  readonly until?: number;
  readonly families?: readonly string[];
  readonly change: Partial<ClaudeModel>;
}

/** In order: later ones win. What is newer than the newest here counts as the strictest of them. */
const CHANGES: readonly Change[] = [
  { from: 0, change: { thinking: 'none', mostTokens: 4096 } },
  { from: 305, change: { mostTokens: 8192 } },
  { from: 307, change: { thinking: 'budget', mostTokens: 64_000 } },
  { from: 400, until: 402, families: ['opus'], change: { mostTokens: 32_000 } },
  { from: 401, change: { sampling: 'one' } },
  { from: 405, families: ['opus'], change: { efforts: ['low', 'medium', 'high'] } },
  {
    from: 406,
    change: {
      thinking: 'either',
      efforts: ['low', 'medium', 'high', 'max'],
      mostTokens: 128_000,
      takesPrefill: false,
    },
  },
  {
    from: 407,
    change: { thinking: 'adaptive', hidesThinking: true, efforts: ALL_EFFORTS, sampling: 'none' },
  },
  { from: 408, change: { takesSystemTurns: true } },
  { from: 500, change: { thinksUnasked: true } },
  { from: 500, until: 501, families: ['sonnet'], change: { takesSystemTurns: false } },
  { from: 500, families: ['fable', 'mythos'], change: { off: 'never' } },
  { from: 501, families: ['fable', 'mythos'], change: { takesForcedTools: false } },
  { from: 505, families: ['opus'], change: { off: 'never', takesForcedTools: false } },
  { from: 505, families: ['sonnet'], change: { off: 'between_tools' } },
  { from: 506, change: { off: 'never', takesForcedTools: false } },
];

const MYTHOS_PREVIEW: ClaudeModel = {
  ...FIRST,
  thinking: 'adaptive',
  thinksUnasked: true,
  hidesThinking: true,
  off: 'never',
  efforts: ['low', 'medium', 'high', 'max'],
  sampling: 'none',
  mostTokens: 128_000,
  takesPrefill: false,
};

/** A number of one or two digits is a version, a longer one a date. */
const VERSION = /claude-(?:([a-z]+)-)?v?(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)(?:-([a-z]{3,}))?/;

export function claudeModel(modelId: string): ClaudeModel {
  const id = modelId.toLowerCase();
  if (!id.includes('claude')) return FIRST;
  if (id.includes('mythos-preview')) return MYTHOS_PREVIEW;
  const found = VERSION.exec(id);
  const version = found === null ? Number.POSITIVE_INFINITY : Number(found[2]) * 100 + Number(found[3] ?? 0);
  const family = found?.[1] ?? found?.[4] ?? '';
  const changes = CHANGES.filter(
    ({ from, until, families }) =>
      version >= from &&
      (until === undefined || version < until) &&
      (families === undefined || families.includes(family)),
  );
  return Object.assign({ ...FIRST }, ...changes.map(({ change }) => change));
}
