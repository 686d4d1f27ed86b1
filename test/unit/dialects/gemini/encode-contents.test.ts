// How messages stand in the contents that Gemini is asked.

import { describe, expect, test } from 'vitest';
import type { ConversationRequest, Message } from '../../../../src/conversation/conversation-request.ts';
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
          { functionResponse: { name: 'f', response: { error: 'no' } } },
          { functionResponse: { name: 'g', response: { output: 'two' } } },
          { text: 'hi' },
        ],
      },
    ]);
  });

  test('of one function are in one order, since without ids that tells which is which', () => {
    const calls = assistant(call('c1', 'f', { arguments: '{"a":1}' }), call('c2', 'f'));
    const together: Message = {
      role: 'tool',
      parts: [...result('c2', 'second').parts, ...result('c1', 'first').parts],
    };
    const expected = ['first', 'second'].map((output) => ({
      functionResponse: { name: 'f', response: { output } },
    }));
    for (const results of [[together], [result('c2', 'second'), result('c1', 'first')]]) {
      const contents = contentsOf([HI, calls, ...results]) as JsonValue[];
      expect(contents[2]).toEqual({ role: 'user', parts: expected });
    }
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

  test('a file without its name, which Gemini has no place for', () => {
    const source = { type: 'base64', mediaType: 'application/pdf', data: 'AAA=' } as const;
    expect(partsOf({ type: 'file', source, name: 'report.pdf' })).toEqual({
      body: {
        contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'application/pdf', data: 'AAA=' } }] }],
      },
      warnings: [{ param: 'messages[0].content[0].filename', message: 'not known to gemini' }],
    });
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
