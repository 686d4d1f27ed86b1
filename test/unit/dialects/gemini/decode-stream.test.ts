// Gemini's streams: the same events under every split of their bytes, and a proper end whatever happens.

import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../../../src/conversation/stream-event.ts';
import { gemini } from '../../../../src/dialects/gemini/index.ts';

const SEED = '0123456789abcdef01234567';
const CONTEXT = { seed: SEED, created: 7, model: 'm', stream: true, memo: {} };

const chunk = (parts: readonly object[], more: object = {}, outer: object = {}): string => {
  const candidates = [{ content: { parts, role: 'model' }, index: 0, ...more }];
  return `data: ${JSON.stringify({ candidates, modelVersion: 'g', responseId: 'r', ...outer })}\r\n\r\n`;
};
const START = { type: 'start', id: 'r', model: 'g' };
const at = (part: number, choice = 0) => ({ choice, part });
const CUT = {
  type: 'error',
  error: {
    kind: 'cut',
    status: 502,
    message: 'the provider ended the stream before the answer was complete',
  },
};

function decode(...pieces: readonly (string | Uint8Array)[]): StreamEvent[] {
  const decoder = gemini.createStreamDecoder(CONTEXT);
  return [...pieces.flatMap((piece) => decoder.push(Buffer.from(piece))), ...decoder.finish()];
}

/** Thoughts, text with its signature at the end, calls that come whole, and counts that grow. */
const STREAM = [
  chunk([{ text: 'Hm', thought: true }], {}, { usageMetadata: { promptTokenCount: 4 } }),
  chunk([{ text: ' …', thought: true }]),
  chunk([{ text: 'Grüß ' }]),
  chunk([{ text: '😀' }]),
  chunk([
    { functionCall: { name: 'f', args: { x: 'é' } }, thoughtSignature: 'sig' },
    { functionCall: { name: 'g' } },
  ]),
  chunk(
    [{ text: '', thoughtSignature: 'end' }],
    { finishReason: 'STOP' },
    { usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 6, thoughtsTokenCount: 2 } },
  ),
].join('');

const EVENTS = [
  START,
  { type: 'part-start', ...at(0), content: { type: 'reasoning' } },
  { type: 'reasoning-delta', ...at(0), text: 'Hm' },
  { type: 'usage', usage: { input: 4, output: 0 } },
  { type: 'reasoning-delta', ...at(0), text: ' …' },
  { type: 'part-end', ...at(0) },
  { type: 'part-start', ...at(1), content: { type: 'text' } },
  { type: 'text-delta', ...at(1), text: 'Grüß ' },
  { type: 'text-delta', ...at(1), text: '😀' },
  { type: 'part-end', ...at(1) },
  { type: 'part-start', ...at(2), content: { type: 'tool-call', id: `gemini_call_${SEED}_0`, name: 'f' } },
  { type: 'arguments-delta', ...at(2), json: '{"x":"é"}' },
  { type: 'signature', ...at(2), signature: { dialect: 'gemini', value: 'sig' } },
  { type: 'part-end', ...at(2) },
  { type: 'part-start', ...at(3), content: { type: 'tool-call', id: `gemini_call_${SEED}_1`, name: 'g' } },
  { type: 'part-end', ...at(3) },
  { type: 'part-start', ...at(4), content: { type: 'reasoning' } },
  { type: 'signature', ...at(4), signature: { dialect: 'gemini', value: 'end' } },
  { type: 'part-end', ...at(4) },
  { type: 'finish', choice: 0, reason: 'tool-calls' },
  { type: 'usage', usage: { input: 4, output: 8, reasoning: 2 } },
  { type: 'end' },
];

describe('a stream', () => {
  const bytes = Buffer.from(STREAM);

  test('is its events', () => {
    expect(decode(bytes)).toEqual(EVENTS);
  });

  test('is the same events under every split', () => {
    for (let split = 1; split < bytes.length; split += 1) {
      expect(decode(bytes.subarray(0, split), bytes.subarray(split)), `split at ${split}`).toEqual(EVENTS);
    }
  });

  test('is the same events byte by byte', () => {
    expect(decode(...[...bytes].map((byte) => Buffer.of(byte)))).toEqual(EVENTS);
  });

  test('gives each piece’s events with that piece', () => {
    const decoder = gemini.createStreamDecoder(CONTEXT);
    expect(decoder.push(Buffer.from(chunk([{ text: 'a' }]))).at(-1)).toEqual({
      type: 'text-delta',
      ...at(0),
      text: 'a',
    });
  });
});

test('a thought’s signature closes it', () => {
  const events = decode(
    chunk([
      { text: 'a', thought: true },
      { text: '', thought: true, thoughtSignature: 's' },
      { text: 'b', thought: true },
    ]),
    chunk([], { finishReason: 'STOP' }),
  );
  expect(events.map(({ type }) => type)).toEqual([
    'start',
    'part-start',
    'reasoning-delta',
    'signature',
    'part-end',
    'part-start',
    'reasoning-delta',
    'part-end',
    'finish',
    'end',
  ]);
});

test('several candidates have parts of their own', () => {
  const both = (a: string, b: string, finish?: string): string => {
    const one = (index: number, text: string) => ({
      content: { parts: [{ text }] },
      index,
      ...(finish === undefined ? {} : { finishReason: finish }),
    });
    return `data: ${JSON.stringify({ candidates: [one(0, a), one(1, b)] })}\n\n`;
  };
  expect(decode(both('a', 'b'), both('c', 'd', 'STOP'))).toEqual([
    { type: 'start' },
    { type: 'part-start', ...at(0), content: { type: 'text' } },
    { type: 'text-delta', ...at(0), text: 'a' },
    { type: 'part-start', ...at(1, 1), content: { type: 'text' } },
    { type: 'text-delta', ...at(1, 1), text: 'b' },
    { type: 'text-delta', ...at(0), text: 'c' },
    { type: 'part-end', ...at(0) },
    { type: 'finish', choice: 0, reason: 'stop' },
    { type: 'text-delta', ...at(1, 1), text: 'd' },
    { type: 'part-end', ...at(1, 1) },
    { type: 'finish', choice: 1, reason: 'stop' },
    { type: 'end' },
  ]);
});

test('citations and log probabilities come before the end of their text', () => {
  const groundingMetadata = {
    groundingChunks: [{ web: { uri: 'https://a.test' } }],
    groundingSupports: [{ segment: { startIndex: 3, endIndex: 6 }, groundingChunkIndices: [0] }],
  };
  const logprobsResult = { chosenCandidates: [{ token: 'b', logProbability: -1 }] };
  const events = decode(
    chunk([{ text: 'é ' }]),
    chunk([{ text: 'abc', thoughtSignature: 's' }], {
      finishReason: 'STOP',
      groundingMetadata,
      logprobsResult,
    }),
  );
  expect(events.slice(4)).toEqual([
    { type: 'citation', ...at(0), citation: { url: 'https://a.test', start: 2, end: 5 } },
    { type: 'part-end', ...at(0) },
    { type: 'part-start', ...at(1), content: { type: 'reasoning' } },
    { type: 'signature', ...at(1), signature: { dialect: 'gemini', value: 's' } },
    { type: 'part-end', ...at(1) },
    { type: 'logprobs', choice: 0, logprobs: [{ token: 'b', logprob: -1, top: [] }] },
    { type: 'finish', choice: 0, reason: 'stop' },
    { type: 'end' },
  ]);
});

describe('the end', () => {
  test('of a prompt that Google would not read is its filter’s', () => {
    expect(decode(`data: ${JSON.stringify({ promptFeedback: { blockReason: 'SAFETY' } })}\n\n`)).toEqual([
      {
        type: 'start',
        vendor: { dialect: 'gemini', members: { promptFeedback: { blockReason: 'SAFETY' } } },
      },
      { type: 'finish', choice: 0, reason: 'content-filter' },
      { type: 'end' },
    ]);
  });

  test.each([
    ['in the middle', chunk([{ text: 'a' }])],
    ['before the first event', ''],
    ['with no candidate', `data: ${JSON.stringify({ usageMetadata: {} })}\n\n`],
  ])('without a reason to finish, %s, is a cut', (_, text) => {
    expect(decode(text).slice(-2)).toEqual([CUT, { type: 'end' }]);
  });

  test('counts after the reason still come', () => {
    const late = `data: ${JSON.stringify({ usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2 } })}\n\n`;
    expect(decode(chunk([{ text: 'a' }], { finishReason: 'STOP' }), late).slice(-3)).toEqual([
      { type: 'finish', choice: 0, reason: 'stop' },
      { type: 'usage', usage: { input: 1, output: 2 } },
      { type: 'end' },
    ]);
  });

  test('an error in the stream is the last thing said', () => {
    const error = { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' };
    const failed = `data: ${JSON.stringify({ error })}\n\n`;
    expect(decode(chunk([{ text: 'a' }]), failed, chunk([{ text: 'b' }])).slice(3)).toEqual([
      {
        type: 'error',
        error: { kind: 'overloaded', status: 503, message: 'The model is overloaded.', code: 'UNAVAILABLE' },
      },
      { type: 'end' },
    ]);
  });

  test.each([
    [{ status: 'RESOURCE_EXHAUSTED' }, 'rate-limited', 429],
    [{ status: 'UNAVAILABLE' }, 'overloaded', 503],
    [{ code: 429 }, 'rate-limited', 429],
    [{ status: 'constructor' }, 'internal', 500],
  ])('an error in the stream of %j is %s, as if of status %i', (members, kind, status) => {
    const failed = `data: ${JSON.stringify({ error: { message: 'm', ...members } })}\n\n`;
    expect(decode(failed)).toMatchObject([{ type: 'error', error: { kind, status } }, { type: 'end' }]);
  });

  test.each(['data: {"candidates":\n\n', 'data: 1\n\n', 'data: [DONE]\n\n'])(
    '%j is no event of Gemini’s',
    (text) => {
      expect(decode(text)).toEqual([CUT, { type: 'end' }]);
    },
  );
});
