// Streams of any provider as a client of Gemini gets them.

import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../../../src/conversation/stream-event.ts';
import { gemini } from '../../../../src/dialects/gemini/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { freeze } from '../openai-chat/freeze.ts';

const CONTEXT = { seed: '0123456789abcdef01234567', created: 7, model: 'm', stream: true, memo: {} };
const at = (part: number, choice = 0) => ({ choice, part });

function encode(events: readonly StreamEvent[], memo: JsonObject = {}): string[] {
  const encoder = gemini.createStreamEncoder(freeze({ ...CONTEXT, memo }));
  return freeze(events).map((event) => encoder.push(event));
}

/** What a client reads: the parts of the candidates, piece by piece. */
function candidatesOf(events: readonly StreamEvent[]): unknown[] {
  const text = encode(events).join('');
  return text
    .split('\n\n')
    .filter((event) => event !== '')
    .flatMap(
      (event) => (JSON.parse(event.slice('data: '.length)) as { candidates?: unknown[] }).candidates ?? [],
    );
}

const piece = (part: object, index = 0): object => ({ content: { parts: [part], role: 'model' }, index });

const STREAM: readonly StreamEvent[] = [
  { type: 'start', id: 'msg_1', model: 'claude' },
  { type: 'part-start', ...at(0), content: { type: 'reasoning' } },
  { type: 'reasoning-delta', ...at(0), text: 'Hm' },
  { type: 'signature', ...at(0), signature: { dialect: 'anthropic-messages', value: 'sig' } },
  { type: 'part-end', ...at(0) },
  { type: 'part-start', ...at(1), content: { type: 'text' } },
  { type: 'text-delta', ...at(1), text: 'Grüße' },
  { type: 'part-end', ...at(1) },
  { type: 'part-start', ...at(2), content: { type: 'tool-call', id: 'a', name: 'f' } },
  { type: 'part-start', ...at(3), content: { type: 'tool-call', id: 'b', name: 'g' } },
  { type: 'arguments-delta', ...at(2), json: '{"x":' },
  { type: 'arguments-delta', ...at(2), json: '1}' },
  { type: 'signature', ...at(2), signature: { dialect: 'gemini', value: 'own' } },
  { type: 'part-end', ...at(3) },
  { type: 'part-end', ...at(2) },
  { type: 'finish', choice: 0, reason: 'tool-calls' },
  { type: 'usage', usage: { input: 9, output: 4, reasoning: 1 } },
  { type: 'end' },
];

const WRAPPED = Buffer.from('pointsman.anthropic-messages.sig').toString('base64');

describe('a stream', () => {
  test('says each thing at once, calls when they are whole, and the reason with the counts', () => {
    expect(candidatesOf(STREAM)).toEqual([
      piece({ text: 'Hm', thought: true }),
      piece({ text: '', thought: true, thoughtSignature: WRAPPED }),
      piece({ text: 'Grüße' }),
      piece({ functionCall: { id: 'b', name: 'g', args: {} } }),
      piece({ functionCall: { id: 'a', name: 'f', args: { x: 1 } }, thoughtSignature: 'own' }),
      { ...piece({ text: '' }), finishReason: 'STOP' },
    ]);
    expect(encode(STREAM)[6]).toBe(
      'data: {"candidates":[{"content":{"parts":[{"text":"Grüße"}],"role":"model"},"index":0}],"modelVersion":"claude","responseId":"msg_1"}\n\n',
    );
    expect(encode(STREAM).at(-1)).toContain(
      '"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":3,"thoughtsTokenCount":1,"totalTokenCount":13}',
    );
  });

  test('without alt=sse is one JSON array', () => {
    const encoder = gemini.createStreamEncoder({ ...CONTEXT, memo: { arrayStream: true } });
    expect(encoder.contentType).toBe('application/json');
    const text = encode(STREAM, { arrayStream: true }).join('');
    expect(text.startsWith('[{"candidates"')).toBe(true);
    expect(text).toContain('},\r\n{');
    expect(JSON.parse(text)).toHaveLength(6);
  });

  test('has every candidate’s pieces under its index', () => {
    const events: StreamEvent[] = [
      { type: 'start' },
      { type: 'part-start', ...at(0), content: { type: 'text' } },
      { type: 'part-start', ...at(1, 1), content: { type: 'refusal' } },
      { type: 'text-delta', ...at(0), text: 'a' },
      { type: 'refusal-delta', ...at(1, 1), text: 'b' },
      { type: 'finish', choice: 0, reason: 'length' },
      { type: 'finish', choice: 1, reason: 'refusal' },
      { type: 'end' },
    ];
    expect(candidatesOf(events)).toEqual([
      piece({ text: 'a' }),
      piece({ text: 'b' }, 1),
      { ...piece({ text: '' }), finishReason: 'MAX_TOKENS' },
      { ...piece({ text: '' }, 1), finishReason: 'SAFETY' },
    ]);
  });

  test('has log probabilities at once and citations with the end', () => {
    const events: StreamEvent[] = [
      { type: 'start' },
      { type: 'part-start', ...at(0), content: { type: 'text' } },
      { type: 'text-delta', ...at(0), text: 'é ' },
      { type: 'text-delta', ...at(0), text: 'b' },
      { type: 'citation', ...at(0), citation: { url: 'https://a.test', start: 2, end: 3 } },
      { type: 'logprobs', choice: 0, logprobs: [{ token: 'b', logprob: -1, top: [] }] },
      { type: 'part-end', ...at(0) },
      { type: 'finish', choice: 0, reason: 'stop' },
      { type: 'end' },
    ];
    expect(candidatesOf(events).slice(2)).toEqual([
      {
        ...piece({ text: '' }),
        logprobsResult: {
          chosenCandidates: [{ token: 'b', logProbability: -1 }],
          topCandidates: [{ candidates: [] }],
        },
      },
      {
        ...piece({ text: '' }),
        finishReason: 'STOP',
        groundingMetadata: {
          groundingChunks: [{ web: { uri: 'https://a.test' } }],
          groundingSupports: [
            { segment: { partIndex: 0, startIndex: 3, endIndex: 4, text: 'b' }, groundingChunkIndices: [0] },
          ],
        },
      },
    ]);
  });

  test('with a call that is no JSON object says that the model failed', () => {
    const events: StreamEvent[] = [
      { type: 'start' },
      { type: 'part-start', ...at(0), content: { type: 'tool-call', id: 'a', name: 'f' } },
      { type: 'arguments-delta', ...at(0), json: '{"x":' },
      { type: 'part-end', ...at(0) },
      { type: 'finish', choice: 0, reason: 'tool-calls' },
      { type: 'end' },
    ];
    expect(candidatesOf(events)).toEqual([
      { ...piece({ text: '' }), finishReason: 'MALFORMED_FUNCTION_CALL' },
    ]);
  });
});

const FAILED: readonly StreamEvent[] = [
  ...STREAM.slice(0, 7),
  { type: 'error', error: { kind: 'overloaded', status: 529, message: 'busy' } },
  { type: 'end' },
];
const ERROR = { error: { code: 529, message: 'busy', status: 'UNAVAILABLE' } };

describe('a failure', () => {
  test('is the last event', () => {
    expect(encode(FAILED).slice(-2)).toEqual([`data: ${JSON.stringify(ERROR)}\n\n`, '']);
  });

  test('is the last item of an array, which still ends', () => {
    const items = JSON.parse(encode(FAILED, { arrayStream: true }).join('')) as unknown[];
    expect(items.at(-1)).toEqual(ERROR);
    const first = encode([...FAILED.slice(-2)], { arrayStream: true }).join('');
    expect(JSON.parse(first)).toEqual([ERROR]);
  });
});

test('every piece has content, without which Google’s SDK keeps nothing of the turn', () => {
  for (const candidate of candidatesOf(STREAM)) {
    expect(candidate).toMatchObject({ content: { parts: [expect.anything()], role: 'model' } });
  }
});

test('a client that keeps the pieces sends back what was said', () => {
  const contents = candidatesOf(STREAM).map((candidate) => (candidate as { content: JsonObject }).content);
  expect(gemini.decodeRequest(freeze({ contents })).request.messages).toEqual([
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: 'Hm', signature: { dialect: 'anthropic-messages', value: 'sig' } },
        { type: 'text', text: 'Grüße' },
        { type: 'tool-call', id: 'b', name: 'g', arguments: '{}' },
        {
          type: 'tool-call',
          id: 'a',
          name: 'f',
          arguments: '{"x":1}',
          signature: { dialect: 'gemini', value: 'own' },
        },
      ],
    },
  ]);
});
