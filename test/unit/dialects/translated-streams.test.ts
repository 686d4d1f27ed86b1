// Streams from one dialect to the other: the same under every split of their bytes, and with a proper end whatever happens.

import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../../src/conversation/stream-event.ts';
import type { AnswerContext } from '../../../src/dialects/answer-context.ts';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/index.ts';
import { openaiChat } from '../../../src/dialects/openai-chat/index.ts';
import type { ProviderDialectModule } from '../../../src/dialects/provider-dialect.ts';

const context: AnswerContext = {
  seed: '0123456789abcdef01234567',
  created: 1_700_000_000,
  model: 'm',
  stream: true,
  memo: {},
};

const chat = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c1', created: 5, model: 'gpt', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const call = (index: number, more: object): object => ({ tool_calls: [{ index, ...more }] });

/** Reasoning, text, then two calls whose arguments come in turns; the second has none. */
const CHAT = [
  chat({ role: 'assistant', content: '' }),
  chat({ reasoning_content: 'Hm' }),
  chat({ content: 'Grüß ' }),
  chat({ content: '😀' }),
  chat(call(0, { id: 'a', function: { name: 'f', arguments: '' } })),
  chat(call(1, { id: 'b', function: { name: 'g', arguments: '' } })),
  chat(call(0, { function: { arguments: '{"x":' } })),
  chat(call(0, { function: { arguments: '1}' } })),
  chat({}, 'tool_calls'),
  `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 3 } } })}\n\n`,
  'data: [DONE]\n\n',
].join('');

const event = (type: string, more: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const MESSAGES = [
  event('message_start', {
    message: {
      id: 'msg_1',
      model: 'claude',
      usage: { input_tokens: 6, cache_read_input_tokens: 3, output_tokens: 1 },
    },
  }),
  event('ping', {}),
  event('content_block_start', { index: 0, content_block: { type: 'thinking', thinking: '' } }),
  event('content_block_delta', { index: 0, delta: { type: 'thinking_delta', thinking: 'Hm' } }),
  event('content_block_delta', { index: 0, delta: { type: 'signature_delta', signature: 'sig' } }),
  event('content_block_stop', { index: 0 }),
  event('content_block_start', { index: 1, content_block: { type: 'text', text: '' } }),
  event('content_block_delta', { index: 1, delta: { type: 'text_delta', text: 'Grüß 😀' } }),
  event('content_block_stop', { index: 1 }),
  event('content_block_start', {
    index: 2,
    content_block: { type: 'tool_use', id: 't1', name: 'f', input: {} },
  }),
  event('content_block_delta', { index: 2, delta: { type: 'input_json_delta', partial_json: '{"x":' } }),
  event('content_block_delta', { index: 2, delta: { type: 'input_json_delta', partial_json: '1}' } }),
  event('content_block_stop', { index: 2 }),
  event('message_delta', {
    delta: { stop_reason: 'tool_use', stop_sequence: null },
    usage: { output_tokens: 40 },
  }),
  event('message_stop', {}),
].join('');

function decode(module: ProviderDialectModule, ...pieces: readonly Uint8Array[]): StreamEvent[] {
  const decoder = module.createStreamDecoder(context);
  return [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.finish()];
}

describe.each([
  ['Chat', openaiChat, CHAT],
  ['Messages', anthropicMessages, MESSAGES],
] as const)('a %s stream', (_, module, text) => {
  const bytes = Buffer.from(text);
  const whole = decode(module, bytes);

  test('is the same events under every split', () => {
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(decode(module, bytes.subarray(0, at), bytes.subarray(at)), `split at ${at}`).toEqual(whole);
    }
  });

  test('ends every part that it starts, and itself once', () => {
    const numbers = (type: string): number[] =>
      whole.flatMap((one) => (one.type === type && 'part' in one ? [one.part] : []));
    expect(numbers('part-end').sort()).toEqual(numbers('part-start'));
    expect(whole.filter(({ type }) => type === 'end' || type === 'error')).toEqual([{ type: 'end' }]);
  });

  test('that is cut ends with an error', () => {
    const events = decode(module, bytes.subarray(0, bytes.length / 2));
    expect(events.slice(-2)).toMatchObject([{ type: 'error', error: { kind: 'cut' } }, { type: 'end' }]);
  });
});

function encode(
  events: readonly StreamEvent[],
  into: typeof openaiChat,
  memo: AnswerContext['memo'] = {},
): object[] {
  const encoder = into.createStreamEncoder({ ...context, memo });
  const text = events.map((one) => encoder.push(one)).join('');
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) =>
    data === '[DONE]' ? { done: true } : JSON.parse(data),
  );
}

test('Chat to Messages: blocks of their own, arguments in pieces as they came, and never end_turn after a call', () => {
  const events = encode(decode(openaiChat, Buffer.from(CHAT)), anthropicMessages);
  expect(events).toMatchObject([
    { type: 'message_start', message: { id: 'msg_c1', model: 'gpt', content: [] } },
    { type: 'content_block_start', index: 0, content_block: { type: 'thinking' } },
    { type: 'content_block_delta', index: 0, delta: { thinking: 'Hm' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: { type: 'text' } },
    { type: 'content_block_delta', index: 1, delta: { text: 'Grüß ' } },
    { type: 'content_block_delta', index: 1, delta: { text: '😀' } },
    { type: 'content_block_stop', index: 1 },
    { type: 'content_block_start', index: 2, content_block: { type: 'tool_use', id: 'a', name: 'f' } },
    { type: 'content_block_start', index: 3, content_block: { type: 'tool_use', id: 'b', name: 'g' } },
    { type: 'content_block_delta', index: 2, delta: { partial_json: '{"x":' } },
    { type: 'content_block_delta', index: 2, delta: { partial_json: '1}' } },
    { type: 'content_block_stop', index: 2 },
    { type: 'content_block_stop', index: 3 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'tool_use' },
      usage: { input_tokens: 6, cache_read_input_tokens: 3, output_tokens: 4 },
    },
    { type: 'message_stop' },
  ]);
});

test('Messages to Chat: deltas, the signature for the way back, usage only where it was asked for', () => {
  const events = decode(anthropicMessages, Buffer.from(MESSAGES));
  const chunks = encode(events, openaiChat, { includeUsage: true });
  const deltas = chunks.flatMap((chunk) =>
    'choices' in chunk && Array.isArray(chunk.choices) ? chunk.choices.map(({ delta }) => delta) : [],
  );
  expect(deltas).toMatchObject([
    { role: 'assistant', content: '' },
    { reasoning_content: 'Hm' },
    { reasoning_details: [{ type: 'reasoning.text', signature: 'pointsman.anthropic-messages.sig' }] },
    { content: 'Grüß 😀' },
    call(0, { id: 't1', function: { name: 'f', arguments: '' } }),
    call(0, { function: { arguments: '{"x":' } }),
    call(0, { function: { arguments: '1}' } }),
    {},
  ]);
  expect(chunks.slice(-2)).toMatchObject([
    {
      choices: [],
      usage: { prompt_tokens: 9, completion_tokens: 40, prompt_tokens_details: { cached_tokens: 3 } },
    },
    { done: true },
  ]);
  expect(encode(events, openaiChat)).toHaveLength(chunks.length - 1);
});

test('a signature that comes back goes to its own vendor, and to nobody else', () => {
  const details = [{ type: 'reasoning.text', text: 'Hm', signature: 'pointsman.anthropic-messages.sig' }];
  const messages = [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: 'b', reasoning_details: details },
  ];
  const { request } = openaiChat.decodeRequest({ messages });
  const target = { modelId: 'm', stream: false, asksForUsage: true };
  expect(anthropicMessages.encodeRequest(request, target).body['messages']).toMatchObject([
    {},
    {
      content: [
        { type: 'thinking', thinking: 'Hm', signature: 'sig' },
        { type: 'text', text: 'b' },
      ],
    },
  ]);
  const native = anthropicMessages.decodeRequest({
    messages: [
      {
        role: 'assistant',
        content: [{ type: 'thinking', thinking: 'Hm', signature: 'pointsman.openai-chat.x' }],
      },
    ],
  });
  expect(anthropicMessages.encodeRequest(native.request, target).body['messages']).toEqual([]);
});
