// What Bedrock is asked: tools and the choice among them.

import { describe, expect, test } from 'vitest';
import type { Tool } from '../../../../src/conversation/conversation-request.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { accepted, assistant, call, encode, HI, HI_ON_WIRE, refusal, result } from './support.ts';

describe('tools', () => {
  const parameters = { type: 'object', properties: { x: { type: 'integer', minimum: 1 } }, required: ['x'] };
  const tools: Tool[] = [
    { type: 'function', name: 'z', description: 'd', parameters },
    { type: 'function', name: 'a', description: '  ' },
    { type: 'function', name: 'm', parameters, strict: true },
  ];
  const choice = async (
    toolChoice: NonNullable<Parameters<typeof encode>[0]['toolChoice']>,
  ): Promise<unknown> => {
    const { body } = await accepted({ tools, toolChoice });
    return (body['toolConfig'] as JsonObject | undefined)?.['toolChoice'];
  };

  test('keep their order and their schemas; strict ones are fitted', async () => {
    const { body, warnings } = await accepted({ tools });
    expect(body['toolConfig']).toEqual({
      tools: [
        { toolSpec: { name: 'z', description: 'd', inputSchema: { json: parameters } } },
        { toolSpec: { name: 'a', inputSchema: { json: { type: 'object', properties: {} } } } },
        {
          toolSpec: {
            name: 'm',
            inputSchema: {
              json: {
                type: 'object',
                properties: { x: { type: 'integer' } },
                required: ['x'],
                additionalProperties: false,
              },
            },
            strict: true,
          },
        },
      ],
    });
    expect(warnings).toEqual([
      {
        param: 'tools[2].parameters',
        message: 'the schema is not held to minimum, which bedrock-converse does not know',
      },
    ]);
  });

  test('are chosen as Bedrock words it', async () => {
    expect(await choice({ type: 'auto' })).toEqual({ auto: {} });
    expect(await choice({ type: 'required' })).toEqual({ any: {} });
    expect(await choice({ type: 'tools', names: ['a'] })).toEqual({ tool: { name: 'a' } });
    expect(await choice({ type: 'tools', names: ['a', 'm'] })).toEqual({ any: {} });
  });

  test('of which one of several must be called are the only ones offered', () => {
    const { body } = encode({ tools, toolChoice: { type: 'tools', names: ['a', 'm'] } });
    expect(JSON.stringify(body['toolConfig']).match(/"name":"\w"/g)).toEqual(['"name":"a"', '"name":"m"']);
  });

  test('that may not be called are not offered, where the conversation has no calls', () => {
    expect(encode({ tools, toolChoice: { type: 'none' } })).toEqual({
      body: { messages: [HI_ON_WIRE] },
      warnings: [],
    });
    const messages = [HI, assistant(call('c', 'z')), result('c', 'r'), HI];
    const { body, warnings } = encode({ messages, tools, toolChoice: { type: 'none' } });
    expect(body).toHaveProperty('toolConfig');
    expect(body).not.toHaveProperty('toolConfig.toolChoice');
    expect(warnings.map(({ param }) => param)).toContain('tool_choice');
  });

  test('that the conversation called before are declared where the request has none', async () => {
    const { body, warnings } = await accepted({
      messages: [HI, assistant(call('c', 'z'), call('d', 'z')), result('c', 'r'), result('d', 'r')],
    });
    const json = { type: 'object', properties: {} };
    expect(body['toolConfig']).toEqual({ tools: [{ toolSpec: { name: 'z', inputSchema: { json } } }] });
    expect(warnings.map(({ param }) => param)).toEqual(['tools']);
  });

  test('are called one at a time by models that can be told so', async () => {
    const one = { tools, parallelToolCalls: false } as const;
    const { body, warnings } = await accepted(
      { ...one, toolChoice: { type: 'auto' } },
      'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    );
    expect(body['additionalModelRequestFields']).toEqual({
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    });
    expect(body['toolConfig']).not.toHaveProperty('toolChoice');
    expect(warnings.map(({ param }) => param)).not.toContain('parallel_tool_calls');
    const others = [
      encode(one),
      encode({ ...one, toolChoice: { type: 'required' } }, 'anthropic.claude-opus-4-7'),
    ];
    for (const other of others) {
      expect(other.body).not.toHaveProperty('additionalModelRequestFields');
      expect(other.warnings.map(({ param }) => param)).toContain('parallel_tool_calls');
    }
  });

  test('that a vendor runs itself are refused', () => {
    const tool: Tool = { type: 'vendor', dialect: 'openai-responses', name: 'web_search', value: {} };
    expect(refusal({ tools: [tool] })).toMatchObject({
      param: 'tools[0]',
      message: expect.stringContaining('web_search'),
    });
    const toolChoice = { type: 'vendor', dialect: 'openai-responses', value: {} } as const;
    expect(refusal({ tools, toolChoice }).param).toBe('tool_choice');
  });
});
