// What Bedrock is asked: settings, by what the model's family takes.

import { describe, expect, test } from 'vitest';
import type { ConversationRequest } from '../../../../src/conversation/conversation-request.ts';
import { accepted, assistant, call, encode, HI, HI_ON_WIRE, result, text } from './support.ts';

const OPUS_47 = 'global.anthropic.claude-opus-4-7';
const OPUS_46 = 'us.anthropic.claude-opus-4-6-v1';
const HAIKU_45 = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const NOVA = 'amazon.nova-lite-v1:0';
const LLAMA = 'us.meta.llama4-maverick-17b-instruct-v1:0';
const PROFILE = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3';
const BUDGET = { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2048 } } };

describe('the body', () => {
  test('has every member that the dialect has a place for', async () => {
    const { body, warnings } = await accepted({
      messages: [{ role: 'system', parts: [{ type: 'text', text: 'be brief' }] }, HI],
      maxTokens: 10,
      temperature: 0.5,
      topP: 0.9,
      topK: 4,
      stop: ['END', ' '],
      user: 'u-1',
      metadata: { team: 'a' },
      serviceTier: 'priority',
    });
    expect(body).toEqual({
      messages: [HI_ON_WIRE],
      system: [{ text: 'be brief' }],
      inferenceConfig: { maxTokens: 10, temperature: 0.5, topP: 0.9, stopSequences: ['END'] },
      additionalModelRequestFields: { top_k: 4 },
      additionalModelResponseFieldPaths: ['/stop_sequence', '/delta/stop_sequence'],
      requestMetadata: { user: 'u-1', team: 'a' },
      serviceTier: { type: 'priority' },
    });
    expect(warnings).toEqual([{ param: 'stop', message: 'a sequence of white space is not sent' }]);
  });

  test('has nothing that was not asked for: model and streaming are in the path', () => {
    expect(encode({})).toEqual({ body: { messages: [HI_ON_WIRE] }, warnings: [] });
  });

  test('is the same every time', () => {
    const request = { messages: [HI, assistant(call('a', 'f')), result('a', 'r')], metadata: { b: 'c' } };
    expect(JSON.stringify(encode(request).body)).toBe(JSON.stringify(encode(request).body));
  });

  test('lacks what Bedrock cannot be told, and says so', () => {
    const { body, warnings } = encode({
      seed: 1,
      frequencyPenalty: 0.5,
      presencePenalty: 0.5,
      logprobs: { top: 1 },
      cacheKey: 'k',
      answers: 2,
      format: { type: 'json' },
      temperature: 1.5,
      metadata: { 'a;b': 'c' },
      vendor: { dialect: 'openai-chat', members: { logit_bias: {} } },
    });
    expect(body).toEqual({ messages: [HI_ON_WIRE], inferenceConfig: { temperature: 1 } });
    expect(warnings.map(({ param }) => param)).toEqual([
      'logit_bias',
      'seed',
      'frequency_penalty',
      'presence_penalty',
      'logprobs',
      'prompt_cache_key',
      'n',
      'response_format',
      'temperature',
      'metadata.a;b',
    ]);
  });

  test('does not warn of what loses nothing', () => {
    const request = { answers: 1, frequencyPenalty: 0, presencePenalty: 0, serviceTier: 'auto' } as const;
    expect(encode(request)).toEqual({ body: { messages: [HI_ON_WIRE] }, warnings: [] });
  });

  test('has the schema of the answer as text, in the part that Bedrock compiles', async () => {
    const { body, warnings } = await accepted({
      format: {
        type: 'json-schema',
        name: 'city',
        description: 'd',
        schema: {
          type: 'object',
          properties: {
            n: { type: 'integer', minimum: 1 },
            of: { oneOf: [{ type: 'string', maxLength: 3 }] },
          },
          required: ['n'],
        },
      },
    });
    const { structure } = (
      body['outputConfig'] as { textFormat: { structure: { jsonSchema: { schema: string } } } }
    ).textFormat;
    expect(structure.jsonSchema).toMatchObject({ name: 'city', description: 'd' });
    expect(JSON.parse(structure.jsonSchema.schema)).toEqual({
      type: 'object',
      properties: { n: { type: 'integer' }, of: { anyOf: [{ type: 'string' }] } },
      required: ['n'],
      additionalProperties: false,
    });
    expect(warnings).toEqual([
      {
        param: 'response_format',
        message: 'the schema is not held to minimum, maxLength, which bedrock-converse does not know',
      },
    ]);
  });
});

describe('sampling', () => {
  const SAMPLED = { temperature: 0.5, topP: 0.9, topK: 4 };

  test.each<[string, object, string[]]>([
    [
      HAIKU_45,
      { inferenceConfig: { temperature: 0.5 }, additionalModelRequestFields: { top_k: 4 } },
      ['top_p'],
    ],
    [OPUS_47, {}, ['temperature', 'top_p', 'top_k']],
    [
      NOVA,
      {
        inferenceConfig: { temperature: 0.5, topP: 0.9 },
        additionalModelRequestFields: { inferenceConfig: { topK: 4 } },
      },
      [],
    ],
    [LLAMA, { inferenceConfig: { temperature: 0.5, topP: 0.9 } }, ['top_k']],
    [PROFILE, { inferenceConfig: { temperature: 0.5, topP: 0.9 } }, ['top_k']],
  ])('of %s is what that model takes', async (modelId, expected, warned) => {
    const { body, warnings } = await accepted(SAMPLED, modelId);
    expect(body).toEqual({ messages: [HI_ON_WIRE], ...expected });
    expect(warnings.map(({ param }) => param)).toEqual(warned);
  });
});

describe('thinking', () => {
  test.each<[string, NonNullable<ConversationRequest['reasoning']>, object]>([
    ['anthropic.claude-3-7-sonnet-20250219-v1:0', { effort: 'low' }, BUDGET],
    ['us.anthropic.claude-sonnet-4-20250514-v1:0', { budgetTokens: 2048 }, BUDGET],
    ['anthropic.claude-sonnet-4-5-20250929-v1:0', { effort: 'low' }, BUDGET],
    [OPUS_46, { budgetTokens: 2048 }, BUDGET],
    [
      OPUS_46,
      { effort: 'max' },
      { additionalModelRequestFields: { thinking: { type: 'adaptive' } }, outputConfig: { effort: 'max' } },
    ],
    [OPUS_47, { adaptive: true }, { additionalModelRequestFields: { thinking: { type: 'adaptive' } } }],
    [
      OPUS_47,
      { effort: 'low', visible: true },
      {
        additionalModelRequestFields: { thinking: { type: 'adaptive', display: 'summarized' } },
        outputConfig: { effort: 'low' },
      },
    ],
    [
      'anthropic.claude-mythos-preview',
      { effort: 'high' },
      { additionalModelRequestFields: { thinking: { type: 'adaptive' } }, outputConfig: { effort: 'high' } },
    ],
    [OPUS_47, { effort: 'none' }, {}],
    [NOVA, { effort: 'none' }, {}],
    [
      'us.amazon.nova-2-lite-v1:0',
      { effort: 'medium' },
      {
        additionalModelRequestFields: { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'medium' } },
      },
    ],
    [
      'openai.gpt-oss-120b-1:0',
      { effort: 'minimal' },
      { additionalModelRequestFields: { reasoning_effort: 'low' } },
    ],
  ])('%s, asked for %j', async (modelId, reasoning, expected) => {
    const { body, warnings } = await accepted({ reasoning }, modelId);
    expect(body).toEqual({ messages: [HI_ON_WIRE], ...expected });
    expect(warnings).toEqual([]);
  });

  test.each([LLAMA, PROFILE, NOVA, 'anthropic.claude-3-5-sonnet-20241022-v2:0'])(
    'is not asked of %s, which is said',
    (modelId) => {
      const { body, warnings } = encode({ reasoning: { effort: 'high' } }, modelId);
      expect(body).toEqual({ messages: [HI_ON_WIRE] });
      expect(warnings.map(({ param }) => param)).toEqual(['reasoning']);
    },
  );

  test('leaves room for the answer, and takes no sampling', async () => {
    const { body, warnings } = await accepted({
      reasoning: { budgetTokens: 4096 },
      maxTokens: 500,
      temperature: 0.2,
      topP: 1,
      topK: 3,
    });
    expect(body).toEqual({
      messages: [HI_ON_WIRE],
      inferenceConfig: { maxTokens: 1025, topP: 1 },
      additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } },
    });
    expect(warnings.map(({ param }) => param)).toEqual([
      'thinking.budget_tokens',
      'max_tokens',
      'temperature',
      'top_k',
    ]);
  });

  test('is off where a tool is forced, which some models do not take at all', async () => {
    const forced = { tools: [{ type: 'function', name: 'f' }], toolChoice: { type: 'required' } } as const;
    const { body } = await accepted({ ...forced, reasoning: { budgetTokens: 2048 } });
    expect(body).not.toHaveProperty('additionalModelRequestFields');
    expect(body).toMatchObject({ toolConfig: { toolChoice: { any: {} } } });
    const strictest = encode(forced, 'anthropic.claude-opus-5-5');
    expect(strictest.body).toMatchObject({ toolConfig: { toolChoice: { auto: {} } } });
    expect(strictest.warnings.map(({ param }) => param)).toEqual(['tool_choice']);
  });

  test('is switched off where it is on by itself, and only there', () => {
    const off = { reasoning: { effort: 'none' } } as const;
    expect(encode(off, 'anthropic.claude-opus-5').body).toMatchObject({
      additionalModelRequestFields: { thinking: { type: 'disabled' } },
    });
    for (const modelId of [OPUS_47, OPUS_46, HAIKU_45])
      expect(encode(off, modelId).body).not.toHaveProperty('additionalModelRequestFields');
  });

  test('is off in a tool loop whose thoughts did not come back', () => {
    const messages = [HI, assistant(text('a'), call('c1', 'f')), result('c1', 'r')];
    const { body, warnings } = encode({ messages, reasoning: { budgetTokens: 2048 } });
    expect(body).not.toHaveProperty('additionalModelRequestFields');
    expect(warnings).toContainEqual({
      param: 'reasoning',
      message: 'off: the thoughts before the tool calls did not come back',
    });
    // A model that thinks as it likes takes it: https://docs.claude.com/en/docs/build-with-claude/adaptive-thinking
    expect(encode({ messages, reasoning: { effort: 'low' } }, OPUS_47).body).toHaveProperty(
      'additionalModelRequestFields',
    );
  });

  test('goes on in a tool loop whose thoughts came back', () => {
    const signature = { dialect: 'anthropic-messages', value: 'Eq==' } as const;
    const thought = { type: 'reasoning', text: 'hm', signature } as const;
    const messages = [HI, assistant(thought, call('c1', 'f')), result('c1', 'r')];
    expect(encode({ messages, reasoning: { budgetTokens: 2048 } }).body).toMatchObject(BUDGET);
  });
});
