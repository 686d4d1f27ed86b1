import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../../src/contract/gateway-error.ts';
import type { Answer } from '../../../../src/conversation/answer.ts';
import { openaiResponses } from '../../../../src/dialects/openai-responses/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { CONTEXT, frozen } from './support.ts';

const decode = (body: JsonObject): Answer =>
  openaiResponses.decodeAnswer(
    frozen({ object: 'response', status: 'completed', output: [], ...body }),
    CONTEXT,
  );
const message = (...content: JsonObject[]): JsonObject => ({
  id: 'msg_1',
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content,
});
const call: JsonObject = {
  id: 'fc_1',
  type: 'function_call',
  call_id: 'c',
  name: 'get',
  arguments: '{"a":1}',
};

describe('decodeAnswer', () => {
  it('reads a whole response', () => {
    const logprob = { token: 'Hi', bytes: [72, 105], logprob: -0.1 };
    expect(
      decode({
        id: 'resp_1',
        created_at: 1_700_000_001,
        model: 'gpt-5-2025',
        service_tier: 'default',
        instructions: 'of the request',
        store: false,
        moderation: { flagged: false },
        output: [
          {
            id: 'rs_1',
            type: 'reasoning',
            summary: [{ type: 'summary_text', text: 'think' }],
            encrypted_content: 'gAAAA',
          },
          message({
            type: 'output_text',
            text: 'Hi there',
            annotations: [
              { type: 'url_citation', url: 'https://a', title: 'A', start_index: 0, end_index: 2 },
              { type: 'file_citation', file_id: 'f', filename: 'b.pdf', index: 3 },
            ],
            logprobs: [{ ...logprob, top_logprobs: [logprob] }],
          }),
          call,
        ],
        usage: {
          input_tokens: 10,
          input_tokens_details: { cached_tokens: 4, cache_write_tokens: 1 },
          output_tokens: 7,
          output_tokens_details: { reasoning_tokens: 5 },
          total_tokens: 17,
        },
      }),
    ).toEqual({
      id: 'resp_1',
      created: 1_700_000_001,
      model: 'gpt-5-2025',
      serviceTier: 'default',
      choices: [
        {
          parts: [
            {
              type: 'reasoning',
              text: 'think',
              id: 'rs_1',
              signature: { dialect: 'openai-responses', value: 'gAAAA', id: 'rs_1' },
            },
            {
              type: 'text',
              text: 'Hi there',
              citations: [
                { url: 'https://a', title: 'A', start: 0, end: 2 },
                {
                  title: 'b.pdf',
                  vendor: {
                    dialect: 'openai-responses',
                    members: { type: 'file_citation', file_id: 'f', filename: 'b.pdf', index: 3 },
                  },
                },
              ],
            },
            { type: 'tool-call', id: 'c', name: 'get', arguments: '{"a":1}' },
          ],
          finishReason: 'tool-calls',
          logprobs: [{ ...logprob, top: [logprob] }],
        },
      ],
      usage: { input: 10, cachedInput: 4, cacheWrite: 1, output: 7, reasoning: 5 },
      vendor: { dialect: 'openai-responses', members: { moderation: { flagged: false } } },
    });
  });

  it.each<readonly [body: JsonObject, reason: string]>([
    [{ output: [message({ type: 'output_text', text: 'x' })] }, 'stop'],
    [{ output: [message({ type: 'refusal', refusal: 'no' })] }, 'refusal'],
    [{ output: [call] }, 'tool-calls'],
    [{ output: [{ type: 'custom_tool_call', call_id: 'c', name: 'n', input: 'x' }] }, 'tool-calls'],
    [{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [call] }, 'length'],
    [{ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, 'content-filter'],
    [{ status: 'failed', error: { code: 'server_error', message: 'x' } }, 'error'],
  ])('finishes %j by %s', (body, reason) => {
    expect(decode(body).choices[0]?.finishReason).toBe(reason);
  });

  it('keeps the items of built-in tools as they came', () => {
    const value = { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search' } };
    expect(decode({ output: [value] }).choices[0]?.parts).toEqual([
      { type: 'vendor', dialect: 'openai-responses', name: 'web_search_call', value },
    ]);
  });

  it.each<JsonObject>([{ output: undefined }, { output: [{ type: 'function_call', name: 'x' }] }])(
    'throws for what is no response, without blaming the client: %j',
    (body) => {
      const failure = (): unknown => {
        try {
          return decode(body);
        } catch (error) {
          return error;
        }
      };
      expect(failure()).toBeInstanceOf(Error);
      expect(failure()).not.toBeInstanceOf(GatewayError);
    },
  );
});
