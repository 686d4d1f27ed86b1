// What Gemini is asked, and what it cannot be told.

import { describe, expect, test } from 'vitest';
import type { GatewayError } from '../../../../src/contract/gateway-error.ts';
import type {
  ConversationRequest,
  Message,
  ReasoningSettings,
} from '../../../../src/conversation/conversation-request.ts';
import type { Part, ToolCallPart } from '../../../../src/conversation/part.ts';
import { gemini } from '../../../../src/dialects/gemini/index.ts';
import type { JsonValue } from '../../../../src/json/json-value.ts';
import { freeze } from '../openai-chat/freeze.ts';

const HI: Message = { role: 'user', parts: [{ type: 'text', text: 'hi' }] };
const HI_ON_WIRE = { role: 'user', parts: [{ text: 'hi' }] };

function encode(request: Partial<ConversationRequest>, modelId = 'gemini-2.5-flash') {
  const target = { modelId, stream: false, asksForUsage: false };
  return gemini.encodeRequest(freeze({ messages: [HI], ...request }), target);
}
const contentsOf = (messages: readonly Message[], modelId?: string): JsonValue | undefined =>
  encode({ messages }, modelId).body['contents'];
const partsOf = (part: Part, modelId?: string) =>
  encode({ messages: [{ role: 'user', parts: [part] }] }, modelId);
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
      metadata: { team: 'a' },
      serviceTier: 'priority',
      cacheKey: 'k',
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
      labels: { team: 'a' },
      serviceTier: 'priority',
    });
    expect(warnings).toEqual([]);
  });

  test('of a short request is short', () => {
    expect(encode({})).toEqual({ body: { contents: [HI_ON_WIRE] }, warnings: [] });
  });

  test.each<[Partial<ConversationRequest>, string, string]>([
    [{ temperature: 3 }, 'temperature', 'lowered to 2'],
    [{ frequencyPenalty: -3 }, 'frequency_penalty', 'raised to -2'],
    [{ answers: 9 }, 'n', 'lowered to 8'],
    [{ logprobs: { top: 30 } }, 'top_logprobs', 'lowered to 20'],
    [{ seed: 2 ** 40 }, 'seed', 'not sent: it has more than 32 bits'],
    [{ stop: ['1', '2', '3', '4', '5', '6'] }, 'stop', 'only the first 5 are sent'],
    [{ user: 'u' }, 'user', 'not known to gemini'],
    [{ cache: {} }, 'cache_control', 'gemini decides by itself what to cache'],
    [{ metadata: { Team: 'a' } }, 'metadata.Team', 'no label of gemini'],
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

  test('warns of strict schemas and cache breakpoints once', () => {
    const { warnings } = encode({
      messages: [user({ type: 'text', text: 'a', cache: {} }, { type: 'text', text: 'b', cache: {} })],
      tools: [
        { type: 'function', name: 'f', strict: true },
        { type: 'function', name: 'g', strict: true },
      ],
    });
    expect(warnings.map(({ param }) => param)).toEqual([
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

describe('thinking', () => {
  test.each<[ReasoningSettings, string, unknown, string?]>([
    [{ effort: 'low' }, 'gemini-2.5-flash', { thinkingBudget: 2048 }],
    [{ effort: 'none' }, 'gemini-2.5-flash', { thinkingBudget: 0 }],
    [{ effort: 'none' }, 'gemini-2.5-pro', { thinkingBudget: 128 }, 'the budget was changed to 128'],
    [{ effort: 'max' }, 'gemini-2.5-flash', { thinkingBudget: 24_576 }],
    [
      { budgetTokens: 100 },
      'gemini-2.5-flash-lite',
      { thinkingBudget: 512 },
      'the budget was changed to 512',
    ],
    [
      { budgetTokens: 60_000 },
      'gemini-2.5-pro',
      { thinkingBudget: 32_768 },
      'the budget was changed to 32768',
    ],
    [{ adaptive: true, visible: true }, 'gemini-2.5-pro', { thinkingBudget: -1, includeThoughts: true }],
    [
      { effort: 'low', summary: 'auto' },
      'gemini-3-pro-preview',
      { thinkingLevel: 'LOW', includeThoughts: true },
    ],
    [{ effort: 'minimal' }, 'gemini-3-flash-preview', { thinkingLevel: 'MINIMAL' }],
    [{ effort: 'minimal' }, 'gemini-3.1-pro-preview', { thinkingLevel: 'LOW' }, 'raised to low'],
    [{ effort: 'xhigh' }, 'gemini-3.8-flash', { thinkingLevel: 'HIGH' }, 'lowered to high'],
    [
      { effort: 'none' },
      'gemini-flash-latest',
      { thinkingLevel: 'MINIMAL' },
      'cannot be switched off; minimal is sent',
    ],
    [{ effort: 'medium' }, 'gemini-2.0-flash', undefined, 'not sent to a model that does not think'],
    [{ effort: 'none' }, 'gemini-2.0-flash', undefined],
    [{ effort: 'xhigh' }, 'own-model', { thinkingLevel: 'XHIGH' }],
    [{ visible: false }, 'gemini-2.5-pro', { includeThoughts: false }],
  ])('%j for %s', (reasoning, modelId, thinkingConfig, warning) => {
    const { body, warnings } = encode({ reasoning }, modelId);
    expect(body['generationConfig']).toEqual(thinkingConfig === undefined ? undefined : { thinkingConfig });
    expect(warnings).toEqual(warning === undefined ? [] : [{ param: 'reasoning', message: warning }]);
  });
});

describe('calls and results', () => {
  test('at once are one turn each, with the functions’ names', () => {
    const messages = [
      HI,
      assistant(call('c1', 'f', { arguments: '{"a":1}' }), call('c2', 'g', { arguments: '' })),
    ];
    expect(contentsOf([...messages, result('c2', 'two'), result('c1', 'no', true), HI])).toEqual([
      HI_ON_WIRE,
      {
        role: 'model',
        parts: [{ functionCall: { name: 'f', args: { a: 1 } } }, { functionCall: { name: 'g', args: {} } }],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'g', response: { output: 'two' } } },
          { functionResponse: { name: 'f', response: { error: 'no' } } },
          { text: 'hi' },
        ],
      },
    ]);
  });

  test('have ids and a stand-in for the missing signature from Gemini 3 on, once for calls at once', () => {
    const messages = [HI, assistant(call('c1', 'f'), call('c2', 'f')), result('c1', 'x'), result('c2', 'y')];
    expect(contentsOf(messages, 'gemini-3-pro-preview')).toEqual([
      HI_ON_WIRE,
      {
        role: 'model',
        parts: [
          {
            functionCall: { id: 'c1', name: 'f', args: {} },
            thoughtSignature: 'skip_thought_signature_validator',
          },
          { functionCall: { id: 'c2', name: 'f', args: {} } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'c1', name: 'f', response: { output: 'x' } } },
          { functionResponse: { id: 'c2', name: 'f', response: { output: 'y' } } },
        ],
      },
    ]);
  });

  test('keep Gemini’s signature and go without another vendor’s', () => {
    const own = call('gemini_call_0', 'f', { signature: { dialect: 'gemini', value: 'sig' } });
    const foreign = call('c2', 'f', { signature: { dialect: 'openai-responses', value: 'x' } });
    expect(contentsOf([assistant(own)], 'gemini-3-pro-preview')).toEqual([
      { role: 'model', parts: [{ functionCall: { name: 'f', args: {} }, thoughtSignature: 'sig' }] },
    ]);
    expect(contentsOf([assistant(foreign)])).toEqual([
      { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] },
    ]);
  });

  test('images that a tool gave stand in its result from Gemini 3 on, beside it before', () => {
    const image: Part = { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAA=' } };
    const messages: Message[] = [
      assistant(call('c1', 'f')),
      { role: 'tool', parts: [{ type: 'tool-result', toolCallId: 'c1', content: [image], isError: false }] },
    ];
    const inlineData = { mimeType: 'image/png', data: 'AAA=' };
    expect((contentsOf(messages, 'gemini-3-flash') as JsonValue[])[1]).toEqual({
      role: 'user',
      parts: [
        { functionResponse: { id: 'c1', name: 'f', response: { output: '' }, parts: [{ inlineData }] } },
      ],
    });
    expect((contentsOf(messages) as JsonValue[])[1]).toEqual({
      role: 'user',
      parts: [{ functionResponse: { name: 'f', response: { output: '' } } }, { inlineData }],
    });
  });
});

describe('parts', () => {
  test.each<[string, Part, unknown]>([
    [
      'an image by URL',
      { type: 'image', source: { type: 'url', url: 'https://a.test/b.png?x=1' } },
      { fileData: { fileUri: 'https://a.test/b.png?x=1', mimeType: 'image/png' } },
    ],
    [
      'an image by a URL that says no type',
      { type: 'image', source: { type: 'url', url: 'https://a.test/b' } },
      { fileData: { fileUri: 'https://a.test/b' } },
    ],
    [
      'an own file',
      { type: 'file', source: { type: 'file-id', dialect: 'gemini', id: 'https://g/files/1' } },
      { fileData: { fileUri: 'https://g/files/1' } },
    ],
    [
      'a text file',
      { type: 'file', source: { type: 'text', mediaType: 'text/plain', text: 'é' } },
      { inlineData: { mimeType: 'text/plain', data: 'w6k=' } },
    ],
    [
      'sound',
      { type: 'audio', mediaType: 'audio/wav', data: 'AAA=' },
      { inlineData: { mimeType: 'audio/wav', data: 'AAA=' } },
    ],
    ['a refusal', { type: 'refusal', text: 'no' }, { text: 'no' }],
    [
      'a thought of another vendor',
      { type: 'reasoning', text: 'hm', signature: { dialect: 'anthropic-messages', value: 's' } },
      { text: 'hm', thought: true },
    ],
    [
      'code that Google ran',
      { type: 'vendor', dialect: 'gemini', name: 'executableCode', value: { executableCode: {} } },
      { executableCode: {} },
    ],
  ])('%s', (_, part, wire) => {
    expect(partsOf(part)).toEqual({ body: { contents: [{ role: 'user', parts: [wire] }] }, warnings: [] });
  });

  test('a signature goes back to the text that it stood on, or stands alone', () => {
    const mark: Part = { type: 'reasoning', text: '', signature: { dialect: 'gemini', value: 'sig' } };
    expect(contentsOf([assistant({ type: 'text', text: 'a' }, mark)])).toEqual([
      { role: 'model', parts: [{ text: 'a', thoughtSignature: 'sig' }] },
    ]);
    expect(contentsOf([assistant(mark, { type: 'text', text: 'a' })])).toEqual([
      { role: 'model', parts: [{ text: '', thoughtSignature: 'sig' }, { text: 'a' }] },
    ]);
  });

  test('what says nothing is left out', () => {
    const secret: Part = {
      type: 'reasoning',
      text: '',
      redacted: true,
      signature: { dialect: 'anthropic-messages', value: 's' },
    };
    expect(contentsOf([HI, assistant(secret, { type: 'text', text: '' }), HI])).toEqual([
      { role: 'user', parts: [{ text: 'hi' }, { text: 'hi' }] },
    ]);
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
