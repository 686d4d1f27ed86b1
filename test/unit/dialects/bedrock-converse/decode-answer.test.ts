// Converse's whole answers in neutral terms.

import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../../src/conversation/answer.ts';
import { bedrockConverse } from '../../../../src/dialects/bedrock-converse/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { freeze } from '../openai-chat/freeze.ts';

function decode(body: JsonObject, model = 'anthropic.claude-sonnet-4-20250514-v1:0'): Answer {
  const context = { seed: '0123456789abcdef01234567', created: 7, model, stream: false, memo: {} };
  return bedrockConverse.decodeAnswer(freeze(body), context);
}
const answer = (content: JsonObject[], more: JsonObject = {}): JsonObject => ({
  output: { message: { role: 'assistant', content } },
  stopReason: 'end_turn',
  metrics: { latencyMs: 5 },
  ...more,
});

describe('an answer', () => {
  test('has all its parts in order', () => {
    const body = answer(
      [
        { reasoningContent: { reasoningText: { text: 'hm', signature: 'Eq==' } } },
        { reasoningContent: { redactedContent: 'AAEC' } },
        { text: 'hi' },
        {
          citationsContent: {
            content: [{ text: 'so ' }, { text: 'it is' }],
            citations: [
              {
                title: 't',
                source: 'https://b.test/',
                sourceContent: [{ text: 'said' }],
                location: { documentChar: { documentIndex: 0, start: 1, end: 5 } },
              },
            ],
          },
        },
        { toolUse: { toolUseId: 'tooluse_a', name: 'f', input: { x: [1, 'é'] } } },
        { toolUse: { toolUseId: 'x', name: 'nova_grounding', type: 'server_tool_use', input: {} } },
        { toolResult: { toolUseId: 'x', content: [] } },
        { image: { format: 'png', source: { bytes: 'iVBO' } } },
      ],
      {
        stopReason: 'tool_use',
        usage: {
          inputTokens: 3,
          outputTokens: 6,
          totalTokens: 14,
          cacheReadInputTokens: 4,
          cacheWriteInputTokens: 1,
        },
        serviceTier: { type: 'priority' },
        trace: { promptRouter: { invokedModelId: 'arn:aws:bedrock:us-east-1::foundation-model/m' } },
      },
    );
    expect(decode(body)).toEqual({
      choices: [
        {
          parts: [
            { type: 'reasoning', text: 'hm', signature: { dialect: 'anthropic-messages', value: 'Eq==' } },
            {
              type: 'reasoning',
              text: '',
              redacted: true,
              signature: { dialect: 'bedrock-converse', value: 'AAEC' },
            },
            { type: 'text', text: 'hi' },
            {
              type: 'text',
              text: 'so it is',
              citations: [{ url: 'https://b.test/', title: 't', citedText: 'said' }],
            },
            { type: 'tool-call', id: 'tooluse_a', name: 'f', arguments: '{"x":[1,"é"]}' },
            { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'iVBO' } },
          ],
          finishReason: 'tool-calls',
        },
      ],
      model: 'arn:aws:bedrock:us-east-1::foundation-model/m',
      usage: { input: 8, cachedInput: 4, cacheWrite: 1, output: 6 },
      serviceTier: 'priority',
    });
  });

  test('of another model keeps its proof as Bedrock’s own', () => {
    const body = answer([{ reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } }]);
    expect(
      decode(body, 'arn:aws:bedrock:us-east-1:1:application-inference-profile/abc').choices[0]?.parts,
    ).toEqual([{ type: 'reasoning', text: 'hm', signature: { dialect: 'bedrock-converse', value: 's' } }]);
  });

  test.each([
    ['end_turn', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'context-length'],
    ['stop_sequence', 'stop-sequence'],
    ['guardrail_intervened', 'content-filter'],
    ['content_filtered', 'content-filter'],
    ['malformed_model_output', 'error'],
    ['malformed_tool_use', 'error'],
    ['something_new', 'stop'],
  ])('that stopped with %s finished with %s', (stopReason, expected) => {
    expect(decode(answer([{ text: 'a' }], { stopReason })).choices[0]?.finishReason).toBe(expected);
  });

  test('that calls a tool did not simply stop', () => {
    const content = [{ toolUse: { toolUseId: 'a', name: 'f', input: {} } }];
    expect(decode(answer(content)).choices[0]).toMatchObject({
      parts: [{ arguments: '{}' }],
      finishReason: 'tool-calls',
    });
  });

  test('names the sequence that it stopped at', () => {
    const more = { stopReason: 'stop_sequence', additionalModelResponseFields: { stop_sequence: 'END' } };
    expect(decode(answer([], more)).choices[0]?.stopSequence).toBe('END');
  });

  test.each<[string, JsonObject]>([
    ['no output', {}],
    ['no content', { output: { message: {} } }],
    ['another dialect', { choices: [] }],
  ])('with %s is none', (_name, body) => {
    expect(() => decode(body)).toThrow(TypeError);
  });
});
