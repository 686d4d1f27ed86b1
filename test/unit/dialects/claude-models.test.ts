// Which settings a Claude model takes, by its id.

import { describe, expect, test } from 'vitest';
import { type ClaudeModel, claudeModel } from '../../../src/dialects/claude-models.ts';

describe('thinking', () => {
  test.each<[string, ClaudeModel['thinking'], ClaudeModel['off']]>([
    ['claude-3-5-sonnet-20241022', 'none', 'disabled'],
    ['anthropic.claude-v2:1', 'none', 'disabled'],
    ['claude-3-7-sonnet-latest', 'budget', 'disabled'],
    ['claude-sonnet-4-20250514', 'budget', 'disabled'],
    ['claude-opus-4-1@20250805', 'budget', 'disabled'],
    ['claude-haiku-4-5-20251001', 'budget', 'disabled'],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'budget', 'disabled'],
    ['anthropic.claude-opus-4-6-v1:0', 'either', 'disabled'],
    ['anthropic/claude-sonnet-4.6', 'either', 'disabled'],
    ['claude-opus-4-7', 'adaptive', 'disabled'],
    ['claude-opus-4-8', 'adaptive', 'disabled'],
    ['claude-mythos-preview', 'adaptive', 'never'],
    ['claude-opus-5', 'adaptive', 'disabled'],
    ['claude-fable-5', 'adaptive', 'never'],
    ['claude-opus-5-5', 'adaptive', 'never'],
    ['claude-sonnet-5-5', 'adaptive', 'between_tools'],
    ['global.anthropic.claude-haiku-5-5', 'adaptive', 'disabled'],
    ['claude-haiku-6', 'adaptive', 'never'],
    ['claude-opus-latest', 'adaptive', 'never'],
    ['deepseek-chat', 'budget', 'disabled'],
  ])('of %s is %s, switched off by %s', (modelId, thinking, off) => {
    expect(claudeModel(modelId)).toMatchObject({ thinking, off });
  });

  test('is on unasked from 5 on, and hides its text from 4.7 on', () => {
    expect(claudeModel('claude-sonnet-5')).toMatchObject({ thinksUnasked: true, hidesThinking: true });
    expect(claudeModel('claude-opus-4-7')).toMatchObject({ thinksUnasked: false, hidesThinking: true });
    expect(claudeModel('claude-opus-4-6')).toMatchObject({ thinksUnasked: false, hidesThinking: false });
  });
});

test.each<[string, readonly string[]]>([
  ['claude-sonnet-4-5', []],
  ['claude-opus-4-5-20251101', ['low', 'medium', 'high']],
  ['claude-sonnet-4-6', ['low', 'medium', 'high', 'max']],
  ['claude-opus-4-7', ['low', 'medium', 'high', 'xhigh', 'max']],
])('%s takes the efforts %j', (modelId, efforts) => {
  expect(claudeModel(modelId).efforts).toEqual(efforts);
});

test.each<[string, number]>([
  ['claude-3-haiku-20240307', 4096],
  ['claude-3-5-sonnet-20241022', 8192],
  ['claude-3-7-sonnet-latest', 64_000],
  ['claude-opus-4-1', 32_000],
  ['claude-sonnet-4-20250514', 64_000],
  ['claude-opus-4-5', 64_000],
  ['claude-opus-4-6', 128_000],
  ['claude-fable-5-1', 128_000],
  ['glm-4.6', Number.POSITIVE_INFINITY],
])('%s answers with %i tokens at most', (modelId, mostTokens) => {
  expect(claudeModel(modelId)).toMatchObject({ mostTokens });
});

test.each<[string, ClaudeModel['sampling'], boolean]>([
  ['claude-sonnet-4-0', 'both', true],
  ['claude-opus-4-1', 'one', true],
  ['claude-opus-4-6', 'one', false],
  ['claude-opus-4-7', 'none', false],
  ['claude-mythos-preview', 'none', false],
  ['glm-4.6', 'both', true],
])('%s takes %s of temperature and top_p; prefill: %s', (modelId, sampling, takesPrefill) => {
  expect(claudeModel(modelId)).toMatchObject({ sampling, takesPrefill });
});

test.each([
  ['claude-opus-5', true, true],
  ['claude-sonnet-5', true, false],
  ['claude-fable-5', true, true],
  ['claude-fable-5-1', false, true],
  ['claude-opus-5-5', false, true],
  ['claude-opus-4-7', true, false],
])(
  '%s can be forced to call a tool: %s; takes instructions in mid-conversation: %s',
  (modelId, forced, system) => {
    expect(claudeModel(modelId)).toMatchObject({ takesForcedTools: forced, takesSystemTurns: system });
  },
);
