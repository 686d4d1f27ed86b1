import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/contract/gateway-error.ts';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts';
import { gemini } from '../../../src/dialects/gemini/index.ts';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import { openaiResponses } from '../../../src/dialects/openai-responses/index.ts';
import type { JsonObject, JsonValue } from '../../../src/json/json-value.ts';

const MANY = 100_000;

type Said = readonly [role: 'user' | 'assistant' | 'tool', text: string];

describe('readTurns', () => {
  it('openai-chat: users and assistants with text, in order, to the latest user text', () => {
    const body: JsonObject = {
      messages: [
        { role: 'system', content: 'rules' },
        { role: 'developer', content: 'more rules' },
        { role: 'user', content: 'first' },
        { role: 'assistant', content: null, tool_calls: [] },
        { role: 'tool', content: 'result' },
        { role: 'assistant', content: 'done' },
        {
          role: 'user',
          content: [{ type: 'text', text: 'second' }, { type: 'image_url' }, { type: 'text', text: 'more' }],
        },
        { role: 'assistant', content: 'a prefill' },
      ],
    };
    expect(openaiChat.readTurns(body, MANY)).toEqual([
      { role: 'user', text: 'first' },
      { role: 'assistant', text: 'done' },
      { role: 'user', text: 'second\nmore' },
    ]);
  });

  it('anthropic-messages: a message of tool results alone is no turn', () => {
    const body: JsonObject = {
      system: 'rules',
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'find it' }] },
        { role: 'assistant', content: [{ type: 'tool_use', id: '1', name: 'grep', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: '1', content: 'found' }] },
      ],
    };
    expect(anthropicMessages.readTurns(body, MANY)).toEqual([{ role: 'user', text: 'find it' }]);
  });

  it('openai-responses: a string, or items of which messages count', () => {
    expect(openaiResponses.readTurns({ input: 'hi' }, MANY)).toEqual([{ role: 'user', text: 'hi' }]);
    const input = [
      { role: 'developer', content: 'rules' },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'find it' }] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'which?' }] },
      { role: 'user', content: 'that one' },
      { type: 'function_call', name: 'grep', call_id: '1', arguments: '{}' },
      { type: 'function_call_output', call_id: '1', output: 'found' },
    ];
    expect(openaiResponses.readTurns({ input }, MANY)).toEqual([
      { role: 'user', text: 'find it' },
      { role: 'assistant', text: 'which?' },
      { role: 'user', text: 'that one' },
    ]);
  });

  describe.each([
    [
      'openai-chat',
      openaiChat,
      (turns: readonly Said[]): JsonObject => ({
        messages: turns.flatMap(([role, text]): JsonValue[] => [
          ...(role === 'tool'
            ? [
                { role: 'assistant', content: null, tool_calls: [] },
                { role, tool_call_id: '1', content: text },
              ]
            : [{ role, content: [{ type: 'text', text }] }]),
        ]),
        tools: [{ type: 'function', function: { name: 'sql', description: 'write a query' } }],
      }),
    ],
    [
      'anthropic-messages',
      anthropicMessages,
      (turns: readonly Said[]): JsonObject => ({
        system: [{ type: 'text', text: 'You write SQL.' }],
        tools: [{ name: 'sql', description: 'write a query', input_schema: {} }],
        messages: turns.flatMap(([role, text]): JsonValue[] =>
          role === 'tool'
            ? [
                { role: 'assistant', content: [{ type: 'tool_use', id: '1', name: 'sql', input: {} }] },
                {
                  role: 'user',
                  content: [
                    { type: 'tool_result', tool_use_id: '1', content: [{ type: 'text', text }] },
                    { type: 'text', text: '<system-reminder>Plan a trip to Rome</system-reminder>' },
                  ],
                },
              ]
            : [{ role, content: [{ type: 'text', text }] }],
        ),
      }),
    ],
    [
      'openai-responses',
      openaiResponses,
      (turns: readonly Said[]): JsonObject => ({
        instructions: 'You write SQL.',
        tools: [{ type: 'function', name: 'sql', description: 'write a query' }],
        input: turns.flatMap(([role, text]): JsonValue[] =>
          role === 'tool'
            ? [
                { type: 'function_call', name: 'sql', call_id: '1', arguments: '{}' },
                { type: 'function_call_output', call_id: '1', output: text },
              ]
            : [{ role, content: [{ type: role === 'user' ? 'input_text' : 'output_text', text }] }],
        ),
      }),
    ],
    [
      'gemini',
      gemini,
      (turns: readonly Said[]): JsonObject => ({
        systemInstruction: { parts: [{ text: 'You write SQL.' }] },
        tools: [{ functionDeclarations: [{ name: 'sql', description: 'write a query' }] }],
        contents: turns.flatMap(([role, text]): JsonValue[] =>
          role === 'tool'
            ? [
                { role: 'model', parts: [{ functionCall: { name: 'sql', args: {} } }] },
                { role: 'user', parts: [{ functionResponse: { name: 'sql', response: { text } } }] },
              ]
            : [{ role: role === 'user' ? 'user' : 'model', parts: [{ text }] }],
        ),
      }),
    ],
  ] as const)('%s: what is wanted', (_name, module, bodyOf) => {
    const asked: Said = ['user', 'Why does the login test fail?'];
    const answered: Said = ['assistant', 'Shall I look at the cookie?'];

    it.each<[string, Said[]]>([
      ['is the question, at first', []],
      ['stays the question after a tool result', [['tool', 'Write a sonnet about the sea']]],
      [
        'stays the question after several',
        [
          ['tool', 'a'],
          ['assistant', 'I see'],
          ['tool', 'b'],
        ],
      ],
      ['stays the question after "yes please"', [answered, ['user', 'Yes, please!']]],
      [
        'stays the question after "continue" and its tool results',
        [answered, ['user', 'continue'], ['tool', 'a'], ['assistant', 'One more'], ['user', 'ok']],
      ],
      ['stays the question after an answer that ends in the middle', [['assistant', 'Because']]],
    ])('%s', (_what, later) => {
      expect(module.readTurns(bodyOf([asked, ...later]), MANY)).toEqual([{ role: 'user', text: asked[1] }]);
    });

    it('is what comes after all that, once it is said', () => {
      const later: Said[] = [answered, ['user', 'continue'], ['tool', 'a'], ['user', 'Now write a poem']];
      expect(module.readTurns(bodyOf([asked, ...later]), MANY)).toEqual([
        { role: 'user', text: asked[1] },
        { role: 'assistant', text: answered[1] },
        { role: 'user', text: 'continue' },
        { role: 'user', text: 'Now write a poem' },
      ]);
    });

    it('is "continue" itself where nothing was said before', () => {
      expect(module.readTurns(bodyOf([['user', 'continue']]), MANY)).toEqual([
        { role: 'user', text: 'continue' },
      ]);
    });

    it('stays the question after an answer of any length', () => {
      const long: Said = ['assistant', 'x'.repeat(2 * MANY)];
      expect(module.readTurns(bodyOf([asked, long, ['user', 'go on']]), MANY)).toEqual([
        { role: 'user', text: asked[1] },
      ]);
    });
  });

  it('stops at enough text, keeping the newest', () => {
    const messages = Array.from({ length: 1000 }, (_, index) => ({
      role: 'user',
      content: `${index}`.padStart(100),
    }));
    const turns = openaiChat.readTurns({ messages }, 1000);
    expect(turns).toHaveLength(10);
    expect(turns.at(-1)?.text.trim()).toBe('999');
  });

  it('gives nothing where nobody wrote anything', () => {
    expect(openaiChat.readTurns({ messages: [{ role: 'user', content: '  ' }] }, MANY)).toEqual([]);
    expect(openaiResponses.readTurns({ previous_response_id: 'r' }, MANY)).toEqual([]);
  });
});

describe('encodeError', () => {
  const error = new GatewayError('invalid-request', 'no good', 'messages[0]');

  it('words one error in each vendor’s body', () => {
    const openai = {
      error: { message: 'no good', type: 'invalid_request_error', param: 'messages[0]', code: null },
    };
    expect(JSON.parse(openaiChat.encodeError(error))).toEqual(openai);
    expect(JSON.parse(openaiResponses.encodeError(error))).toEqual(openai);
    const anthropic = { type: 'error', error: { type: 'invalid_request_error', message: 'no good' } };
    expect(JSON.parse(anthropicMessages.encodeError(error))).toEqual(anthropic);
  });
});

describe('checkRequest', () => {
  it('lets a Responses request leave its input to what the provider has stored', () => {
    expect(() => openaiResponses.checkRequest({ previous_response_id: 'r' })).not.toThrow();
    expect(() => openaiResponses.checkRequest({ previous_response_id: null })).toThrow("'input' is missing");
  });
});
