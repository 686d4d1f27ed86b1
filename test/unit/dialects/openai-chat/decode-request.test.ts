// What a Chat request means in neutral terms, and what of it is refused because no other dialect can be told.

import { describe, expect, test } from 'vitest';
import { openaiChat } from '../../../../src/dialects/openai-chat/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { freeze } from './freeze.ts';

const USER = { role: 'user', content: 'hi' };
const decode = (body: JsonObject) => openaiChat.decodeRequest(freeze(body));
const decodeWith = (more: JsonObject) => decode({ messages: [USER], ...more }).request;
const partsOf = (message: JsonObject) => decode({ messages: [message] }).request.messages[0]?.parts;

describe('messages', () => {
  test('instructions keep their place and their role', () => {
    const messages = [
      { role: 'system', content: 'a' },
      { role: 'developer', content: [{ type: 'text', text: 'b' }] },
      { role: 'user', name: 'ann', content: 'c' },
      { role: 'system', content: 'd' },
    ];
    expect(decode({ messages }).request.messages).toEqual([
      { role: 'system', parts: [{ type: 'text', text: 'a' }] },
      { role: 'developer', parts: [{ type: 'text', text: 'b' }] },
      { role: 'user', name: 'ann', parts: [{ type: 'text', text: 'c' }] },
      { role: 'system', parts: [{ type: 'text', text: 'd' }] },
    ]);
  });

  test.each([
    [
      'an image by URL',
      { type: 'image_url', image_url: { url: 'https://a.test/b.png', detail: 'low' } },
      { type: 'image', source: { type: 'url', url: 'https://a.test/b.png' }, detail: 'low' },
    ],
    [
      'an image as data',
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAA=' } },
      { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAA=' } },
    ],
    [
      'an image in the finest detail',
      { type: 'image_url', image_url: { url: 'https://a.test/b.png', detail: 'original' } },
      { type: 'image', source: { type: 'url', url: 'https://a.test/b.png' }, detail: 'high' },
    ],
    [
      'a file as data',
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' } },
      {
        type: 'file',
        source: { type: 'base64', mediaType: 'application/pdf', data: 'JVBE' },
        name: 'a.pdf',
      },
    ],
    [
      'a file by its id',
      { type: 'file', file: { file_id: 'file-1' } },
      { type: 'file', source: { type: 'file-id', dialect: 'openai-chat', id: 'file-1' } },
    ],
    [
      'audio',
      { type: 'input_audio', input_audio: { data: 'AAA=', format: 'mp3' } },
      { type: 'audio', data: 'AAA=', mediaType: 'audio/mpeg' },
    ],
    [
      "a cache breakpoint in Anthropic's words",
      { type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } },
      { type: 'text', text: 'a', cache: { ttl: '1h' } },
    ],
    [
      "a cache breakpoint in OpenAI's",
      { type: 'text', text: 'a', prompt_cache_breakpoint: { mode: 'explicit' } },
      { type: 'text', text: 'a', cache: {} },
    ],
    [
      'a member that only its server knows',
      { type: 'text', text: 'a', priority: 3 },
      { type: 'text', text: 'a', vendor: { dialect: 'openai-chat', members: { priority: 3 } } },
    ],
  ])('%s', (_, wire: JsonObject, part) => {
    expect(partsOf({ role: 'user', content: [wire] })).toEqual([part]);
  });

  test('an assistant that called tools: no content, arguments as they came, {} for none', () => {
    const calls = [
      {
        id: 'c1',
        type: 'function',
        function: { name: 'f', arguments: '{"n": 9007199254740993}' },
        extra_content: { google: { thought_signature: 'S1' } },
      },
      { id: 'c2', type: 'function', function: { name: 'g', arguments: '' } },
    ];
    expect(partsOf({ role: 'assistant', content: null, refusal: null, tool_calls: calls })).toEqual([
      {
        type: 'tool-call',
        id: 'c1',
        name: 'f',
        arguments: '{"n": 9007199254740993}',
        signature: { dialect: 'openai-chat', value: 'S1' },
      },
      { type: 'tool-call', id: 'c2', name: 'g', arguments: '{}' },
    ]);
  });

  test('what a tool gave, images included', () => {
    const content = [
      { type: 'text', text: 'a' },
      { type: 'image_url', image_url: { url: 'https://a.test/b.png' } },
    ];
    expect(partsOf({ role: 'tool', tool_call_id: 'c1', content })).toEqual([
      {
        type: 'tool-result',
        toolCallId: 'c1',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image', source: { type: 'url', url: 'https://a.test/b.png' } },
        ],
        isError: false,
      },
    ]);
  });

  test.each([
    ['the text alone', { reasoning_content: 'Hm' }, [{ type: 'reasoning', text: 'Hm' }]],
    ["OpenRouter's and Groq's name of it", { reasoning: 'Hm' }, [{ type: 'reasoning', text: 'Hm' }]],
    [
      "another vendor's signature, unwrapped",
      {
        reasoning_content: 'Hm',
        reasoning_details: [
          { type: 'reasoning.text', text: 'Hm', signature: 'pointsman.anthropic-messages.S' },
        ],
      },
      [{ type: 'reasoning', text: 'Hm', signature: { dialect: 'anthropic-messages', value: 'S' } }],
    ],
    [
      'the pieces of a stream, joined up to each signature',
      {
        reasoning_details: [
          { type: 'reasoning.text', text: 'a' },
          { type: 'reasoning.text', text: 'b' },
          { type: 'reasoning.text', text: '', signature: 'S1' },
          { type: 'reasoning.text', text: 'c', signature: 'S2' },
          { type: 'reasoning.encrypted', data: 'D', id: 'rs_1' },
        ],
      },
      [
        { type: 'reasoning', text: 'ab', signature: { dialect: 'openai-chat', value: 'S1' } },
        { type: 'reasoning', text: 'c', signature: { dialect: 'openai-chat', value: 'S2' } },
        {
          type: 'reasoning',
          text: '',
          signature: { dialect: 'openai-chat', value: 'D' },
          redacted: true,
          id: 'rs_1',
        },
      ],
    ],
    [
      'the text in one place and its signature in another',
      {
        reasoning_content: 'Hm',
        reasoning_details: [{ type: 'reasoning.text', text: '', signature: 'S' }],
      },
      [{ type: 'reasoning', text: 'Hm', signature: { dialect: 'openai-chat', value: 'S' } }],
    ],
    [
      'a summary',
      { reasoning_details: [{ type: 'reasoning.summary', summary: 'Hm' }] },
      [{ type: 'reasoning', text: 'Hm' }],
    ],
  ])('reasoning that comes back: %s', (_, members: JsonObject, parts) => {
    expect(partsOf({ role: 'assistant', content: '', ...members })).toEqual(parts);
  });
});

describe('members', () => {
  test('all that the neutral terms have a place for', () => {
    const request = decodeWith({
      model: 'm',
      stream: true,
      tools: [
        {
          type: 'function',
          function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
        },
        { type: 'custom', custom: { name: 'c' } },
      ],
      tool_choice: { type: 'function', function: { name: 'f' } },
      parallel_tool_calls: false,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 's', schema: { type: 'object' }, strict: true },
      },
      reasoning_effort: 'low',
      max_completion_tokens: 10,
      max_tokens: 20,
      temperature: 0.5,
      top_p: 0.9,
      frequency_penalty: 1,
      presence_penalty: -1,
      seed: 7,
      stop: 'END',
      n: 2,
      logprobs: true,
      top_logprobs: 3,
      user: 'u',
      metadata: { a: 'b' },
      service_tier: 'fast',
      prompt_cache_key: 'k',
      store: false,
    });
    expect(request).toEqual({
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
      tools: [
        { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
        { type: 'custom', name: 'c' },
      ],
      toolChoice: { type: 'tools', names: ['f'] },
      parallelToolCalls: false,
      format: { type: 'json-schema', name: 's', schema: { type: 'object' }, strict: true },
      reasoning: { effort: 'low' },
      maxTokens: 10,
      temperature: 0.5,
      topP: 0.9,
      frequencyPenalty: 1,
      presencePenalty: -1,
      seed: 7,
      stop: ['END'],
      answers: 2,
      logprobs: { top: 3 },
      user: 'u',
      metadata: { a: 'b' },
      serviceTier: 'priority',
      cacheKey: 'k',
    });
  });

  test('the older name of the limit', () => expect(decodeWith({ max_tokens: 20 }).maxTokens).toBe(20));

  test('null is absent, everywhere', () => {
    const names =
      'stop temperature top_p n seed max_tokens tools tool_choice response_format metadata logprobs user audio ' +
      'modalities prediction functions function_call service_tier reasoning_effort web_search_options logit_bias';
    const nulls = Object.fromEntries(names.split(' ').map((name) => [name, null]));
    expect(decodeWith(nulls)).toEqual(decodeWith({}));
  });

  test('what only OpenAI or its server knows is kept, also values of known members', () => {
    const own = { logit_bias: { 1: 2 }, verbosity: 'low', service_tier: 'scale', reasoning_effort: 'ultra' };
    expect(decodeWith(own).vendor).toEqual({ dialect: 'openai-chat', members: own });
  });

  test.each([
    [
      'one of several functions',
      {
        type: 'allowed_tools',
        allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
      { type: 'tools', names: ['f'] },
    ],
    ['a custom tool', { type: 'custom', custom: { name: 'c' } }, { type: 'tools', names: ['c'] }],
    ['any', 'required', { type: 'required' }],
  ])('a choice of %s', (_, choice, expected) => {
    expect(decodeWith({ tool_choice: choice }).toolChoice).toEqual(expected);
  });

  test('whether the client asked for the usage of a stream is remembered', () => {
    const asked = { messages: [USER], stream: true, stream_options: { include_usage: true } };
    expect(decode(asked).memo).toEqual({ includeUsage: true });
    expect(decode({ messages: [USER], stream: true }).memo).toEqual({});
  });
});

describe('a 400 that names the field', () => {
  const audio = { role: 'assistant', audio: { id: 'a' } };
  const legacy = { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } };
  test.each<[string, JsonObject]>([
    ['functions', { functions: [{ name: 'f' }] }],
    ['web_search_options', { web_search_options: {} }],
    ['modalities', { modalities: ['text', 'audio'] }],
    ['response_format', { response_format: { type: 'grammar' } }],
    ['response_format.json_schema.schema', { response_format: { type: 'json_schema', json_schema: {} } }],
    ['temperature', { temperature: '0.5' }],
    ['stop', { stop: [1] }],
    ['metadata.a', { metadata: { a: 1 } }],
    ['messages[0].role', { messages: [{ role: 'function', name: 'f', content: 'x' }] }],
    ['messages[0].function_call', { messages: [legacy] }],
    ['messages[0].audio', { messages: [audio] }],
    ['messages[0].content[0]', { messages: [{ role: 'user', content: [{ type: 'video_url' }] }] }],
    [
      'messages[0].content[0].image_url',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] },
    ],
    [
      'messages[0].content[0]',
      {
        messages: [
          { role: 'tool', tool_call_id: 'c', content: [{ type: 'input_audio', input_audio: { data: 'A' } }] },
        ],
      },
    ],
  ])('%s', (param, more) => {
    expect(() => decodeWith(more)).toThrow(expect.objectContaining({ kind: 'invalid-request', param }));
  });
});
