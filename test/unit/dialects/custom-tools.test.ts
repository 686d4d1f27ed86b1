// Custom tools of OpenAI's two dialects: as themselves where they are known, as functions everywhere else.

import { describe, expect, test } from 'vitest';
import type { Dialect } from '../../../src/contract/dialect.ts';
import type { ConversationRequest } from '../../../src/conversation/conversation-request.ts';
import { wrapInput } from '../../../src/conversation/custom-input.ts';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import { openaiResponses } from '../../../src/dialects/openai-responses/index.ts';
import type { EncodedRequest } from '../../../src/dialects/provider-dialect.ts';
import type { JsonObject } from '../../../src/json/json-value.ts';
import { DIALECT_MODULES } from '../../../src/translate/dialect-modules.ts';
import { freeze } from './openai-chat/freeze.ts';

const PATCH = '*** Begin Patch\n+"é 😀"\n';
const GRAMMAR = { syntax: 'lark', definition: 'start: "*** Begin Patch" LF' };

const IN_RESPONSES: JsonObject = {
  input: [
    { role: 'user', content: 'Go' },
    {
      type: 'custom_tool_call',
      id: 'ctc_1',
      call_id: 'c1',
      name: 'patch',
      input: PATCH,
      status: 'completed',
    },
    { type: 'custom_tool_call_output', call_id: 'c1', output: 'done' },
  ],
  tools: [
    { type: 'custom', name: 'patch', description: 'Edits.', format: { type: 'grammar', ...GRAMMAR } },
    { type: 'custom', name: 'say', format: { type: 'text' } },
    { type: 'function', name: 'f', parameters: { type: 'object' }, strict: false },
  ],
  tool_choice: { type: 'custom', name: 'patch' },
};
const IN_CHAT: JsonObject = {
  messages: [
    { role: 'user', content: 'Go' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c1', type: 'custom', custom: { name: 'patch', input: PATCH } }],
    },
    { role: 'tool', tool_call_id: 'c1', content: 'done' },
  ],
  tools: [
    {
      type: 'custom',
      custom: { name: 'patch', description: 'Edits.', format: { type: 'grammar', grammar: GRAMMAR } },
    },
    { type: 'custom', custom: { name: 'say', format: { type: 'text' } } },
    { type: 'function', function: { name: 'f', parameters: { type: 'object' } } },
  ],
  tool_choice: { type: 'custom', custom: { name: 'patch' } },
};

const NEUTRAL = {
  messages: [
    { role: 'user', parts: [{ type: 'text', text: 'Go' }] },
    {
      role: 'assistant',
      parts: [{ type: 'tool-call', id: 'c1', name: 'patch', arguments: wrapInput(PATCH), custom: true }],
    },
    {
      role: 'tool',
      parts: [
        { type: 'tool-result', toolCallId: 'c1', content: [{ type: 'text', text: 'done' }], isError: false },
      ],
    },
  ],
  tools: [
    { type: 'custom', name: 'patch', description: 'Edits.', grammar: GRAMMAR },
    { type: 'custom', name: 'say' },
    { type: 'function', name: 'f', parameters: { type: 'object' } },
  ],
  toolChoice: { type: 'tools', names: ['patch'] },
} satisfies ConversationRequest;

const MODULES = { 'openai-responses': openaiResponses, 'openai-chat': openaiChat };

describe('a request', () => {
  test('of Responses in neutral terms', () => {
    const { request, memo } = openaiResponses.decodeRequest(freeze(IN_RESPONSES));
    const [patch, say, f] = NEUTRAL.tools;
    expect(request).toEqual({ ...NEUTRAL, tools: [patch, say, { ...f, strict: false }] });
    expect(memo['tools']).toEqual(IN_RESPONSES['tools']);
  });

  test('of Chat in neutral terms', () => {
    const { request, memo } = openaiChat.decodeRequest(freeze(IN_CHAT));
    expect(request).toEqual(NEUTRAL);
    expect(memo).toEqual({ custom: ['patch', 'say'] });
  });

  test.each([
    [
      'openai-responses',
      {
        type: 'allowed_tools',
        mode: 'required',
        tools: [
          { type: 'custom', name: 'a' },
          { type: 'function', name: 'b' },
        ],
      },
    ],
    [
      'openai-chat',
      {
        type: 'allowed_tools',
        allowed_tools: {
          mode: 'required',
          tools: [
            { type: 'custom', custom: { name: 'a' } },
            { type: 'function', function: { name: 'b' } },
          ],
        },
      },
    ],
  ] as const)('of %s may allow custom tools among others', (dialect, tool_choice) => {
    const body = dialect === 'openai-chat' ? IN_CHAT : IN_RESPONSES;
    const { request } = MODULES[dialect].decodeRequest(
      freeze({ ...body, tool_choice }) as unknown as JsonObject,
    );
    expect(request.toolChoice).toEqual({ type: 'tools', names: ['a', 'b'] });
    const tools = [{ type: 'custom', name: 'a' } as const, { type: 'function', name: 'b' } as const];
    const target = { modelId: 'gpt-5', stream: false, asksForUsage: true };
    const { body: again } = MODULES[dialect].encodeRequest(freeze({ ...request, tools }), target);
    expect(again['tool_choice']).toEqual(tool_choice);
  });

  test.each([
    ['openai-responses', { tools: [{ type: 'custom', name: 'a', format: { type: 'xml' } }] }],
    ['openai-chat', { tools: [{ type: 'custom', custom: { name: 'a', format: { type: 'xml' } } }] }],
  ] as const)('of %s with another format is known to its vendor only', (dialect, more) => {
    const { request } = MODULES[dialect].decodeRequest({
      ...IN_CHAT,
      ...IN_RESPONSES,
      ...more,
    } as unknown as JsonObject);
    expect(request.tools).toEqual([expect.objectContaining({ type: 'vendor', name: 'a' })]);
  });

  test('without the text of a call names the field', () => {
    const input = [{ type: 'custom_tool_call', call_id: 'c', name: 'patch' }];
    expect(() => openaiResponses.decodeRequest({ input })).toThrow(
      expect.objectContaining({ param: 'input[0].input' }),
    );
  });
});

const SCHEMA = (description: string): JsonObject => ({
  type: 'object',
  properties: { input: { type: 'string', description } },
  required: ['input'],
});
const PLAIN = 'The whole input of the tool, as plain text.';
const DESCRIBED = `${PLAIN} It must match this lark grammar:\n${GRAMMAR.definition}`;
const WARNING = {
  param: 'tools[0].format',
  message: 'the grammar of the tool patch is only described to the model, not enforced',
};

function encode(dialect: Dialect, modelId: string): EncodedRequest {
  return DIALECT_MODULES[dialect].encodeRequest(freeze(NEUTRAL), {
    modelId,
    stream: false,
    asksForUsage: true,
  });
}

describe('a provider is asked', () => {
  test('natively in Responses', () => {
    const { body, warnings } = encode('openai-responses', 'any-model');
    expect(body).toMatchObject({
      input: [
        { role: 'user' },
        { type: 'custom_tool_call', call_id: 'c1', name: 'patch', input: PATCH },
        { type: 'custom_tool_call_output', call_id: 'c1', output: 'done' },
      ],
      tools: [
        { type: 'custom', name: 'patch', description: 'Edits.', format: { type: 'grammar', ...GRAMMAR } },
        { type: 'custom', name: 'say' },
        { type: 'function', name: 'f' },
      ],
      tool_choice: { type: 'custom', name: 'patch' },
    });
    expect(warnings).toEqual([]);
  });

  test('natively in Chat, of a model of OpenAI that knows custom tools', () => {
    const { body, warnings } = encode('openai-chat', 'gpt-5.1');
    const [patch, , f] = IN_CHAT['tools'] as JsonObject[];
    expect(body).toMatchObject({
      messages: IN_CHAT['messages'],
      tools: [patch, { type: 'custom', custom: { name: 'say' } }, { type: f?.['type'] }],
      tool_choice: IN_CHAT['tool_choice'],
    });
    expect(warnings).toEqual([]);
  });

  test.each(['gpt-4o', 'gpt-5-chat-latest', 'gpt-oss-120b', 'openai/gpt-5', 'llama3.2', 'deepseek-chat'])(
    'by functions in Chat of %s',
    (modelId) => {
      const { body, warnings } = encode('openai-chat', modelId);
      const args = wrapInput(PATCH);
      expect(body).toMatchObject({
        messages: [
          { role: 'user' },
          { tool_calls: [{ id: 'c1', type: 'function', function: { name: 'patch', arguments: args } }] },
          { role: 'tool', tool_call_id: 'c1', content: 'done' },
        ],
        tools: [
          {
            type: 'function',
            function: { name: 'patch', description: 'Edits.', parameters: SCHEMA(DESCRIBED) },
          },
          { type: 'function', function: { name: 'say', parameters: SCHEMA(PLAIN) } },
          { type: 'function', function: { name: 'f' } },
        ],
        tool_choice: { type: 'function', function: { name: 'patch' } },
      });
      expect(JSON.stringify(body)).not.toContain('custom');
      expect(warnings).toEqual([WARNING]);
    },
  );

  test('by functions in Messages', () => {
    const { body, warnings } = encode('anthropic-messages', 'claude-sonnet-4-20250514');
    expect(body).toMatchObject({
      messages: [
        { role: 'user' },
        { content: [{ type: 'tool_use', id: 'c1', name: 'patch', input: { input: PATCH } }] },
        { content: [{ type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'done' }] }] },
      ],
      tools: [
        { name: 'patch', description: 'Edits.', input_schema: SCHEMA(DESCRIBED) },
        { name: 'say', input_schema: SCHEMA(PLAIN) },
        { name: 'f' },
      ],
      tool_choice: { type: 'tool', name: 'patch' },
    });
    expect(warnings).toEqual([WARNING]);
  });

  test('by functions in generateContent', () => {
    const { body, warnings } = encode('gemini', 'gemini-2.5-pro');
    expect(body).toMatchObject({
      contents: [
        { role: 'user' },
        { parts: [{ functionCall: { name: 'patch', args: { input: PATCH } } }] },
        { parts: [{ functionResponse: { name: 'patch' } }] },
      ],
      tools: [
        {
          functionDeclarations: [
            { name: 'patch', description: 'Edits.', parametersJsonSchema: SCHEMA(DESCRIBED) },
            { name: 'say', parametersJsonSchema: SCHEMA(PLAIN) },
            { name: 'f' },
          ],
        },
      ],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['patch'] } },
    });
    expect(warnings).toEqual([WARNING]);
  });

  test('by functions in Converse', () => {
    const { body, warnings } = encode('bedrock-converse', 'amazon.nova-pro-v1:0');
    expect(body).toMatchObject({
      messages: [
        { role: 'user' },
        { content: [{ toolUse: { toolUseId: 'c1', name: 'patch', input: { input: PATCH } } }] },
        { content: [{ toolResult: { toolUseId: 'c1' } }] },
      ],
      toolConfig: {
        tools: [
          { toolSpec: { name: 'patch', description: 'Edits.', inputSchema: { json: SCHEMA(DESCRIBED) } } },
          { toolSpec: { name: 'say', inputSchema: { json: SCHEMA(PLAIN) } } },
          { toolSpec: { name: 'f' } },
        ],
        toolChoice: { tool: { name: 'patch' } },
      },
    });
    expect(warnings).toEqual([WARNING]);
  });

  test('by a regular expression in its own words', () => {
    const grammar = { syntax: 'regex', definition: '^a+$' };
    const target = { modelId: 'm', stream: false, asksForUsage: true };
    const request = { ...NEUTRAL, tools: [{ type: 'custom' as const, name: 'patch', grammar }] };
    const { body } = openaiChat.encodeRequest(freeze(request), target);
    expect(JSON.stringify(body)).toContain('It must match this regular expression:\\n^a+$');
  });
});
