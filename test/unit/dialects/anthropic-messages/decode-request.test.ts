// What a Messages request means in neutral terms.

import { describe, expect, test } from 'vitest';
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { freeze } from '../openai-chat/freeze.ts';

const USER = { role: 'user', content: 'hi' };
const decode = (body: JsonObject) => anthropicMessages.decodeRequest(freeze(body)).request;
const decodeWith = (more: JsonObject) => decode({ max_tokens: 9, messages: [USER], ...more });
const partsOf = (...content: JsonObject[]) =>
  decode({ messages: [{ role: 'user', content }] }).messages.flatMap(({ parts }) => parts);
const own = (members: JsonObject) => ({ vendor: { dialect: 'anthropic-messages', members } });

test('the system prompt comes first, instructions in mid-conversation stay there', () => {
  const request = decode({
    system: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } }],
    messages: [USER, { role: 'system', content: 'b' }, { role: 'assistant', content: 'c' }],
  });
  expect(request.messages).toEqual([
    { role: 'system', parts: [{ type: 'text', text: 'a', cache: { ttl: '1h' } }] },
    { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
    { role: 'system', parts: [{ type: 'text', text: 'b' }] },
    { role: 'assistant', parts: [{ type: 'text', text: 'c' }] },
  ]);
});

test('results of tools are a message of their own, before what else the turn says', () => {
  const content = [
    { type: 'text', text: 'and?' },
    { type: 'tool_result', tool_use_id: 't1', content: 'ok' },
    { type: 'tool_result', tool_use_id: 't2', is_error: true, content: [{ type: 'text', text: 'no' }] },
  ];
  expect(decode({ messages: [{ role: 'user', content, x_own: 1 }] }).messages).toEqual([
    {
      role: 'tool',
      parts: [
        { type: 'tool-result', toolCallId: 't1', content: [{ type: 'text', text: 'ok' }], isError: false },
        { type: 'tool-result', toolCallId: 't2', content: [{ type: 'text', text: 'no' }], isError: true },
      ],
    },
    { role: 'user', parts: [{ type: 'text', text: 'and?' }], ...own({ x_own: 1 }) },
  ]);
});

test('a role that nobody knows is refused by its place', () => {
  expect(() => decode({ messages: [{ role: 'critic', content: 'a' }] })).toThrow(
    expect.objectContaining({ kind: 'invalid-request', param: 'messages[0].role' }),
  );
});

describe('blocks', () => {
  const png = { type: 'base64', media_type: 'image/png', data: 'AAA=' };
  const pdf = { type: 'base64', media_type: 'application/pdf', data: 'JVBE' };
  test.each<[string, JsonObject, object]>([
    [
      'an image as data',
      { type: 'image', source: png },
      { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAA=' } },
    ],
    [
      'an image with its transformations',
      { type: 'image', source: { type: 'url', url: 'https://a.test' }, transformations: { a: 'b' } },
      {
        type: 'image',
        source: { type: 'url', url: 'https://a.test' },
        ...own({ transformations: { a: 'b' } }),
      },
    ],
    [
      'a document',
      { type: 'document', source: pdf, title: 't', context: 'c', citations: { enabled: true } },
      {
        type: 'file',
        source: { type: 'base64', mediaType: 'application/pdf', data: 'JVBE' },
        name: 't',
        context: 'c',
        citations: true,
      },
    ],
    [
      'a document of plain text',
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a' } },
      { type: 'file', source: { type: 'text', mediaType: 'text/plain', text: 'a' } },
    ],
    [
      'an uploaded document',
      { type: 'document', source: { type: 'file', file_id: 'f1' } },
      { type: 'file', source: { type: 'file-id', dialect: 'anthropic-messages', id: 'f1' } },
    ],
    [
      'a document of pieces, which the text alone does not tell',
      { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'a' }] } },
      {
        type: 'file',
        source: { type: 'text', mediaType: 'text/plain', text: 'a' },
        ...own({ source: { type: 'content', content: [{ type: 'text', text: 'a' }] } }),
      },
    ],
    [
      'a thought without its proof',
      { type: 'thinking', thinking: 'hm', signature: '' },
      { type: 'reasoning', text: 'hm' },
    ],
    [
      'a redacted thought',
      { type: 'redacted_thinking', data: 'x' },
      {
        type: 'reasoning',
        text: '',
        redacted: true,
        signature: { dialect: 'anthropic-messages', value: 'x' },
      },
    ],
    [
      "another vendor's thought on its way back",
      { type: 'thinking', thinking: 'hm', signature: 'pointsman.gemini.x' },
      { type: 'reasoning', text: 'hm', signature: { dialect: 'gemini', value: 'x' } },
    ],
    [
      'a call that the model itself made',
      { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 }, caller: { type: 'direct' } },
      { type: 'tool-call', id: 't1', name: 'f', arguments: '{"a":1}' },
    ],
    [
      'a call out of a program',
      { type: 'tool_use', id: 't1', name: 'f', input: {}, caller: { type: 'code_execution_20260120' } },
      {
        type: 'tool-call',
        id: 't1',
        name: 'f',
        arguments: '{}',
        ...own({ caller: { type: 'code_execution_20260120' } }),
      },
    ],
  ])('%s', (_, block, part) => {
    expect(partsOf(block)).toEqual([part]);
  });

  test('a search result is a document to others', () => {
    const block = {
      type: 'search_result',
      source: 'https://a.test',
      title: 't',
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
      citations: { enabled: true },
    };
    const part = {
      type: 'file',
      source: { type: 'text', mediaType: 'text/plain', text: 'a\nb' },
      name: 't',
      context: 'https://a.test',
      citations: true,
      ...own({ search_result: block }),
    };
    expect(partsOf(block)).toEqual([part]);
    expect(partsOf({ type: 'tool_result', tool_use_id: 't', content: [block] })).toEqual([
      { type: 'tool-result', toolCallId: 't', content: [part], isError: false },
    ]);
  });

  test.each<[string, JsonObject]>([
    ['what a server tool did', { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }],
    [
      'a document with images',
      { type: 'document', source: { type: 'content', content: [{ type: 'image' }] } },
    ],
    ['an unknown source', { type: 'image', source: { type: 'of_tomorrow' } }],
    ['a result that refers to tools', { type: 'tool_result', content: [{ type: 'tool_reference' }] }],
  ])("%s is the vendor's own, as it came", (_, block) => {
    expect(partsOf(block)).toEqual([
      { type: 'vendor', dialect: 'anthropic-messages', name: block['type'], value: block },
    ]);
  });

  test("a citation's places are in its source, so they stay the vendor's own", () => {
    const citation = {
      type: 'char_location',
      cited_text: 'c',
      document_index: 0,
      document_title: 'd',
      start_char_index: 1,
      end_char_index: 2,
    };
    expect(partsOf({ type: 'text', text: 'a', citations: [citation] })).toEqual([
      { type: 'text', text: 'a', citations: [{ title: 'd', citedText: 'c', ...own(citation) }] },
    ]);
  });

  test("Gemini's signature goes back to its call", () => {
    const call = { type: 'tool_use', id: 't1', name: 'f', input: {} };
    const carrier = { type: 'redacted_thinking', data: 'pointsman.gemini.call.2.t1abc' };
    expect(partsOf(call, { ...call, id: 't2' }, carrier)).toEqual([
      {
        type: 'tool-call',
        id: 't1',
        name: 'f',
        arguments: '{}',
        signature: { dialect: 'gemini', value: 'abc' },
      },
      { type: 'tool-call', id: 't2', name: 'f', arguments: '{}' },
    ]);
  });
});

describe('tools', () => {
  test('keep what is the vendor’s own, in their order', () => {
    const search = { type: 'web_search_20260318', name: 'web_search' };
    const custom = {
      type: 'custom',
      name: 'f',
      description: 'd',
      input_schema: { type: 'object' },
      strict: false,
      cache_control: { type: 'ephemeral' },
      defer_loading: true,
    };
    expect(decodeWith({ tools: [search, custom] }).tools).toEqual([
      { type: 'vendor', dialect: 'anthropic-messages', name: 'web_search', value: search },
      {
        type: 'function',
        name: 'f',
        description: 'd',
        parameters: { type: 'object' },
        strict: false,
        cache: {},
        ...own({ defer_loading: true }),
      },
    ]);
  });

  test.each<[JsonObject, object]>([
    [{ type: 'auto' }, { toolChoice: { type: 'auto' } }],
    [
      { type: 'any', disable_parallel_tool_use: true },
      { toolChoice: { type: 'required' }, parallelToolCalls: false },
    ],
    [{ type: 'tool', name: 'f' }, { toolChoice: { type: 'tools', names: ['f'] } }],
    [{ type: 'none' }, { toolChoice: { type: 'none' } }],
    [
      { type: 'later' },
      { toolChoice: { type: 'vendor', dialect: 'anthropic-messages', value: { type: 'later' } } },
    ],
  ])('the choice %j', (tool_choice, expected) => {
    expect(decodeWith({ tool_choice })).toMatchObject(expected);
  });
});

describe('reasoning', () => {
  test.each<[JsonObject, object | undefined]>([
    [{ thinking: { type: 'enabled', budget_tokens: 2000 } }, { budgetTokens: 2000, visible: true }],
    [{ thinking: { type: 'adaptive', display: 'omitted' } }, { adaptive: true, visible: false }],
    [
      { thinking: { type: 'adaptive' }, output_config: { effort: 'max' } },
      { adaptive: true, effort: 'max', visible: true },
    ],
    [{ thinking: { type: 'disabled' } }, { effort: 'none' }],
    [{ thinking: { type: 'between_tools' } }, { effort: 'none' }],
    [{ output_config: { effort: 'low' } }, { effort: 'low', adaptive: false }],
    [{}, undefined],
  ])('%j', (members, reasoning) => {
    expect(decodeWith(members).reasoning).toEqual(reasoning);
  });

  test('an effort beside thinking that is off stays the vendor’s own', () => {
    const members = { thinking: { type: 'disabled' }, output_config: { effort: 'max' } };
    expect(decodeWith(members).vendor?.members).toEqual({ output_config: { effort: 'max' } });
  });
});

test('settings, and whatever else the body has', () => {
  expect(
    decode({
      model: 'm',
      stream: true,
      messages: [USER],
      max_tokens: 0,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 4,
      stop_sequences: ['END'],
      metadata: { user_id: 'u', x_team: 't' },
      service_tier: 'auto',
      cache_control: { type: 'ephemeral' },
      output_config: {
        format: { type: 'json_schema', schema: { type: 'object' } },
        task_budget: { total: 1 },
      },
      thinking: { type: 'adaptive', block_binding: {} },
      container: 'c',
      context_management: null,
      routing_policy: [],
    }),
  ).toEqual({
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
    maxTokens: 0,
    temperature: 0.5,
    topP: 0.9,
    topK: 4,
    stop: ['END'],
    user: 'u',
    serviceTier: 'auto',
    cache: {},
    format: { type: 'json-schema', name: '', schema: { type: 'object' }, strict: true },
    reasoning: { adaptive: true, visible: true },
    ...own({
      container: 'c',
      thinking: { block_binding: {} },
      output_config: { task_budget: { total: 1 } },
      metadata: { x_team: 't' },
    }),
  });
});

test('the earlier place of the format', () => {
  const output_format = { type: 'json_schema', schema: { type: 'object' } };
  expect(decodeWith({ output_format }).format).toMatchObject({ schema: { type: 'object' } });
});
