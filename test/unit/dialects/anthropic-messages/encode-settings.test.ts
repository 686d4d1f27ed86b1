// Schemas, thinking and sampling in what the model at hand takes.

import { describe, expect, test } from 'vitest';
import type { ConversationRequest, Message } from '../../../../src/conversation/conversation-request.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { freeze } from '../openai-chat/freeze.ts';

const HI: Message = { role: 'user', parts: [{ type: 'text', text: 'hi' }] };
const OLD = 'claude-sonnet-4-20250514';
const NEW = 'claude-opus-4-8';

function encode(request: Partial<ConversationRequest>, modelId = OLD) {
  const target = { modelId, stream: false, asksForUsage: true };
  return anthropicMessages.encodeRequest(freeze({ messages: [HI], ...request }), target);
}
const bodyOf = (request: Partial<ConversationRequest>, modelId = OLD) => encode(request, modelId).body;

describe('schemas', () => {
  const schema: JsonObject = {
    type: 'object',
    properties: {
      a: { type: 'integer', minimum: 1 },
      b: {
        oneOf: [
          { type: 'string', format: 'zip' },
          { type: 'object', additionalProperties: true },
        ],
      },
      minimum: { type: 'array', minItems: 2, items: { type: 'string', format: 'date' } },
    },
  };
  const adapted = {
    type: 'object',
    properties: {
      a: { type: 'integer' },
      b: { anyOf: [{ type: 'string' }, { type: 'object', additionalProperties: false }] },
      minimum: { type: 'array', items: { type: 'string', format: 'date' } },
    },
    additionalProperties: false,
  };
  const message =
    'the schema is not held to minimum, format, additionalProperties, minItems, which anthropic-messages does not know';

  test('of answers lose what the vendor refuses, with one warning', () => {
    const { body, warnings } = encode({ format: { type: 'json-schema', name: 'n', schema } });
    expect(body['output_config']).toEqual({ format: { type: 'json_schema', schema: adapted } });
    expect(warnings).toEqual([{ param: 'response_format', message }]);
  });

  test('of strict tools do too, those of others stay as they are', () => {
    const tool = { type: 'function', name: 'f', parameters: schema } as const;
    const { body, warnings } = encode({ tools: [{ ...tool, strict: true }, tool] });
    expect(body['tools']).toEqual([
      { name: 'f', strict: true, input_schema: adapted },
      { name: 'f', input_schema: schema },
    ]);
    expect(warnings).toEqual([{ param: 'tools[0]', message }]);
  });
});

describe('thinking', () => {
  test.each<[string, ConversationRequest['reasoning'], object, readonly string[]]>([
    [OLD, { effort: 'medium' }, { thinking: { type: 'enabled', budget_tokens: 8192 } }, []],
    [OLD, { effort: 'none' }, { thinking: { type: 'disabled' } }, []],
    [OLD, { budgetTokens: 0 }, { thinking: { type: 'disabled' } }, []],
    [OLD, { adaptive: true }, { thinking: { type: 'enabled', budget_tokens: 8192 } }, []],
    [
      OLD,
      { budgetTokens: 10 },
      { thinking: { type: 'enabled', budget_tokens: 1024 } },
      ['thinking.budget_tokens'],
    ],
    [OLD, { effort: 'low', adaptive: false }, {}, ['output_config.effort']],
    [OLD, { visible: true }, {}, []],
    ['claude-3-5-haiku-latest', { effort: 'high' }, {}, ['reasoning']],
    [
      'claude-opus-4-5',
      { budgetTokens: 2000, effort: 'low', visible: false },
      {
        thinking: { type: 'enabled', budget_tokens: 2000, display: 'omitted' },
        output_config: { effort: 'low' },
      },
      [],
    ],
    ['claude-opus-4-6', { budgetTokens: 2000 }, { thinking: { type: 'enabled', budget_tokens: 2000 } }, []],
    [
      'claude-opus-4-6',
      { effort: 'xhigh', visible: true },
      { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
      ['reasoning'],
    ],
    [
      NEW,
      { effort: 'minimal', visible: true },
      { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'low' } },
      ['reasoning'],
    ],
    [
      NEW,
      { budgetTokens: 20_000 },
      { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
      ['thinking.budget_tokens'],
    ],
    [NEW, { adaptive: true }, { thinking: { type: 'adaptive' } }, []],
    [NEW, { effort: 'max', adaptive: false }, { output_config: { effort: 'max' } }, []],
    [NEW, { effort: 'none' }, { thinking: { type: 'disabled' } }, []],
    ['claude-sonnet-5-5', { effort: 'none' }, { thinking: { type: 'between_tools' } }, []],
    ['claude-opus-5-5', { effort: 'none' }, { output_config: { effort: 'low' } }, ['reasoning']],
    ['claude-opus-5', { summary: 'auto' }, { thinking: { type: 'adaptive', display: 'summarized' } }, []],
  ])('of %s for %j', (modelId, reasoning, expected, params) => {
    const { body, warnings } = encode({ ...(reasoning && { reasoning }) }, modelId);
    const { thinking, output_config } = body;
    expect({ ...(thinking && { thinking }), ...(output_config && { output_config }) }).toEqual(expected);
    expect(warnings.map(({ param }) => param)).toEqual(params);
  });

  test('with a budget raises a limit that is too low', () => {
    const { body, warnings } = encode({ maxTokens: 500, reasoning: { effort: 'high' } });
    expect(body).toMatchObject({ max_tokens: 1025, thinking: { budget_tokens: 1024 } });
    expect(warnings).toMatchObject([{ param: 'max_tokens' }]);
    expect(bodyOf({ maxTokens: 500, reasoning: { effort: 'high' } }, NEW)).toMatchObject({ max_tokens: 500 });
  });
});

describe('the limit', () => {
  test.each<[string, Partial<ConversationRequest>, object]>([
    ['claude-3-haiku-20240307', {}, { max_tokens: 4096 }],
    ['claude-opus-4-1', { maxTokens: 50_000 }, { max_tokens: 32_000 }],
    [
      'claude-opus-4-1',
      { reasoning: { effort: 'max' } },
      { max_tokens: 32_000, thinking: { type: 'enabled', budget_tokens: 27_904 } },
    ],
    [
      'claude-opus-4-1',
      { maxTokens: 50_000, reasoning: { effort: 'max' } },
      { max_tokens: 32_000, thinking: { type: 'enabled', budget_tokens: 31_999 } },
    ],
    ['claude-opus-4-8', { maxTokens: 50_000 }, { max_tokens: 50_000 }],
    ['glm-4.6', { maxTokens: 500_000 }, { max_tokens: 500_000 }],
  ])('of %s is at most what the model has, for %j', (modelId, request, expected) => {
    expect(bodyOf(request, modelId)).toMatchObject(expected);
  });

  test('is lowered with a warning', () => {
    expect(encode({ maxTokens: 70_000 }).warnings).toEqual([
      { param: 'max_tokens', message: 'lowered to 64000' },
    ]);
  });
});

describe('sampling', () => {
  test.each<[string, Partial<ConversationRequest>, object, readonly string[]]>([
    [OLD, { temperature: 1.5, topP: -1 }, { temperature: 1, top_p: 0 }, ['temperature', 'top_p']],
    [OLD, { temperature: 0.3, topP: 0.5 }, { temperature: 0.3, top_p: 0.5 }, []],
    ['claude-sonnet-4-5', { temperature: 0.3, topP: 0.5 }, { temperature: 0.3 }, ['top_p']],
    ['claude-sonnet-4-5', { temperature: 0.3, topP: 1 }, { temperature: 0.3 }, []],
    ['claude-sonnet-4-5', { temperature: 1, topP: 0.5 }, { top_p: 0.5 }, []],
    [
      OLD,
      { temperature: 0.3, topP: 0.97, topK: 3, reasoning: { effort: 'low' } },
      { top_p: 0.97 },
      ['temperature', 'top_k'],
    ],
    [OLD, { temperature: 1, topP: 0.5, reasoning: { effort: 'low' } }, {}, ['top_p']],
    [NEW, { temperature: 0.3, topP: 0.5, topK: 3 }, {}, ['temperature', 'top_p', 'top_k']],
    [NEW, { temperature: 1, topP: 1 }, {}, []],
  ])('of %s for %j', (modelId, request, expected, params) => {
    const { body, warnings } = encode(request, modelId);
    const { temperature, top_p, top_k } = body;
    expect(JSON.parse(JSON.stringify({ temperature, top_p, top_k }))).toEqual(expected);
    expect(warnings.map(({ param }) => param)).toEqual(params);
  });
});
