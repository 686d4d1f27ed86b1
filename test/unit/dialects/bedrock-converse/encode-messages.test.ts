// What Bedrock is asked: the conversation and its media, and what it cannot be told.

import { describe, expect, test } from 'vitest';
import type { Message, Tool } from '../../../../src/conversation/conversation-request.ts';
import type { MediaSource, Part, ToolResultPart } from '../../../../src/conversation/part.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { SIGNATURES } from '../../../vendors/signatures.ts';
import {
  accepted,
  assistant,
  call,
  encode,
  HI,
  HI_ON_WIRE,
  refusal,
  result,
  SONNET_4,
  text,
  user,
} from './support.ts';

const PNG = 'iVBORw0KGgo=';
const base64 = (mediaType: string, data = 'AAAA'): MediaSource => ({ type: 'base64', mediaType, data });
const image = (source: MediaSource): Part => ({ type: 'image', source });
const file = (source: MediaSource, name?: string): Part => ({
  type: 'file',
  source,
  ...(name === undefined ? {} : { name }),
});
const LLAMA = 'us.meta.llama4-maverick-17b-instruct-v1:0';

async function messagesOf(messages: readonly Message[]): Promise<unknown> {
  return (await accepted({ messages })).body['messages'];
}
const blocksOf = async (...parts: Part[]): Promise<unknown> => {
  const [message] = (await messagesOf([user(...parts)])) as JsonObject[];
  return message?.['content'];
};

describe('a conversation', () => {
  test('alternates, with all instructions in order and what tools gave first', async () => {
    const { body, warnings } = await accepted({
      messages: [
        { role: 'system', parts: [text('one')] },
        { role: 'developer', parts: [text('two'), text(' ')] },
        user(text('a')),
        user(text('b')),
        assistant(text(''), call('c1', 'f', '{"x":1}'), call('c2', 'g', '')),
        result('c1', 'r1'),
        user(text('c')),
        result('c2', '', true),
        { role: 'system', parts: [text('three')] },
      ],
      tools: [
        { type: 'function', name: 'f' },
        { type: 'function', name: 'g' },
      ],
    });
    expect(body['system']).toEqual([{ text: 'one' }, { text: 'two' }, { text: 'three' }]);
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ text: 'a' }, { text: 'b' }] },
      {
        role: 'assistant',
        content: [
          { toolUse: { toolUseId: 'c1', name: 'f', input: { x: 1 } } },
          { toolUse: { toolUseId: 'c2', name: 'g', input: {} } },
        ],
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: 'c1', content: [{ text: 'r1' }] } },
          { toolResult: { toolUseId: 'c2', content: [{ text: '(no output)' }], status: 'error' } },
          { text: 'c' },
        ],
      },
    ]);
    expect(warnings).toEqual([{ param: 'messages[8]', message: 'moved to the system prompt' }]);
  });

  test('that the assistant began is begun for the user', async () => {
    const { body, warnings } = await accepted({ messages: [assistant(text('Welcome')), HI] });
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ text: '.' }] },
      { role: 'assistant', content: [{ text: 'Welcome' }] },
      HI_ON_WIRE,
    ]);
    expect(warnings.map(({ param }) => param)).toEqual(['messages[0]']);
  });

  test('of instructions alone is the user’s', async () => {
    const { body, warnings } = await accepted({ messages: [{ role: 'system', parts: [text('one')] }] });
    expect(body).toEqual({ messages: [{ role: 'user', content: [{ text: 'one' }] }] });
    expect(warnings.map(({ param }) => param)).toEqual(['messages']);
  });

  test.each<[string, object[], string[]]>([
    [SONNET_4, [{ role: 'assistant', content: [{ text: 'So' }] }], []],
    [
      'anthropic.claude-opus-4-7',
      [
        { role: 'assistant', content: [{ text: 'So ' }] },
        { role: 'user', content: [{ text: 'Go on.' }] },
      ],
      ['messages'],
    ],
    [LLAMA, [{ role: 'assistant', content: [{ text: 'So ' }] }], []],
  ])('whose answer has begun goes to %s as it takes it', async (modelId, end, warned) => {
    const { body, warnings } = await accepted({ messages: [HI, assistant(text('So '))] }, modelId);
    expect(body['messages']).toEqual([HI_ON_WIRE, ...end]);
    expect(warnings.map(({ param }) => param)).toEqual(warned);
  });

  test('has ids that AWS takes, the same for a call and its result and no two alike', async () => {
    const ids = ['functions.f:0', 'functions.f.0', `${'x'.repeat(70)}1`, 'call_1'];
    const messages = [HI, assistant(...ids.map((id) => call(id, 'f'))), ...ids.map((id) => result(id, 'r'))];
    const wire = JSON.stringify(await messagesOf(messages));
    const found = [...wire.matchAll(/"toolUseId":"([^"]*)"/g)].map(([, id]) => id ?? '');
    expect(found.slice(0, 4)).toEqual(found.slice(4));
    expect(new Set(found).size).toBe(4);
    expect(found.filter((id) => !/^[A-Za-z0-9_-]{1,64}$/.test(id))).toEqual([]);
    expect(found).toContain('call_1');
  });

  test('says what it leaves out of messages and parts', () => {
    const members = { dialect: 'openai-chat', members: { odd: 1 } } as const;
    const part: Part = { type: 'text', text: 'a', vendor: members };
    const { warnings } = encode({
      messages: [{ role: 'user', name: 'Ann', parts: [part], vendor: members }],
    });
    expect(warnings.map(({ param }) => param)).toEqual([
      'messages[0].odd',
      'messages[0].name',
      'messages[0].content[0].odd',
    ]);
  });

  test('with arguments that are no object is refused', () => {
    const messages = [HI, assistant(call('a', 'f', '[1]'))];
    expect(refusal({ messages })).toMatchObject({ kind: 'invalid-request', param: 'messages[1].content[0]' });
  });
});

describe('reasoning', () => {
  const thought = (dialect: 'anthropic-messages' | 'bedrock-converse' | 'gemini', redacted?: true): Part => ({
    type: 'reasoning',
    text: redacted === true ? '' : 'hm',
    signature: { dialect, value: SIGNATURES.bedrockConverse },
    ...(redacted === undefined ? {} : { redacted }),
  });
  const sent = (part: Part, modelId?: string): unknown => {
    const { body } = encode({ messages: [HI, assistant(part, text('a'))] }, modelId);
    return (body['messages'] as JsonObject[])[1]?.['content'];
  };
  const SAID = { text: 'a' };
  const PROVED = {
    reasoningContent: { reasoningText: { text: 'hm', signature: SIGNATURES.bedrockConverse } },
  };

  test('goes back to Claude with the proof of whoever ran it', () => {
    expect(sent(thought('anthropic-messages'))).toEqual([PROVED, SAID]);
    expect(sent(thought('bedrock-converse'))).toEqual([PROVED, SAID]);
  });

  test('that is encrypted goes back as Bedrock wrapped it', () => {
    const redactedContent = SIGNATURES.bedrockConverse;
    expect(sent(thought('bedrock-converse', true))).toEqual([
      { reasoningContent: { redactedContent } },
      SAID,
    ]);
    expect(sent(thought('anthropic-messages', true))).toEqual([SAID]);
  });

  test.each<[string, Part, string | undefined]>([
    ['of another vendor', thought('gemini'), undefined],
    ['of Claude to another model', thought('anthropic-messages'), LLAMA],
    ['without a proof', { type: 'reasoning', text: 'hm' }, undefined],
  ])('%s is left out', (_name, part, modelId) => {
    expect(sent(part, modelId)).toEqual([SAID]);
  });
});

describe('media', () => {
  test('are bytes, of the formats that Bedrock knows', async () => {
    expect(
      await blocksOf(
        text('look'),
        image(base64('image/png', PNG)),
        image({ type: 'url', url: 's3://bucket/a.jpg' }),
        file(base64('application/pdf'), 'report (final).v2.pdf'),
        file(base64('application/octet-stream'), 'notes.md'),
        file({ type: 'text', mediaType: 'text/plain', text: 'ü' }),
        file({ type: 'text', mediaType: 'text/plain', text: 'b' }),
        { type: 'audio', mediaType: 'audio/wav', data: 'AAAA' },
      ),
    ).toEqual([
      { text: 'look' },
      { image: { format: 'png', source: { bytes: PNG } } },
      { image: { format: 'jpeg', source: { s3Location: { uri: 's3://bucket/a.jpg' } } } },
      { document: { format: 'pdf', name: 'report (final)-v2-pdf', source: { bytes: 'AAAA' } } },
      { document: { format: 'md', name: 'notes-md', source: { bytes: 'AAAA' } } },
      { document: { format: 'txt', name: 'document', source: { bytes: 'w7w=' } } },
      { document: { format: 'txt', name: 'document 2', source: { bytes: 'Yg==' } } },
      { audio: { format: 'wav', source: { bytes: 'AAAA' } } },
    ]);
  });

  test('of documents say what they are about and that they are to be cited', async () => {
    const part: Part = { type: 'file', source: base64('text/csv'), context: 'sales', citations: true };
    expect(await blocksOf(text('a'), part)).toContainEqual({
      document: {
        format: 'csv',
        name: 'document',
        source: { bytes: 'AAAA' },
        context: 'sales',
        citations: { enabled: true },
      },
    });
  });

  test('come back from tools', async () => {
    const content: ToolResultPart['content'] = [
      { type: 'text', text: 'a' },
      { type: 'image', source: base64('image/png', PNG) },
      { type: 'file', source: base64('application/pdf'), name: 'x' },
    ];
    const part: Part = { type: 'tool-result', toolCallId: 'c', content, isError: false };
    const messages = [HI, assistant(call('c', 'f')), { role: 'tool', parts: [part] } as const];
    expect(await messagesOf(messages)).toContainEqual({
      role: 'user',
      content: [
        {
          toolResult: {
            toolUseId: 'c',
            content: [
              { text: 'a' },
              { image: { format: 'png', source: { bytes: PNG } } },
              { document: { format: 'pdf', name: 'x', source: { bytes: 'AAAA' } } },
            ],
          },
        },
      ],
    });
  });

  test.each<[string, Part, RegExp]>([
    ['an image by URL', image({ type: 'url', url: 'https://a.test/b.png' }), /fetches none: send its bytes/],
    ['a document by URL', file({ type: 'url', url: 'https://a.test/b.pdf' }), /fetches none: send its bytes/],
    ['an image of another kind', image(base64('image/tiff')), /image\/tiff/],
    ['a document of another kind', file(base64('application/zip'), 'a.zip'), /application\/zip/],
    ['audio of another kind', { type: 'audio', mediaType: 'audio/midi', data: '' }, /audio\/midi/],
    ['an uploaded file', file({ type: 'file-id', dialect: 'openai-chat', id: 'file-1' }), /uploaded/],
    [
      'a block of another vendor',
      { type: 'vendor', dialect: 'gemini', name: 'executableCode', value: {} },
      /executableCode/,
    ],
  ])('%s is refused', (_name, part, words) => {
    expect(refusal({ messages: [user(text('a'), part)] })).toEqual({
      kind: 'invalid-request',
      param: 'messages[0].content[1]',
      message: expect.stringMatching(words),
    });
  });

  test('in instructions are refused', () => {
    const messages: Message[] = [{ role: 'system', parts: [image(base64('image/png', PNG))] }, HI];
    expect(refusal({ messages }).param).toBe('messages[0].content[0]');
  });
});

describe('caching', () => {
  const cached = (words: string, ttl?: '1h' | '5m'): Part => ({
    type: 'text',
    text: words,
    cache: ttl === undefined ? {} : { ttl },
  });
  const POINT = { cachePoint: { type: 'default' } };
  const tools: Tool[] = [
    { type: 'function', name: 'f', cache: {} },
    { type: 'function', name: 'g' },
  ];

  test('has its points after what they stand for', async () => {
    const messages: Message[] = [
      { role: 'system', parts: [cached('one', '1h'), text('two')] },
      user(cached('a', '5m'), text('b')),
    ];
    const { body, warnings } = await accepted({ messages, tools, cache: {} });
    expect(body['system']).toEqual([
      { text: 'one' },
      { cachePoint: { type: 'default', ttl: '1h' } },
      { text: 'two' },
    ]);
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ text: 'a' }, POINT, { text: 'b' }, POINT] },
    ]);
    expect((body['toolConfig'] as JsonObject)['tools']).toEqual([
      expect.objectContaining({ toolSpec: expect.objectContaining({ name: 'f' }) }),
      POINT,
      expect.objectContaining({ toolSpec: expect.objectContaining({ name: 'g' }) }),
    ]);
    expect(warnings).toEqual([]);
  });

  test.each<[string, string[]]>([
    ['amazon.nova-pro-v1:0', ['tools[0].cache_control']],
    [LLAMA, ['messages[0].content[0].cache_control', 'tools[0].cache_control']],
  ])('of %s is left out where that model refuses it, which is said once', (modelId, warned) => {
    const { body, warnings } = encode({ messages: [user(cached('a'), cached('b'))], tools }, modelId);
    expect(JSON.stringify(body['toolConfig'])).not.toContain('cachePoint');
    expect(JSON.stringify(body['messages']).includes('cachePoint')).toBe(modelId !== LLAMA);
    expect(warnings.map(({ param }) => param)).toEqual(warned);
  });
});
