// What Gemini's answers say in neutral terms.

import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../../src/conversation/answer.ts';
import { gemini } from '../../../../src/dialects/gemini/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { freeze } from '../openai-chat/freeze.ts';

const SEED = '0123456789abcdef01234567';
const CONTEXT = { seed: SEED, created: 7, model: 'm', stream: false, memo: {} };

const decode = (body: JsonObject): Answer => gemini.decodeAnswer(freeze(body), CONTEXT);
const candidate = (parts: JsonObject[], more: JsonObject = {}): JsonObject => ({
  content: { parts, role: 'model' },
  finishReason: 'STOP',
  index: 0,
  ...more,
});
const choiceOf = (parts: JsonObject[], more: JsonObject = {}) =>
  decode({ candidates: [candidate(parts, more)] }).choices[0];

test('an answer with thoughts, text and counts', () => {
  expect(
    decode({
      candidates: [
        candidate([
          { text: 'Hm', thought: true },
          { text: 'Hi', thoughtSignature: 'sig' },
        ]),
      ],
      usageMetadata: {
        promptTokenCount: 10,
        cachedContentTokenCount: 4,
        candidatesTokenCount: 5,
        thoughtsTokenCount: 3,
        toolUsePromptTokenCount: 2,
        totalTokenCount: 20,
        serviceTier: 'flex',
      },
      modelVersion: 'gemini-2.5-pro',
      responseId: 'r1',
      createTime: '2026-01-02T03:04:05.678Z',
    }),
  ).toEqual({
    id: 'r1',
    model: 'gemini-2.5-pro',
    created: 1_767_323_045,
    serviceTier: 'flex',
    choices: [
      {
        parts: [
          { type: 'reasoning', text: 'Hm' },
          { type: 'text', text: 'Hi' },
          { type: 'reasoning', text: '', signature: { dialect: 'gemini', value: 'sig' } },
        ],
        finishReason: 'stop',
      },
    ],
    usage: {
      input: 12,
      cachedInput: 4,
      output: 8,
      reasoning: 3,
      vendor: { dialect: 'gemini', members: { toolUsePromptTokenCount: 2, serviceTier: 'flex' } },
    },
    vendor: { dialect: 'gemini', members: { createTime: '2026-01-02T03:04:05.678Z' } },
  });
});

test('calls get ids where they have none, and are the reason to finish', () => {
  expect(
    choiceOf([
      { functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'sig' },
      { functionCall: { name: 'f' } },
      { functionCall: { id: 'own', name: 'g', args: {} } },
    ]),
  ).toEqual({
    parts: [
      {
        type: 'tool-call',
        id: `gemini_call_${SEED}_0`,
        name: 'f',
        arguments: '{"a":1}',
        signature: { dialect: 'gemini', value: 'sig' },
      },
      { type: 'tool-call', id: `gemini_call_${SEED}_1`, name: 'f', arguments: '{}' },
      { type: 'tool-call', id: 'own', name: 'g', arguments: '{}' },
    ],
    finishReason: 'tool-calls',
  });
});

describe('the reason to finish', () => {
  test.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content-filter'],
    ['RECITATION', 'content-filter'],
    ['BLOCKLIST', 'content-filter'],
    ['PROHIBITED_CONTENT', 'content-filter'],
    ['SPII', 'content-filter'],
    ['IMAGE_SAFETY', 'content-filter'],
    ['MALFORMED_FUNCTION_CALL', 'error'],
    ['UNEXPECTED_TOOL_CALL', 'error'],
    ['OTHER', 'error'],
    ['constructor', 'error'],
  ])('%s', (finishReason, expected) => {
    expect(choiceOf([{ text: 'a' }], { finishReason })?.finishReason).toBe(expected);
  });

  test('is kept in Google’s own word where ours is wider', () => {
    expect(choiceOf([], { finishReason: 'SPII', finishMessage: 'm' })?.vendor?.members).toEqual({
      finishReason: 'SPII',
      finishMessage: 'm',
    });
    expect(choiceOf([], { finishReason: 'SAFETY' })?.vendor).toBeUndefined();
  });
});

test('a prompt that Google would not read is an answer that its filter withheld', () => {
  expect(
    decode({ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 3 } }),
  ).toEqual({
    choices: [{ parts: [], finishReason: 'content-filter' }],
    usage: { input: 3, output: 0 },
    vendor: { dialect: 'gemini', members: { promptFeedback: { blockReason: 'SAFETY' } } },
  });
});

test('candidates are in the order of their index', () => {
  const { choices } = decode({
    candidates: [candidate([{ text: 'b' }], { index: 1 }), { content: { parts: [{ text: 'a' }] } }],
  });
  expect(choices.map(({ parts }) => parts)).toEqual([
    [{ type: 'text', text: 'a' }],
    [{ type: 'text', text: 'b' }],
  ]);
});

test('grounding names the sources of stretches of text, counted in bytes by Google', () => {
  const choice = choiceOf([{ text: 'hm', thought: true }, { text: 'Grüße 😀 aus Köln.' }], {
    groundingMetadata: {
      groundingChunks: [
        { web: { uri: 'https://a.test', title: 'A' } },
        { retrievedContext: { uri: 'gs://b' } },
      ],
      groundingSupports: [
        { segment: { partIndex: 1, startIndex: 9, endIndex: 13 }, groundingChunkIndices: [0, 1] },
        { segment: { partIndex: 0, endIndex: 2 }, groundingChunkIndices: [0] },
        { segment: { partIndex: 1, endIndex: 7 }, groundingChunkIndices: [7] },
      ],
    },
  });
  expect(choice?.parts[1]).toEqual({
    type: 'text',
    text: 'Grüße 😀 aus Köln.',
    citations: [
      { url: 'https://a.test', title: 'A', start: 7, end: 9 },
      { url: 'gs://b', start: 7, end: 9 },
    ],
  });
  expect(Object.keys(choice?.vendor?.members ?? {})).toEqual(['groundingMetadata']);
});

test('log probabilities', () => {
  const logprobsResult = {
    chosenCandidates: [{ token: 'a', logProbability: -0.1, tokenId: 5 }],
    topCandidates: [{ candidates: [{ token: 'b', logProbability: -2 }] }],
  };
  expect(choiceOf([{ text: 'a' }], { logprobsResult })?.logprobs).toEqual([
    { token: 'a', logprob: -0.1, top: [{ token: 'b', logprob: -2 }] },
  ]);
});

test('an image that the model drew', () => {
  expect(choiceOf([{ inlineData: { mimeType: 'image/png', data: 'AAA=' } }])?.parts).toEqual([
    { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAA=' } },
  ]);
});

test.each<JsonObject>([{}, { candidates: [] }, { choices: [] }, { promptFeedback: {} }])(
  'no answer: %j',
  (body) => {
    expect(() => decode(body)).toThrow('no candidates');
  },
);
