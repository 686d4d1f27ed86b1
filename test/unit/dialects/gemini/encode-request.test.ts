// What Gemini is asked, and what it cannot be told.

import { describe, expect, test } from 'vitest';
import type { GatewayError } from '../../../../src/contract/gateway-error.ts';
import type { ConversationRequest, Message } from '../../../../src/conversation/conversation-request.ts';
import type { Part, ToolCallPart } from '../../../../src/conversation/part.ts';
import { gemini } from '../../../../src/dialects/gemini/index.ts';
import { freeze } from '../openai-chat/freeze.ts';

const HI: Message = { role: 'user', parts: [{ type: 'text', text: 'hi' }] };
const HI_ON_WIRE = { role: 'user', parts: [{ text: 'hi' }] };

function encode(request: Partial<ConversationRequest>, modelId = 'gemini-2.5-flash') {
  const target = { modelId, stream: false, asksForUsage: false };
  return gemini.encodeRequest(freeze({ messages: [HI], ...request }), target);
}
const user = (...parts: Part[]): Message => ({ role: 'user', parts });
const assistant = (...parts: Part[]): Message => ({ role: 'assistant', parts });
const call = (id: string, name: string, more: Partial<ToolCallPart> = {}): Part => ({
  type: 'tool-call',
  id,
  name,
  arguments: '{}',
  ...more,
});
const result = (toolCallId: string, text: string, isError = false): Message => ({
  role: 'tool',
  parts: [{ type: 'tool-result', toolCallId, content: [{ type: 'text', text }], isError }],
});

function refusal(work: () => unknown): Pick<GatewayError, 'kind' | 'param'> {
  try {
    work();
  } catch (error) {
    const { kind, param } = error as GatewayError;
    return { kind, param };
  }
  throw new Error('nothing was refused');
}

describe('the body', () => {
  test('has every member that the dialect has a place for', () => {
    const { body, warnings } = encode({
      messages: [
        { role: 'system', parts: [{ type: 'text', text: 'one' }] },
        { role: 'developer', parts: [{ type: 'text', text: 'two' }] },
        HI,
      ],
      tools: [
        { type: 'function', name: 'z', description: 'd', parameters: { type: 'object' } },
        { type: 'vendor', dialect: 'gemini', name: 'googleSearch', value: { googleSearch: {} } },
        { type: 'function', name: 'a' },
        { type: 'function', name: 'b' },
      ],
      toolChoice: { type: 'tools', names: ['a', 'b'] },
      format: { type: 'json-schema', name: 'n', description: 'd', schema: { type: 'object' }, strict: true },
      maxTokens: 10,
      temperature: 0.5,
      topP: 0.9,
      topK: 4,
      frequencyPenalty: 1,
      presencePenalty: -1,
      seed: 7,
      stop: ['END'],
      answers: 2,
      logprobs: { top: 3 },
      serviceTier: 'priority',
    });
    expect(body).toEqual({
      contents: [HI_ON_WIRE],
      systemInstruction: { parts: [{ text: 'one' }, { text: 'two' }] },
      tools: [
        { functionDeclarations: [{ name: 'z', description: 'd', parametersJsonSchema: { type: 'object' } }] },
        { googleSearch: {} },
        { functionDeclarations: [{ name: 'a' }, { name: 'b' }] },
      ],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['a', 'b'] } },
      generationConfig: {
        temperature: 0.5,
        topP: 0.9,
        topK: 4,
        maxOutputTokens: 10,
        candidateCount: 2,
        stopSequences: ['END'],
        seed: 7,
        presencePenalty: -1,
        frequencyPenalty: 1,
        responseLogprobs: true,
        logprobs: 3,
        responseMimeType: 'application/json',
        responseJsonSchema: { description: 'd', type: 'object' },
      },
      serviceTier: 'priority',
    });
    expect(warnings).toEqual([]);
  });

  test('of a short request is short', () => {
    expect(encode({})).toEqual({ body: { contents: [HI_ON_WIRE] }, warnings: [] });
  });

  test.each<[Partial<ConversationRequest>, string, string]>([
    [{ temperature: 3 }, 'temperature', 'lowered to 2'],
    [{ maxTokens: 0 }, 'max_tokens', 'raised to 1'],
    [{ frequencyPenalty: -3 }, 'frequency_penalty', 'raised to -2'],
    [{ answers: 9 }, 'n', 'lowered to 8'],
    [{ logprobs: { top: 30 } }, 'top_logprobs', 'lowered to 20'],
    [{ seed: 2 ** 40 }, 'seed', 'not sent: it has more than 32 bits'],
    [{ stop: ['1', '2', '3', '4', '5', '6'] }, 'stop', 'only the first 5 are sent'],
    [{ user: 'u' }, 'user', 'not known to gemini'],
    [{ metadata: { team: 'a' } }, 'metadata', 'not known to gemini'],
    [{ cacheKey: 'k' }, 'prompt_cache_key', 'not known to gemini'],
    [
      { tools: [{ type: 'function', name: 'f' }], parallelToolCalls: false },
      'parallel_tool_calls',
      'not known to gemini',
    ],
    [
      { vendor: { dialect: 'openai-chat', members: { logit_bias: {} } } },
      'logit_bias',
      'not known to gemini',
    ],
    [
      { messages: [HI, { role: 'system', parts: [{ type: 'text', text: 'now' }] }] },
      'messages[1]',
      'moved to the system instruction',
    ],
    [{ messages: [{ ...HI, name: 'Ann' }] }, 'messages[0].name', 'not known to gemini'],
  ])('of %j warns about %s', (request, param, message) => {
    expect(encode(request).warnings).toEqual([{ param, message }]);
  });

  test('warns of strict schemas once, and of cache breakpoints where the model does not cache unasked', () => {
    const request: Partial<ConversationRequest> = {
      messages: [user({ type: 'text', text: 'a', cache: {} }, { type: 'text', text: 'b', cache: {} })],
      tools: [
        { type: 'function', name: 'f', strict: true },
        { type: 'function', name: 'g', strict: true },
      ],
      cache: {},
    };
    const paramsOf = (modelId?: string) => encode(request, modelId).warnings.map(({ param }) => param);
    expect(paramsOf()).toEqual(['tools[0].strict']);
    expect(paramsOf('gemini-2.0-flash')).toEqual([
      'cache_control',
      'messages[0].content[0].cache_control',
      'tools[0].strict',
    ]);
  });

  test('of instructions alone makes them the question', () => {
    const { body, warnings } = encode({
      messages: [{ role: 'system', parts: [{ type: 'text', text: 'hi' }] }],
    });
    expect(body).toEqual({ contents: [HI_ON_WIRE] });
    expect(warnings).toHaveLength(1);
  });

  test.each<[ConversationRequest['toolChoice'], unknown]>([
    [{ type: 'auto' }, { functionCallingConfig: { mode: 'AUTO' } }],
    [{ type: 'none' }, { functionCallingConfig: { mode: 'NONE' } }],
    [{ type: 'required' }, { functionCallingConfig: { mode: 'ANY' } }],
    [undefined, undefined],
  ])('chooses tools by %j', (toolChoice, expected) => {
    const tools = [{ type: 'function', name: 'f' }] as const;
    const request = toolChoice === undefined ? { tools } : { tools, toolChoice };
    expect(encode(request).body['toolConfig']).toEqual(expected);
    const without = encode(toolChoice === undefined ? {} : { toolChoice });
    expect(without.body['toolConfig']).toBeUndefined();
  });
});

describe('refused, because it must not be lost', () => {
  test.each<[string, Partial<ConversationRequest>, string]>([
    [
      'a file of another provider',
      { messages: [user({ type: 'file', source: { type: 'file-id', dialect: 'openai-chat', id: 'f' } })] },
      'messages[0].content[0]',
    ],
    [
      'an image that nobody can fetch',
      { messages: [user({ type: 'image', source: { type: 'url', url: 'ftp://a.test/b' } })] },
      'messages[0].content[0]',
    ],
    [
      'another vendor’s block',
      {
        messages: [
          user({ type: 'vendor', dialect: 'anthropic-messages', name: 'server_tool_use', value: {} }),
        ],
      },
      'messages[0].content[0]',
    ],
    [
      'another vendor’s tool',
      { tools: [{ type: 'vendor', dialect: 'openai-responses', name: 'web_search', value: {} }] },
      'tools[0]',
    ],
    [
      'another vendor’s choice of tools',
      {
        tools: [{ type: 'function', name: 'f' }],
        toolChoice: { type: 'vendor', dialect: 'openai-chat', value: {} },
      },
      'tool_choice',
    ],
    [
      'arguments that are no JSON object',
      { messages: [assistant(call('c', 'f', { arguments: '[1]' }))] },
      'messages[0].content[0]',
    ],
    ['a result without its call', { messages: [result('c', 'x')] }, 'messages[0].content[0]'],
    [
      'an image in the instructions',
      {
        messages: [
          {
            role: 'system',
            parts: [{ type: 'image', source: { type: 'base64', mediaType: 'image/png', data: '' } }],
          },
        ],
      },
      'messages[0].content[0]',
    ],
  ])('%s', (_, request, param) => {
    expect(refusal(() => encode(request))).toEqual({ kind: 'invalid-request', param });
  });
});
