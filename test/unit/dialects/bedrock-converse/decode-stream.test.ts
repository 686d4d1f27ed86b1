// Converse's streams: the same events under every split of their bytes, and a proper end whatever happens.

import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../../../src/conversation/stream-event.ts';
import { bedrockConverse } from '../../../../src/dialects/bedrock-converse/index.ts';
import { encodeFrame } from '../../../vendors/bedrock-converse/event-stream.ts';

const CLAUDE = 'us.anthropic.claude-sonnet-4-20250514-v1:0';
const CUT = {
  type: 'error',
  error: {
    kind: 'cut',
    status: 502,
    message: 'the provider ended the stream before the answer was complete',
  },
};
const START = { type: 'start' };
const END = { type: 'end' };
const at = (part: number) => ({ choice: 0, part });

const event = (type: string, value: object): Buffer =>
  encodeFrame(
    { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
    JSON.stringify({ ...value, p: 'abc' }),
  );
const delta = (contentBlockIndex: number, value: object): Buffer =>
  event('contentBlockDelta', { contentBlockIndex, delta: value });
const stop = (contentBlockIndex: number): Buffer => event('contentBlockStop', { contentBlockIndex });
const call = (contentBlockIndex: number, toolUseId: string, name: string): Buffer =>
  event('contentBlockStart', { contentBlockIndex, start: { toolUse: { toolUseId, name } } });
const exception = (name: string, value: object): Buffer =>
  encodeFrame({ ':exception-type': name, ':message-type': 'exception' }, JSON.stringify(value));

function decode(model: string, ...pieces: readonly Uint8Array[]): StreamEvent[] {
  const context = { seed: '0123456789abcdef01234567', created: 7, model, stream: true, memo: {} };
  const decoder = bedrockConverse.createStreamDecoder(context);
  return [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.finish()];
}

/** Thoughts with a proof in two pieces, encrypted ones, text, two calls that overlap, one of them without arguments. */
const STREAM = Buffer.concat([
  event('messageStart', { role: 'assistant' }),
  delta(0, { reasoningContent: { text: 'Hm …' } }),
  delta(0, { reasoningContent: { signature: 'Eq' } }),
  delta(0, { reasoningContent: { signature: '==' } }),
  stop(0),
  delta(1, { reasoningContent: { redactedContent: 'AAEC' } }),
  stop(1),
  delta(2, { text: '' }),
  delta(2, { text: 'Grüß ' }),
  delta(2, { text: '😀' }),
  stop(2),
  call(3, 'tooluse_a', 'f'),
  delta(3, { toolUse: { input: '' } }),
  delta(3, { toolUse: { input: '{"x":' } }),
  call(4, 'tooluse_b', 'g'),
  delta(3, { toolUse: { input: '"é"}' } }),
  stop(3),
  stop(4),
  event('newThing', { a: 1 }),
  event('messageStop', { stopReason: 'tool_use' }),
  event('metadata', {
    usage: {
      inputTokens: 3,
      outputTokens: 6,
      totalTokens: 14,
      cacheReadInputTokens: 4,
      cacheWriteInputTokens: 1,
    },
    metrics: { latencyMs: 5 },
  }),
]);

const EVENTS = [
  START,
  { type: 'part-start', ...at(0), content: { type: 'reasoning' } },
  { type: 'reasoning-delta', ...at(0), text: 'Hm …' },
  { type: 'signature', ...at(0), signature: { dialect: 'anthropic-messages', value: 'Eq==' } },
  { type: 'part-end', ...at(0) },
  { type: 'part-start', ...at(1), content: { type: 'reasoning', redacted: true } },
  { type: 'signature', ...at(1), signature: { dialect: 'bedrock-converse', value: 'AAEC' } },
  { type: 'part-end', ...at(1) },
  { type: 'part-start', ...at(2), content: { type: 'text' } },
  { type: 'text-delta', ...at(2), text: 'Grüß ' },
  { type: 'text-delta', ...at(2), text: '😀' },
  { type: 'part-end', ...at(2) },
  { type: 'part-start', ...at(3), content: { type: 'tool-call', id: 'tooluse_a', name: 'f' } },
  { type: 'arguments-delta', ...at(3), json: '{"x":' },
  { type: 'part-start', ...at(4), content: { type: 'tool-call', id: 'tooluse_b', name: 'g' } },
  { type: 'arguments-delta', ...at(3), json: '"é"}' },
  { type: 'part-end', ...at(3) },
  { type: 'part-end', ...at(4) },
  { type: 'finish', choice: 0, reason: 'tool-calls' },
  { type: 'usage', usage: { input: 8, cachedInput: 4, cacheWrite: 1, output: 6 } },
  END,
];

describe('a stream', () => {
  test('gives the same events under every split of its bytes', () => {
    for (let split = 0; split <= STREAM.length; split += 1) {
      const events = decode(CLAUDE, STREAM.subarray(0, split), STREAM.subarray(split));
      expect(events, `split at ${split}`).toEqual(EVENTS);
    }
    expect(decode(CLAUDE, ...Array.from(STREAM, (byte) => Buffer.of(byte)))).toEqual(EVENTS);
  });

  test('gives each event with the piece that completes it', () => {
    const context = { seed: '', created: 7, model: CLAUDE, stream: true, memo: {} };
    const decoder = bedrockConverse.createStreamDecoder(context);
    decoder.push(event('messageStart', { role: 'assistant' }));
    expect(decoder.push(delta(0, { text: 'a' }))).toEqual([
      { type: 'part-start', ...at(0), content: { type: 'text' } },
      { type: 'text-delta', ...at(0), text: 'a' },
    ]);
    expect(decoder.push(delta(0, { text: 'b' }))).toEqual([{ type: 'text-delta', ...at(0), text: 'b' }]);
  });

  test('that starts with its first block starts all the same', () => {
    expect(decode(CLAUDE, delta(0, { text: 'a' }))[0]).toEqual(START);
  });

  test('ends after a tool call as one, and closes what was left open', () => {
    const events = decode(CLAUDE, call(0, 'a', 'f'), event('messageStop', { stopReason: 'end_turn' }));
    expect(events.slice(-3)).toEqual([
      { type: 'part-end', ...at(0) },
      { type: 'finish', choice: 0, reason: 'tool-calls' },
      END,
    ]);
  });

  test('names the sequence that it stopped at', () => {
    const additionalModelResponseFields = { delta: { stop_sequence: 'END' } };
    const value = { stopReason: 'stop_sequence', additionalModelResponseFields };
    expect(decode(CLAUDE, event('messageStop', value))).toContainEqual({
      type: 'finish',
      choice: 0,
      reason: 'stop-sequence',
      stopSequence: 'END',
    });
  });

  test('keeps citations', () => {
    const citation = {
      title: 't',
      sourceContent: [{ text: 'said' }],
      location: { web: { url: 'https://a.test/', domain: 'a.test' } },
    };
    expect(decode(CLAUDE, delta(0, { citation }))).toContainEqual({
      type: 'citation',
      ...at(0),
      citation: { url: 'https://a.test/', title: 't', citedText: 'said' },
    });
  });

  test('says nothing of tools that the vendor runs itself', () => {
    const toolUse = { toolUseId: 'a', name: 'nova_grounding', type: 'server_tool_use' };
    const events = decode(
      'amazon.nova-premier-v1:0',
      event('messageStart', { role: 'assistant' }),
      event('contentBlockStart', { contentBlockIndex: 0, start: { toolUse } }),
      delta(0, { toolUse: { input: '{}' } }),
      stop(0),
      event('messageStop', { stopReason: 'end_turn' }),
    );
    expect(events).toEqual([START, { type: 'finish', choice: 0, reason: 'stop' }, END]);
  });

  test('proofs of models other than Claude are Bedrock’s own', () => {
    const events = decode(
      'amazon.nova-2-lite-v1:0',
      delta(0, { reasoningContent: { text: 'a', signature: 's' } }),
      stop(0),
    );
    expect(events).toContainEqual({
      type: 'signature',
      ...at(0),
      signature: { dialect: 'bedrock-converse', value: 's' },
    });
  });
});

describe('a stream that breaks', () => {
  test('is cut at every place before its stop', () => {
    const end = STREAM.length - event('metadata', {}).length;
    for (const length of [0, 5, 200, end - 400]) {
      const events = decode(CLAUDE, STREAM.subarray(0, length));
      expect(events.slice(-2), `after ${length} bytes`).toEqual([CUT, END]);
    }
  });

  test('without its counts is complete', () => {
    const events = decode(CLAUDE, event('messageStop', { stopReason: 'end_turn' }));
    expect(events).toEqual([START, { type: 'finish', choice: 0, reason: 'stop' }, END]);
  });

  test.each([
    ['throttlingException', { message: 'slow' }, { kind: 'rate-limited', status: 429, message: 'slow' }],
    ['validationException', { Message: 'no' }, { kind: 'invalid-request', status: 400, message: 'no' }],
    [
      'modelStreamErrorException',
      { message: 'm', originalStatusCode: 500 },
      { kind: 'internal', status: 424 },
    ],
    ['serviceUnavailableException', {}, { kind: 'overloaded', status: 503 }],
    ['internalServerException', { message: 'm' }, { kind: 'internal', status: 500 }],
  ])('says %s and ends', (name, value, error) => {
    const events = decode(CLAUDE, delta(0, { text: 'a' }), exception(name, value), delta(0, { text: 'b' }));
    expect(events.slice(3)).toEqual([
      { type: 'error', error: expect.objectContaining({ ...error, code: name }) },
      END,
    ]);
  });

  test('says an error without a model', () => {
    const headers = { ':message-type': 'error', ':error-code': 'InternalFailure', ':error-message': 'words' };
    expect(decode(CLAUDE, encodeFrame(headers, ''))).toEqual([
      { type: 'error', error: { kind: 'internal', status: 500, message: 'words', code: 'InternalFailure' } },
      END,
    ]);
  });

  test.each<[string, Uint8Array]>([
    ['a checksum', Buffer.alloc(64, 7)],
    ['JSON', encodeFrame({ ':event-type': 'contentBlockDelta', ':message-type': 'event' }, '{"a"')],
    ['an object', encodeFrame({ ':event-type': 'contentBlockDelta', ':message-type': 'event' }, '[1]')],
  ])('is cut where %s is wrong, once, after what came before', (_name, wrong) => {
    const events = decode(CLAUDE, Buffer.concat([delta(0, { text: 'a' }), wrong]), delta(0, { text: 'b' }));
    expect(events.slice(2)).toEqual([{ type: 'text-delta', ...at(0), text: 'a' }, CUT, END]);
  });
});
