// What a generateContent request's contents say in neutral terms.

import { describe, expect, test } from 'vitest';
import type { ConversationRequest } from '../../../../src/conversation/conversation-request.ts';
import { gemini } from '../../../../src/dialects/gemini/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { freeze } from '../openai-chat/freeze.ts';

const HI = { role: 'user', parts: [{ text: 'hi' }] };
const HI_NEUTRAL = { role: 'user', parts: [{ type: 'text', text: 'hi' }] };

const decode = (body: JsonObject): ConversationRequest => gemini.decodeRequest(freeze(body)).request;
const messagesOf = (...contents: JsonObject[]) => decode({ contents }).messages;
const partsOf = (...parts: JsonObject[]) =>
  messagesOf({ role: 'user', parts }).flatMap((message) => message.parts);
const modelParts = (...parts: JsonObject[]) =>
  messagesOf({ role: 'model', parts }).flatMap((message) => message.parts);
const signature = (value: string) => ({ dialect: 'gemini', value });

describe('calls and results', () => {
  test('belong together by id', () => {
    expect(
      messagesOf(
        {
          role: 'model',
          parts: [
            { functionCall: { id: 'c1', name: 'f', args: { a: 1 } }, thoughtSignature: 'sig' },
            { functionCall: { id: 'c2', name: 'f' } },
          ],
        },
        {
          role: 'user',
          parts: [
            { functionResponse: { id: 'c2', name: 'f', response: { error: 'no' } } },
            { functionResponse: { id: 'c1', name: 'f', response: { output: 'yes' } } },
          ],
        },
      ),
    ).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'tool-call', id: 'c1', name: 'f', arguments: '{"a":1}', signature: signature('sig') },
          { type: 'tool-call', id: 'c2', name: 'f', arguments: '{}' },
        ],
      },
      {
        role: 'tool',
        parts: [
          {
            type: 'tool-result',
            toolCallId: 'c2',
            toolName: 'f',
            content: [{ type: 'text', text: 'no' }],
            isError: true,
          },
          {
            type: 'tool-result',
            toolCallId: 'c1',
            toolName: 'f',
            content: [{ type: 'text', text: 'yes' }],
            isError: false,
          },
        ],
      },
    ]);
  });

  test('belong together by name and order where there are no ids', () => {
    const call = (name: string) => ({ functionCall: { name, args: {} } });
    const response = (name: string, output: string) => ({ functionResponse: { name, response: { output } } });
    const messages = messagesOf(
      { role: 'model', parts: [call('f'), call('g'), call('f')] },
      { role: 'user', parts: [response('g', '1'), response('f', '2'), response('f', '3')] },
      { role: 'model', parts: [call('f')] },
      { role: 'function', parts: [response('f', '4')] },
    );
    const calls = messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : [])),
    );
    const results = messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === 'tool-result' ? [part.toolCallId] : [])),
    );
    expect(new Set(calls).size).toBe(4);
    expect(results).toEqual([calls[1], calls[0], calls[2], calls[3]]);
  });

  test('belong to the newest calls where there are no ids, whatever earlier ones lack theirs', () => {
    const parts = messagesOf(
      { role: 'model', parts: [{ functionCall: { id: 'c1', name: 'f' } }] },
      { role: 'user', parts: [{ text: 'never mind' }] },
      { role: 'model', parts: [{ functionCall: { id: 'c2', name: 'f' } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: 'x' } } }] },
    ).flatMap((message) => message.parts);
    expect(parts.at(-1)).toMatchObject({ type: 'tool-result', toolCallId: 'c2' });
  });

  test('belong together by name where the result’s id is not a call’s', () => {
    const [call, result] = messagesOf(
      { role: 'model', parts: [{ functionCall: { name: 'f' } }] },
      { role: 'user', parts: [{ functionResponse: { id: 'invented', name: 'f', response: {} } }] },
    ).flatMap(({ parts }) => parts);
    expect(result).toMatchObject({ toolCallId: call?.type === 'tool-call' && call.id });
    expect(partsOf({ functionResponse: { id: 'alone', name: 'f', response: {} } })).toMatchObject([
      { toolCallId: 'alone' },
    ]);
  });

  test.each<[JsonObject | undefined, string | undefined]>([
    [{ output: { a: 1 } }, '{"a":1}'],
    [{ temperature: 20, unit: 'C' }, '{"temperature":20,"unit":"C"}'],
    [{ result: 'x' }, '{"result":"x"}'],
    [{}, undefined],
    [undefined, undefined],
  ])('a result of %j', (response, text) => {
    expect(partsOf({ functionResponse: { name: 'f', response } })).toMatchObject([
      { content: text === undefined ? [] : [{ type: 'text', text }], isError: false },
    ]);
  });

  test('a result may hold images', () => {
    const parts = [{ inlineData: { mimeType: 'image/png', data: 'AAA=' } }];
    expect(partsOf({ functionResponse: { name: 'f', response: {}, parts } })).toMatchObject([
      { content: [{ type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAA=' } }] },
    ]);
  });

  test('a result in the middle of the user’s turn is a message of its own, in order', () => {
    const roles = messagesOf({
      parts: [{ text: 'a' }, { functionResponse: { name: 'f', response: {} } }, { text: 'b' }],
    }).map(({ role }) => role);
    expect(roles).toEqual(['user', 'tool', 'user']);
  });
});

describe('parts', () => {
  test.each<[string, JsonObject, unknown]>([
    [
      'an image',
      { inlineData: { mimeType: 'image/png', data: 'AAA=' } },
      { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAA=' } },
    ],
    [
      'sound',
      { inline_data: { mime_type: 'audio/wav', data: 'AAA=' } },
      { type: 'audio', mediaType: 'audio/wav', data: 'AAA=' },
    ],
    [
      'a document',
      { inlineData: { mimeType: 'application/pdf', data: 'AAA=', displayName: 'a' } },
      {
        type: 'file',
        source: { type: 'base64', mediaType: 'application/pdf', data: 'AAA=' },
        vendor: { dialect: 'gemini', members: { 'inlineData.displayName': 'a' } },
      },
    ],
    [
      'an image by URL',
      { fileData: { fileUri: 'https://a.test/b.png', mimeType: 'image/png' } },
      { type: 'image', source: { type: 'url', url: 'https://a.test/b.png' } },
    ],
    [
      'an upload',
      {
        fileData: {
          fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/1',
          mimeType: 'image/png',
        },
      },
      {
        type: 'image',
        source: {
          type: 'file-id',
          dialect: 'gemini',
          id: 'https://generativelanguage.googleapis.com/v1beta/files/1',
        },
        vendor: { dialect: 'gemini', members: { 'fileData.mimeType': 'image/png' } },
      },
    ],
    [
      'a video of YouTube',
      { fileData: { fileUri: 'https://www.youtube.com/watch?v=1' }, videoMetadata: { fps: 2 } },
      {
        type: 'file',
        source: { type: 'file-id', dialect: 'gemini', id: 'https://www.youtube.com/watch?v=1' },
        vendor: { dialect: 'gemini', members: { videoMetadata: { fps: 2 } } },
      },
    ],
    [
      'code that Google ran',
      { executableCode: { language: 'PYTHON', code: '1' } },
      {
        type: 'vendor',
        dialect: 'gemini',
        name: 'executableCode',
        value: { executableCode: { language: 'PYTHON', code: '1' } },
      },
    ],
  ])('%s', (_, wire, neutral) => {
    expect(partsOf(wire)).toEqual([neutral]);
  });

  test('a signature on a text stands behind it', () => {
    expect(modelParts({ text: 'a', thoughtSignature: 'sig' })).toEqual([
      { type: 'text', text: 'a' },
      { type: 'reasoning', text: '', signature: signature('sig') },
    ]);
  });

  test('a signature of another vendor is known again', () => {
    const wrapped = Buffer.from('pointsman.anthropic-messages.sig').toString('base64');
    expect(modelParts({ text: 'hm', thought: true, thoughtSignature: wrapped })).toEqual([
      { type: 'reasoning', text: 'hm', signature: { dialect: 'anthropic-messages', value: 'sig' } },
    ]);
  });

  test('pieces of the model’s turn that were streamed are put together again', () => {
    expect(
      messagesOf(
        { role: 'model', parts: [{ text: 'I ', thought: true }] },
        {
          role: 'model',
          parts: [
            { text: 'think', thought: true },
            { text: '', thought: true, thoughtSignature: 'sig' },
          ],
        },
        { role: 'model', parts: [{ text: 'Hel' }] },
        { role: 'model', parts: [{ text: 'lo' }, { text: '' }] },
        HI,
        HI,
      ),
    ).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'I think', signature: signature('sig') },
          { type: 'text', text: 'Hello' },
        ],
      },
      HI_NEUTRAL,
      HI_NEUTRAL,
    ]);
  });
});
