// What a Chat server is asked, and what it cannot be told.

import { describe, expect, test } from 'vitest';
import type { ConversationRequest, Message } from '../../../../src/conversation/conversation-request.ts';
import type { Part } from '../../../../src/conversation/part.ts';
import { openaiChat } from '../../../../src/dialects/openai-chat/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { freeze } from './freeze.ts';

const HI: Message = { role: 'user', parts: [{ type: 'text', text: 'hi' }] };
const STRICT = { type: 'object', properties: { a: {} }, required: ['a'], additionalProperties: false };
const IMAGE: Part = { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAA=' } };
const IMAGE_ON_WIRE = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAA=' } };

function encode(request: Partial<ConversationRequest>, modelId = 'm', stream = false, asksForUsage = true) {
  return openaiChat.encodeRequest(freeze({ messages: [HI], ...request }), { modelId, stream, asksForUsage });
}
const bodyOf = (request: Partial<ConversationRequest>, modelId = 'm') => encode(request, modelId).body;
const messagesOf = (messages: readonly Message[], modelId = 'm') => bodyOf({ messages }, modelId)['messages'];
const assistant = (...parts: Part[]): Message => ({ role: 'assistant', parts });

describe('the body', () => {
  test('has every member that the dialect has a place for', () => {
    const { body, warnings } = encode({
      tools: [
        { type: 'function', name: 'z', description: 'd', parameters: STRICT, strict: true },
        { type: 'function', name: 'a' },
      ],
      toolChoice: { type: 'required' },
      parallelToolCalls: false,
      format: { type: 'json-schema', name: '', schema: { type: 'object' } },
      reasoning: { effort: 'low' },
      maxTokens: 10,
      temperature: 0.5,
      topP: 0.9,
      seed: 7,
      stop: ['END'],
      answers: 2,
      logprobs: { top: 3 },
      user: 'u',
      serviceTier: 'standard-only',
    });
    expect(body).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
      tools: [
        {
          type: 'function',
          function: { name: 'z', description: 'd', parameters: STRICT, strict: true },
        },
        { type: 'function', function: { name: 'a' } },
      ],
      tool_choice: 'required',
      parallel_tool_calls: false,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } },
      reasoning_effort: 'low',
      max_tokens: 10,
      temperature: 0.5,
      top_p: 0.9,
      seed: 7,
      stop: ['END'],
      n: 2,
      logprobs: true,
      top_logprobs: 3,
      user: 'u',
      service_tier: 'default',
    });
    expect(warnings).toEqual([]);
  });

  test.each([
    ['gpt-5-mini', 'max_completion_tokens'],
    ['o3', 'max_completion_tokens'],
    ['gpt-4o', 'max_tokens'],
    ['qwen3', 'max_tokens'],
  ])('of %s calls the limit %s', (modelId, name) => {
    expect(bodyOf({ maxTokens: 5 }, modelId)).toMatchObject({ [name]: 5 });
  });

  test('always asks for the usage of a stream, unless the provider refuses that', () => {
    expect(encode({}, 'm', true).body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(encode({}, 'm', true, false).body).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
    });
  });

  test('has neither an empty list of tools nor a choice among none', () => {
    const body = bodyOf({ tools: [], toolChoice: { type: 'auto' }, parallelToolCalls: true });
    expect(Object.keys(body)).toEqual(['model', 'messages']);
  });

  test('says of a tool without arguments that it has none, or leaves them out', () => {
    const bare = { type: 'function', name: 'f', parameters: { type: 'object' } } as const;
    expect(bodyOf({ tools: [bare, { type: 'function', name: 'g' }] })['tools']).toEqual([
      { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } },
      { type: 'function', function: { name: 'g' } },
    ]);
  });

  test('names one tool, or several that one must be called of', () => {
    const tools = [{ type: 'function', name: 'f' } as const];
    const named = (name: string) => ({ type: 'function', function: { name } });
    const choice = (...names: string[]) => bodyOf({ tools, toolChoice: { type: 'tools', names } });
    expect(choice('f')['tool_choice']).toEqual(named('f'));
    expect(choice('f', 'g')['tool_choice']).toEqual({
      type: 'allowed_tools',
      allowed_tools: { mode: 'required', tools: [named('f'), named('g')] },
    });
  });

  test.each<[string, JsonObject, boolean]>([
    ['a closed object', STRICT, true],
    ['one in a list', { ...STRICT, properties: { a: { type: 'array', items: STRICT } } }, true],
    ['one of two', { ...STRICT, properties: { a: { anyOf: [STRICT, { type: 'null' }] } } }, true],
    ['an open object', { type: 'object' }, false],
    ['an optional member', { ...STRICT, required: [] }, false],
    ['an open object within', { ...STRICT, properties: { a: { type: 'object' } } }, false],
    ['an open object in a list', { ...STRICT, properties: { a: { items: { type: 'object' } } } }, false],
    ['an open object in a definition', { ...STRICT, $defs: { b: { type: ['object', 'null'] } } }, false],
    ['a keyword that is refused', { ...STRICT, properties: { a: { allOf: [] } } }, false],
    ['a list at the root', { type: 'array', items: STRICT }, false],
  ])('asks for %s strictly, or warns that it does not', (_, schema, isTaken) => {
    const { body, warnings } = encode({
      tools: [{ type: 'function', name: 'f', parameters: schema, strict: true }],
      format: { type: 'json-schema', name: 's', schema, strict: true },
    });
    const strict = isTaken ? { strict: true } : {};
    expect(body).toMatchObject({
      tools: [{ type: 'function', function: { name: 'f', parameters: schema, ...strict } }],
      response_format: { type: 'json_schema', json_schema: { name: 's', schema, ...strict } },
    });
    expect(JSON.stringify(body).includes('"strict":true')).toBe(isTaken);
    expect(warnings.map(({ param }) => param)).toEqual(isTaken ? [] : ['tools[0]', 'response_format']);
  });

  test('is the same bytes for the same request', () => {
    const request = { messages: [HI, assistant({ type: 'text', text: 'a' })], temperature: 1 };
    expect(JSON.stringify(bodyOf(request))).toBe(JSON.stringify(bodyOf(request)));
  });
});

describe('messages', () => {
  test('instructions of both kinds are sent as system, in their places', () => {
    const messages: Message[] = [
      { role: 'system', parts: [{ type: 'text', text: 'a' }] },
      HI,
      {
        role: 'developer',
        parts: [
          { type: 'text', text: 'b' },
          { type: 'text', text: 'c' },
        ],
      },
    ];
    expect(messagesOf(messages)).toEqual([
      { role: 'system', content: 'a' },
      { role: 'user', content: 'hi' },
      {
        role: 'system',
        content: [
          { type: 'text', text: 'b' },
          { type: 'text', text: 'c' },
        ],
      },
    ]);
  });

  test('images, files and audio', () => {
    const parts: Part[] = [
      { type: 'text', text: 'a' },
      { ...IMAGE, detail: 'high' },
      {
        type: 'file',
        source: { type: 'base64', mediaType: 'application/pdf', data: 'JVBE' },
        name: 'a.pdf',
      },
      { type: 'file', source: { type: 'text', mediaType: 'text/plain', text: 'note' } },
      { type: 'file', source: { type: 'file-id', dialect: 'openai-chat', id: 'file-1' } },
      { type: 'audio', data: 'AAA=', mediaType: 'audio/mpeg' },
    ];
    expect(messagesOf([{ role: 'user', parts }])).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAA=', detail: 'high' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' } },
          { type: 'text', text: 'note' },
          { type: 'file', file: { file_id: 'file-1' } },
          { type: 'input_audio', input_audio: { data: 'AAA=', format: 'mp3' } },
        ],
      },
    ]);
  });

  test('calls with their arguments as text, content null beside them', () => {
    const call: Part = { type: 'tool-call', id: 'c1', name: 'f', arguments: '{"n": 9007199254740993}' };
    const signed: Part = {
      type: 'tool-call',
      id: 'c2',
      name: 'g',
      arguments: '{}',
      signature: { dialect: 'openai-chat', value: 'S' },
    };
    expect(messagesOf([assistant(call, signed)])).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"n": 9007199254740993}' } },
          {
            id: 'c2',
            type: 'function',
            function: { name: 'g', arguments: '{}' },
            extra_content: { google: { thought_signature: 'S' } },
          },
        ],
      },
    ]);
  });

  test.each([
    ['openai-chat', 'gpt-4o'],
    ['anthropic-messages', 'm'],
  ] as const)('the signature of a call by %s does not reach %s', (dialect, modelId) => {
    const call: Part = {
      type: 'tool-call',
      id: 'c',
      name: 'f',
      arguments: '{}',
      signature: { dialect, value: 'S' },
    };
    expect(messagesOf([assistant(call)], modelId)).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
    ]);
  });

  test('an assistant that said nothing has an empty text: null is refused there', () => {
    const thought: Part = {
      type: 'reasoning',
      text: 'a',
      signature: { dialect: 'anthropic-messages', value: 'S' },
    };
    expect(messagesOf([assistant(thought)])).toEqual([{ role: 'assistant', content: '' }]);
  });

  test('what tools gave besides text follows the answers to all calls of the turn', () => {
    const result = (toolCallId: string, content: Part[], isError = false): Message => ({
      role: 'tool',
      parts: [{ type: 'tool-result', toolCallId, content: content as never, isError }],
    });
    const messages = [
      result('c1', [{ type: 'text', text: 'see' }, IMAGE]),
      result('c2', [{ type: 'text', text: 'no' }], true),
      HI,
    ];
    expect(messagesOf(messages)).toEqual([
      { role: 'tool', tool_call_id: 'c1', content: 'see' },
      { role: 'tool', tool_call_id: 'c2', content: 'Error: no' },
      { role: 'user', content: [{ type: 'text', text: 'From the result of c1:' }, IMAGE_ON_WIRE] },
      { role: 'user', content: 'hi' },
    ]);
  });

  test("reasoning goes back to servers of this dialect, but not another vendor's nor to OpenAI itself", () => {
    const unsigned: Part = { type: 'reasoning', text: 'a' };
    const own: Part = { ...unsigned, text: 'b', signature: { dialect: 'openai-chat', value: 'S' } };
    const foreign: Part = {
      ...unsigned,
      text: 'c',
      signature: { dialect: 'anthropic-messages', value: 'S' },
    };
    const turn = assistant(unsigned, own, foreign, { type: 'text', text: 'd' });
    expect(messagesOf([turn], 'deepseek-reasoner')).toEqual([
      {
        role: 'assistant',
        content: 'd',
        reasoning_content: 'ab',
        reasoning_details: [
          { type: 'reasoning.text', text: 'a' },
          { type: 'reasoning.text', text: 'b', signature: 'S' },
        ],
      },
    ]);
    expect(messagesOf([turn], 'gpt-4o')).toEqual([{ role: 'assistant', content: 'd' }]);
  });

  test('says once that reasoning was left out', () => {
    const thought: Part = { type: 'reasoning', text: 'c', signature: { dialect: 'gemini', value: 'S' } };
    const mark: Part = { ...thought, text: '' };
    expect(encode({ messages: [assistant(mark, thought), HI, assistant(thought)] }).warnings).toEqual([
      { param: 'messages[0].content[1]', message: "left out: reasoning that is not the provider's own" },
    ]);
  });
});

describe('warnings', () => {
  test.each<[string, Partial<ConversationRequest>, unknown]>([
    ['top_k', { topK: 5 }, undefined],
    ['metadata', { metadata: { a: 'b' } }, undefined],
    ['prompt_cache_key', { cacheKey: 'k' }, undefined],
    ['temperature', { temperature: 3 }, 2],
    ['max_tokens', { maxTokens: 0 }, 1],
    [
      'tools[0].defer_loading',
      {
        tools: [
          {
            type: 'function',
            name: 'f',
            vendor: { dialect: 'anthropic-messages', members: { defer_loading: true } },
          },
        ],
      },
      undefined,
    ],
    ['presence_penalty', { presencePenalty: -3 }, -2],
    ['stop', { stop: ['a', 'b', 'c', 'd', 'e'] }, ['a', 'b', 'c', 'd']],
    ['top_logprobs', { logprobs: { top: 50 } }, 20],
    ['reasoning_effort', { reasoning: { effort: 'none' } }, undefined],
    ['cache_control', { cache: {} }, undefined],
    ['cache_control', { tools: [{ type: 'function', name: 'f', cache: {} }] }, undefined],
    [
      'thinking',
      { vendor: { dialect: 'anthropic-messages', members: { thinking: { type: 'x' } } } },
      undefined,
    ],
    [
      'messages[0].content[0].citations',
      {
        messages: [
          {
            role: 'user',
            parts: [
              {
                type: 'text',
                text: 'a',
                vendor: { dialect: 'anthropic-messages', members: { citations: true } },
              },
            ],
          },
        ],
      },
      undefined,
    ],
  ])('%s', (param, request, sent) => {
    const { body, warnings } = encode(request);
    expect(warnings.map((warning) => warning.param)).toEqual([param]);
    expect(body[param]).toEqual(sent);
  });
});

describe('a 400 that names the field', () => {
  const user = (part: Part): Partial<ConversationRequest> => ({
    messages: [{ role: 'user', parts: [part] }],
  });
  const fileId = { type: 'file-id', dialect: 'anthropic-messages', id: 'f' } as const;
  const vendorPart: Part = {
    type: 'vendor',
    dialect: 'anthropic-messages',
    name: 'server_tool_use',
    value: {},
  };
  test.each<[string, Partial<ConversationRequest>]>([
    [
      'tools[0]',
      { tools: [{ type: 'vendor', dialect: 'anthropic-messages', name: 'web_search', value: {} }] },
    ],
    [
      'tool_choice',
      {
        tools: [{ type: 'function', name: 'f' }],
        toolChoice: { type: 'vendor', dialect: 'anthropic-messages', value: {} },
      },
    ],
    ['messages[0].content[0]', user({ type: 'image', source: fileId })],
    ['messages[0].content[0]', user({ type: 'file', source: fileId })],
    ['messages[0].content[0]', user({ type: 'file', source: { type: 'url', url: 'https://a.test/a.pdf' } })],
    ['messages[0].content[0]', user(vendorPart)],
    ['messages[0].content[0]', { messages: [assistant(vendorPart)] }],
    ['messages[0].content[1]', { messages: [assistant({ type: 'text', text: 'a' }, IMAGE)] }],
  ])('%s', (param, request) => {
    expect(() => encode(request)).toThrow(expect.objectContaining({ kind: 'invalid-request', param }));
  });
});
