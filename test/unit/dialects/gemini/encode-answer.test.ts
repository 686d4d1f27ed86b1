// Answers of any provider as a client of Gemini gets them.

import { describe, expect, test } from 'vitest';
import type { Answer, Choice, FinishReason } from '../../../../src/conversation/answer.ts';
import type { Part } from '../../../../src/conversation/part.ts';
import { gemini } from '../../../../src/dialects/gemini/index.ts';
import { freeze } from '../openai-chat/freeze.ts';

const CONTEXT = { seed: '0123456789abcdef01234567', created: 7, model: 'm', stream: false, memo: {} };

const encode = (answer: Answer) => gemini.encodeAnswer(freeze(answer), CONTEXT);
const candidateOf = (
  parts: readonly Part[],
  finishReason: FinishReason = 'stop',
  more: Partial<Choice> = {},
) => {
  const { candidates } = encode({ choices: [{ parts, finishReason, ...more }] });
  return Array.isArray(candidates) ? candidates[0] : undefined;
};

test('an answer with thoughts, text, a call and counts', () => {
  expect(
    encode({
      id: 'msg_1',
      model: 'claude',
      choices: [
        {
          parts: [
            { type: 'reasoning', text: 'Hm', signature: { dialect: 'anthropic-messages', value: 'sig' } },
            { type: 'text', text: 'Hi' },
            { type: 'tool-call', id: 'toolu_1', name: 'f', arguments: '{"a":1}' },
            { type: 'tool-call', id: 'gemini_call_0', name: 'g', arguments: '' },
          ],
          finishReason: 'tool-calls',
        },
      ],
      usage: { input: 10, cachedInput: 4, cacheWrite: 1, output: 8, reasoning: 3 },
    }),
  ).toEqual({
    candidates: [
      {
        content: {
          parts: [
            {
              text: 'Hm',
              thought: true,
              thoughtSignature: Buffer.from('pointsman.anthropic-messages.sig').toString('base64'),
            },
            { text: 'Hi' },
            { functionCall: { id: 'toolu_1', name: 'f', args: { a: 1 } } },
            { functionCall: { name: 'g', args: {} } },
          ],
          role: 'model',
        },
        finishReason: 'STOP',
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: 10,
      cachedContentTokenCount: 4,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 3,
      totalTokenCount: 18,
    },
    modelVersion: 'claude',
    responseId: 'msg_1',
  });
});

test('an answer without id and model has those of the request', () => {
  expect(encode({ choices: [] })).toEqual({
    candidates: [],
    modelVersion: 'm',
    responseId: '0123456789abcdef01234567',
  });
});

test.each<[FinishReason, string]>([
  ['stop', 'STOP'],
  ['stop-sequence', 'STOP'],
  ['tool-calls', 'STOP'],
  ['length', 'MAX_TOKENS'],
  ['context-length', 'MAX_TOKENS'],
  ['content-filter', 'SAFETY'],
  ['refusal', 'SAFETY'],
  ['pause', 'OTHER'],
  ['error', 'OTHER'],
])('%s is %s', (reason, expected) => {
  expect(candidateOf([{ type: 'text', text: 'a' }], reason)).toMatchObject({ finishReason: expected });
});

test('a call whose arguments are no object is not given as one that can be made', () => {
  expect(candidateOf([{ type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":' }], 'tool-calls')).toEqual({
    content: { parts: [], role: 'model' },
    finishReason: 'MALFORMED_FUNCTION_CALL',
    index: 0,
  });
});

describe('citations', () => {
  test('are grounding, counted in bytes', () => {
    const text = 'Grüße 😀!';
    const citations = [{ url: 'https://a.test', title: 'A', start: 6, end: 8 }, { url: 'https://b.test' }];
    const parts: Part[] = [
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text, citations },
    ];
    expect(candidateOf(parts)).toMatchObject({
      groundingMetadata: {
        groundingChunks: [{ web: { uri: 'https://a.test', title: 'A' } }, { web: { uri: 'https://b.test' } }],
        groundingSupports: [
          {
            segment: { partIndex: 1, startIndex: 8, endIndex: 12, text: '😀' },
            groundingChunkIndices: [0],
          },
          {
            segment: { partIndex: 1, startIndex: 0, endIndex: 13, text },
            groundingChunkIndices: [1],
          },
        ],
      },
    });
  });
});

test('log probabilities', () => {
  const logprobs = [{ token: 'a', logprob: -0.1, bytes: [97], top: [{ token: 'b', logprob: -2 }] }];
  expect(candidateOf([{ type: 'text', text: 'a' }], 'stop', { logprobs })).toMatchObject({
    logprobsResult: {
      chosenCandidates: [{ token: 'a', logProbability: -0.1 }],
      topCandidates: [{ candidates: [{ token: 'b', logProbability: -2 }] }],
    },
  });
});

test('a refusal is text; blocks of another vendor and file ids are left out', () => {
  const parts: Part[] = [
    { type: 'vendor', dialect: 'anthropic-messages', name: 'server_tool_use', value: {} },
    { type: 'refusal', text: 'no' },
    { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAA=' } },
    { type: 'file', source: { type: 'file-id', dialect: 'openai-chat', id: 'f' } },
  ];
  expect(candidateOf(parts)).toMatchObject({
    content: { parts: [{ text: 'no' }, { inlineData: { mimeType: 'image/png', data: 'AAA=' } }] },
  });
});
