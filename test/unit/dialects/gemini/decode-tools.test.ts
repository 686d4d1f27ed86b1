// What a generateContent request's tools say in neutral terms.

import { describe, expect, test } from 'vitest';
import type { ConversationRequest } from '../../../../src/conversation/conversation-request.ts';
import { gemini } from '../../../../src/dialects/gemini/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { freeze } from '../openai-chat/freeze.ts';

const HI = { role: 'user', parts: [{ text: 'hi' }] };

const decode = (body: JsonObject): ConversationRequest => gemini.decodeRequest(freeze(body)).request;

describe('tools', () => {
  test('come in their order, Google’s own among them', () => {
    const { tools } = decode({
      contents: [HI],
      tools: [
        {
          functionDeclarations: [{ name: 'z', description: 'd', behavior: 'BLOCKING' }, { name: 'a' }],
          googleSearch: {},
        },
        { codeExecution: {} },
      ],
    });
    expect(tools).toEqual([
      {
        type: 'function',
        name: 'z',
        description: 'd',
        vendor: { dialect: 'gemini', members: { behavior: 'BLOCKING' } },
      },
      { type: 'function', name: 'a' },
      { type: 'vendor', dialect: 'gemini', name: 'googleSearch', value: { googleSearch: {} } },
      { type: 'vendor', dialect: 'gemini', name: 'codeExecution', value: { codeExecution: {} } },
    ]);
  });

  test('with Google’s Schema have the same as JSON Schema', () => {
    const parameters = {
      type: 'OBJECT',
      properties: {
        b: { type: 'STRING', nullable: true, enum: ['x'], min_length: '1' },
        a: { type: 'ARRAY', items: { type: 'INTEGER', format: 'int32' }, maxItems: '9007199254740991' },
        c: { anyOf: [{ type: 'NUMBER' }, { type: 'BOOLEAN' }], nullable: true, example: 1 },
      },
      propertyOrdering: ['a', 'b'],
      required: ['a'],
    };
    const { tools } = decode({
      contents: [HI],
      tools: [{ functionDeclarations: [{ name: 'f', parameters }] }],
    });
    const [tool] = tools ?? [];
    expect(JSON.stringify(tool?.type === 'function' && tool.parameters)).toBe(
      JSON.stringify({
        type: 'object',
        properties: {
          a: { type: 'array', items: { type: 'integer', format: 'int32' }, maxItems: 9007199254740991 },
          b: { type: ['string', 'null'], enum: ['x', null], minLength: 1 },
          c: { anyOf: [{ type: 'number' }, { type: 'boolean' }, { type: 'null' }], examples: [1] },
        },
        required: ['a'],
      }),
    );
  });

  test.each<[JsonObject, unknown]>([
    [{ mode: 'AUTO' }, { type: 'auto' }],
    [{ mode: 'NONE' }, { type: 'none' }],
    [{ mode: 'ANY' }, { type: 'required' }],
    [
      { mode: 'ANY', allowedFunctionNames: ['f', 'g'] },
      { type: 'tools', names: ['f', 'g'] },
    ],
  ])('are chosen as %j says', (functionCallingConfig, expected) => {
    const { toolChoice, vendor } = decode({ contents: [HI], toolConfig: { functionCallingConfig } });
    expect(toolChoice).toEqual(expected);
    expect(vendor).toBeUndefined();
  });
});
