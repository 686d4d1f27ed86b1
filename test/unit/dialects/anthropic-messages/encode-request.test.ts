// What a Messages server is asked, and what it cannot be told.

import { describe, expect, test } from 'vitest';
import type { ConversationRequest, Message } from '../../../../src/conversation/conversation-request.ts';
import type { Part, ToolCallPart } from '../../../../src/conversation/part.ts';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { freeze } from '../openai-chat/freeze.ts';

const HI: Message = { role: 'user', parts: [{ type: 'text', text: 'hi' }] };
const HI_ON_WIRE = { role: 'user', content: [{ type: 'text', text: 'hi' }] };
const OLD = 'claude-sonnet-4-20250514';
const NEW = 'claude-opus-4-8';

function encode(request: Partial<ConversationRequest>, modelId = OLD, stream = false) {
  const target = { modelId, stream, asksForUsage: true };
  return anthropicMessages.encodeRequest(freeze({ messages: [HI], ...request }), target);
}
const bodyOf = (request: Partial<ConversationRequest>, modelId = OLD) => encode(request, modelId).body;
const messagesOf = (messages: readonly Message[], modelId = OLD) => bodyOf({ messages }, modelId)['messages'];
const contentOf = (...parts: Part[]) => {
  const [turn] = messagesOf([{ role: 'user', parts }]) as unknown as { content: JsonObject[] }[];
  return turn?.content;
};
const user = (...parts: Part[]): Message => ({ role: 'user', parts });
const assistant = (...parts: Part[]): Message => ({ role: 'assistant', parts });
const text = (words: string): Part => ({ type: 'text', text: words });
const call = (id: string, json = '{}'): ToolCallPart => ({
  type: 'tool-call',
  id,
  name: 'f',
  arguments: json,
});
const result = (toolCallId: string): Message => ({
  role: 'tool',
  parts: [{ type: 'tool-result', toolCallId, content: [{ type: 'text', text: 'ok' }], isError: false }],
});

test('a body with every member that the dialect has a place for', () => {
  const { body, warnings } = encode(
    {
      messages: [{ role: 'system', parts: [text('s')] }, HI],
      tools: [
        {
          type: 'function',
          name: 'z',
          description: 'd',
          parameters: { type: 'object' },
          cache: { ttl: '1h' },
        },
        { type: 'function', name: 'a' },
      ],
      toolChoice: { type: 'required' },
      parallelToolCalls: false,
      format: { type: 'json-schema', name: 'n', schema: { type: 'object', additionalProperties: false } },
      maxTokens: 10,
      temperature: 0.5,
      topK: 4,
      stop: ['END'],
      user: 'u',
      serviceTier: 'default',
      cache: {},
    },
    OLD,
    true,
  );
  expect(body).toEqual({
    model: OLD,
    max_tokens: 10,
    system: [{ type: 'text', text: 's' }],
    messages: [HI_ON_WIRE],
    tools: [
      {
        name: 'z',
        description: 'd',
        input_schema: { type: 'object' },
        cache_control: { type: 'ephemeral', ttl: '1h' },
      },
      { name: 'a', input_schema: { type: 'object', properties: {} } },
    ],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
    output_config: {
      format: { type: 'json_schema', schema: { type: 'object', additionalProperties: false } },
    },
    temperature: 0.5,
    top_k: 4,
    stop_sequences: ['END'],
    metadata: { user_id: 'u' },
    service_tier: 'standard_only',
    cache_control: { type: 'ephemeral' },
    stream: true,
  });
  expect(warnings).toEqual([]);
});

test('a limit is always sent, with room for thinking; 0 is kept', () => {
  expect(bodyOf({})).toMatchObject({ max_tokens: 8192 });
  expect(bodyOf({}, 'claude-opus-5')).toMatchObject({ max_tokens: 8192 + 16_384 });
  expect(bodyOf({ reasoning: { effort: 'low' } })).toMatchObject({ max_tokens: 8192 + 2048 });
  const warming = bodyOf({ maxTokens: 0, reasoning: { effort: 'low' } });
  expect(warming).toMatchObject({ max_tokens: 0 });
  expect(warming).not.toHaveProperty('thinking');
});

test('what it cannot be told is a warning', () => {
  const { warnings } = encode({
    messages: [
      { ...HI, name: 'ann', vendor: { dialect: 'gemini', members: { a: 1 } } },
      user({ type: 'text', text: 'a', vendor: { dialect: 'openai-chat', members: { b: 1 } } }),
    ],
    tools: [{ type: 'function', name: 'f', vendor: { dialect: 'openai-responses', members: { c: 1 } } }],
    seed: 1,
    frequencyPenalty: 1,
    presencePenalty: 0,
    logprobs: { top: 1 },
    cacheKey: 'k',
    answers: 2,
    metadata: { a: 'b' },
    format: { type: 'json' },
    serviceTier: 'flex',
    stop: [' ', 'a'],
    vendor: { dialect: 'openai-chat', members: { logit_bias: {} } },
  });
  expect(warnings.map(({ param }) => param).sort()).toEqual(
    [
      'logit_bias',
      'seed',
      'frequency_penalty',
      'logprobs',
      'prompt_cache_key',
      'n',
      'metadata',
      'messages[0].name',
      'messages[0].a',
      'messages[1].content[0].b',
      'tools[0].c',
      'response_format',
      'service_tier',
      'stop',
    ].sort(),
  );
});

describe('turns', () => {
  test('of one role that follow one another are one, results first', () => {
    expect(messagesOf([HI, assistant(call('c1')), HI, result('c1')])).toEqual([
      HI_ON_WIRE,
      { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'f', input: {} }] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'ok' }] },
          { type: 'text', text: 'hi' },
        ],
      },
    ]);
  });

  test('without content are left out', () => {
    expect(messagesOf([HI, assistant(text(' ')), HI])).toEqual([
      { role: 'user', content: [...HI_ON_WIRE.content, ...HI_ON_WIRE.content] },
    ]);
  });

  test('begin with the user', () => {
    const { body, warnings } = encode({ messages: [assistant(text('Welcome!')), HI] });
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: '.' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'Welcome!' }] },
      HI_ON_WIRE,
    ]);
    expect(warnings).toMatchObject([{ param: 'messages[0]' }]);
  });

  test('are made of instructions where there is nothing else', () => {
    const { body, warnings } = encode({ messages: [{ role: 'system', parts: [text('s')] }] });
    expect(body).toMatchObject({ messages: [{ role: 'user', content: [{ type: 'text', text: 's' }] }] });
    expect(body).not.toHaveProperty('system');
    expect(warnings).toMatchObject([{ param: 'messages' }]);
  });

  test('that the model is to go on from end without white space, or in a turn of the user', () => {
    const messages = [HI, assistant(text('I say '))];
    expect(messagesOf(messages)).toEqual([
      HI_ON_WIRE,
      { role: 'assistant', content: [{ type: 'text', text: 'I say' }] },
    ]);
    const { body, warnings } = encode({ messages }, NEW);
    expect(body['messages']).toMatchObject([{}, { role: 'assistant' }, { role: 'user' }]);
    expect(warnings).toMatchObject([{ param: 'messages' }]);
  });

  test('that were paused go back as they are', () => {
    const used = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    const part: Part = {
      type: 'vendor',
      dialect: 'anthropic-messages',
      name: 'server_tool_use',
      value: used,
    };
    const { body, warnings } = encode({ messages: [HI, assistant(part)] }, NEW);
    expect(body['messages']).toEqual([HI_ON_WIRE, { role: 'assistant', content: [used] }]);
    expect(warnings).toEqual([]);
  });

  test.each([
    [OLD, false],
    [NEW, true],
  ])('of instructions in mid-conversation stay where %s takes them: %s', (modelId, stay) => {
    const messages: Message[] = [
      HI,
      { role: 'developer', parts: [text('short')] },
      assistant(text('ok')),
      HI,
    ];
    const { body, warnings } = encode({ messages }, modelId);
    expect(body['messages']).toHaveLength(stay ? 4 : 3);
    expect(body['system']).toEqual(stay ? undefined : [{ type: 'text', text: 'short' }]);
    expect(warnings).toEqual(stay ? [] : [{ param: 'messages[1]', message: 'moved to the system prompt' }]);
  });

  test('of instructions are moved where the platform refuses them', () => {
    const messages: Message[] = [HI, { role: 'system', parts: [text('short')] }];
    const target = { modelId: NEW, stream: false, asksForUsage: true };
    const encoded = (takesSystemTurns: boolean) =>
      anthropicMessages.encodeRequest({ messages }, { ...target, takesSystemTurns }).body;
    expect(encoded(true)).not.toHaveProperty('system');
    expect(encoded(false)).toMatchObject({ system: [{ type: 'text', text: 'short' }] });
  });

  test('of instructions between two turns of the user are moved everywhere', () => {
    const messages: Message[] = [HI, { role: 'system', parts: [text('short')] }, HI];
    expect(bodyOf({ messages }, NEW)).toMatchObject({ system: [{ type: 'text', text: 'short' }] });
  });
});

describe('parts', () => {
  const base64 = (mediaType: string, data: string) => ({ type: 'base64', mediaType, data }) as const;
  test.each<[string, Part, object]>([
    [
      'an image',
      { type: 'image', source: base64('image/jpg', 'AAA=') },
      { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AAA=' } },
    ],
    [
      'a document',
      { type: 'file', source: base64('application/pdf', 'JVBE'), name: 'n', citations: true },
      {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' },
        title: 'n',
        citations: { enabled: true },
      },
    ],
    [
      'a file whose bytes are text',
      { type: 'file', source: base64('text/csv; charset=utf-8', Buffer.from('a,ü').toString('base64')) },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a,ü' } },
    ],
    [
      'a file of its own',
      { type: 'file', source: { type: 'file-id', dialect: 'anthropic-messages', id: 'f' } },
      { type: 'document', source: { type: 'file', file_id: 'f' } },
    ],
    ['a refusal', { type: 'refusal', text: 'no' }, { type: 'text', text: 'no' }],
    [
      'arguments as an object, none as an empty one',
      call('c', ''),
      { type: 'tool_use', id: 'c', name: 'f', input: {} },
    ],
  ])('%s', (_, part, block) => {
    expect(contentOf(part)).toEqual([block]);
  });

  test.each<[string, Part]>([
    ['image of the type image/bmp', { type: 'image', source: base64('image/bmp', 'AAA=') }],
    ['file of the type application/zip', { type: 'file', source: base64('application/zip', 'AAA=') }],
    [
      'image that was uploaded elsewhere',
      { type: 'image', source: { type: 'file-id', dialect: 'openai-chat', id: 'f' } },
    ],
    ['piece of audio', { type: 'audio', mediaType: 'audio/wav', data: 'AAA=' }],
    ['thing block', { type: 'vendor', dialect: 'gemini', name: 'thing', value: {} }],
  ])('a %s is refused', (what, part) => {
    expect(() => contentOf(text('a'), part)).toThrow(
      expect.objectContaining({
        kind: 'invalid-request',
        param: 'messages[0].content[1]',
        message: `'messages[0].content[1]' is a ${what}, which anthropic-messages cannot be told`,
      }),
    );
  });

  test('an image among instructions is refused', () => {
    const image: Part = { type: 'image', source: { type: 'url', url: 'https://a.test' } };
    const messages: Message[] = [{ role: 'system', parts: [text('a'), image] }, HI];
    expect(() => encode({ messages })).toThrow(expect.objectContaining({ param: 'messages[0].content[1]' }));
  });

  test('arguments that are no object are refused', () => {
    expect(() => contentOf(call('c', '[1]'))).toThrow(
      expect.objectContaining({ param: 'messages[0].content[0]' }),
    );
  });

  test('only reasoning that the vendor signed goes along', () => {
    const said = assistant(
      { type: 'reasoning', text: 'a' },
      { type: 'reasoning', text: 'b', signature: { dialect: 'gemini', value: 'x' } },
      { type: 'reasoning', text: 'c', signature: { dialect: 'anthropic-messages', value: 'y' } },
      { ...call('c1'), signature: { dialect: 'gemini', value: 'z' } },
    );
    expect(messagesOf([HI, said, result('c1')])).toMatchObject([
      {},
      { content: [{ type: 'thinking', thinking: 'c', signature: 'y' }, { type: 'tool_use' }] },
      {},
    ]);
  });

  test('only what the vendor cited itself goes along', () => {
    const own = { type: 'page_location', cited_text: 'c' };
    const part: Part = {
      type: 'text',
      text: 'a',
      citations: [
        { url: 'https://a.test' },
        { citedText: 'c', vendor: { dialect: 'anthropic-messages', members: own } },
      ],
    };
    const { body, warnings } = encode({ messages: [user(part)] });
    expect(body['messages']).toMatchObject([{ content: [{ type: 'text', text: 'a', citations: [own] }] }]);
    expect(warnings).toMatchObject([{ param: 'messages[0].content[0].citations' }]);
  });

  test('ids that the vendor refuses are spelt anew, the same in a call and its result', () => {
    const messages = messagesOf([HI, assistant(call('functions.f:0')), result('functions.f:0')]);
    const id = `toolu_${Buffer.from('functions.f:0').toString('base64url')}`;
    expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
    expect(messages).toMatchObject([{}, { content: [{ id }] }, { content: [{ tool_use_id: id }] }]);
  });
});

describe('tools', () => {
  test("another vendor's are refused by their place", () => {
    const tools = [{ type: 'vendor', dialect: 'gemini', name: 'googleSearch', value: {} } as const];
    expect(() => encode({ tools })).toThrow(expect.objectContaining({ param: 'tools[0]' }));
  });

  test.each<[Partial<ConversationRequest>, object | undefined, readonly string[]]>([
    [{ toolChoice: { type: 'tools', names: ['f'] } }, { type: 'tool', name: 'f' }, []],
    [{ toolChoice: { type: 'tools', names: ['f', 'g'] } }, { type: 'any' }, ['tool_choice']],
    [{ parallelToolCalls: false }, { type: 'auto', disable_parallel_tool_use: true }, []],
    [{ toolChoice: { type: 'none' }, parallelToolCalls: false }, { type: 'none' }, []],
    [{}, undefined, []],
  ])('the choice %j', (request, choice, params) => {
    const { body, warnings } = encode({ tools: [{ type: 'function', name: 'f' }], ...request });
    expect(body['tool_choice']).toEqual(choice);
    expect(warnings.map(({ param }) => param)).toEqual(params);
  });

  test('a choice without tools is not sent', () => {
    expect(bodyOf({ toolChoice: { type: 'required' } })).not.toHaveProperty('tool_choice');
  });

  test('are not forced on a model that always thinks', () => {
    const tools = [{ type: 'function', name: 'f' } as const];
    const { body, warnings } = encode({ tools, toolChoice: { type: 'required' } }, 'claude-opus-5-5');
    expect(body['tool_choice']).toEqual({ type: 'auto' });
    expect(warnings).toMatchObject([{ param: 'tool_choice' }]);
  });

  test('that are forced keep a model from thinking with a budget, not from adaptive thinking', () => {
    const request: Partial<ConversationRequest> = {
      tools: [{ type: 'function', name: 'f' }],
      toolChoice: { type: 'required' },
      reasoning: { effort: 'high' },
    };
    const { body, warnings } = encode(request);
    expect(body).toMatchObject({ tool_choice: { type: 'any' } });
    expect(body).not.toHaveProperty('thinking');
    expect(warnings).toMatchObject([{ param: 'reasoning' }]);
    expect(bodyOf(request, NEW)).toMatchObject({
      tool_choice: { type: 'any' },
      thinking: { type: 'adaptive' },
    });
  });
});
