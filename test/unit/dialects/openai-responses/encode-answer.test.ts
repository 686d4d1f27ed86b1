import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { Answer, FinishReason } from '../../../../src/conversation/answer.ts';
import type { Part } from '../../../../src/conversation/part.ts';
import { outputItems } from '../../../../src/dialects/openai-responses/encode-answer.ts';
import { openaiResponses } from '../../../../src/dialects/openai-responses/index.ts';
import type { JsonObject } from '../../../../src/json/json-value.ts';
import { CONTEXT, frozen, SEED } from './support.ts';

const answerOf = (parts: Part[], finishReason: FinishReason = 'stop'): Answer => ({
  choices: [{ parts, finishReason }],
});
const encode = (answer: Answer, memo: JsonObject = {}): JsonObject =>
  openaiResponses.encodeAnswer(frozen(answer), frozen({ ...CONTEXT, memo }));

/** Every part that an answer of another vendor may have. */
const PARTS: Part[] = [
  { type: 'reasoning', text: 'think', signature: { dialect: 'anthropic-messages', value: 'Sig=' } },
  {
    type: 'reasoning',
    text: '',
    redacted: true,
    signature: { dialect: 'anthropic-messages', value: 'Red=' },
  },
  { type: 'text', text: 'Hi', citations: [{ url: 'https://a', title: 'A' }] },
  { type: 'text', text: ' there' },
  { type: 'refusal', text: 'No.' },
  { type: 'tool-call', id: 'c1', name: 'get', arguments: '{"n":12345678901234567890}' },
  {
    type: 'tool-call',
    id: 'c2',
    name: 'now',
    arguments: '',
    signature: { dialect: 'openai-chat', value: 'Call=' },
  },
];

const OUTPUT: JsonObject[] = [
  {
    id: `rs_${SEED}0000`,
    type: 'reasoning',
    summary: [{ type: 'summary_text', text: 'think' }],
    encrypted_content: 'pointsman.anthropic-messages.Sig=',
  },
  {
    id: `rs_${SEED}0001`,
    type: 'reasoning',
    summary: [],
    encrypted_content: 'pointsman.anthropic-messages.redacted.Red=',
  },
  {
    id: `msg_${SEED}0002`,
    type: 'message',
    status: 'completed',
    role: 'assistant',
    content: [
      {
        type: 'output_text',
        text: 'Hi',
        annotations: [{ type: 'url_citation', start_index: 0, end_index: 2, title: 'A', url: 'https://a' }],
        logprobs: [],
      },
      { type: 'output_text', text: ' there', annotations: [], logprobs: [] },
      { type: 'refusal', refusal: 'No.' },
    ],
  },
  {
    id: `fc_${SEED}0003`,
    type: 'function_call',
    status: 'completed',
    arguments: '{"n":12345678901234567890}',
    call_id: 'c1',
    name: 'get',
  },
  {
    id: `fc_${SEED}0004`,
    type: 'function_call',
    status: 'completed',
    arguments: '{}',
    call_id: 'c2',
    name: 'now',
  },
  {
    id: `rs_${SEED}0005`,
    type: 'reasoning',
    summary: [],
    encrypted_content: 'pointsman.openai-chat.call.2.c2Call=',
  },
];

describe('encodeAnswer', () => {
  it('has every member that the vendor documents, and repeats the request', () => {
    const memo = {
      instructions: 'be kind',
      temperature: 0.5,
      text: { verbosity: 'low' },
      reasoning: { effort: 'low' },
      tools: [{ type: 'function', name: 'f', parameters: {}, strict: true }],
      conversation: 'conv_1',
      user: 'u',
    };
    const usage = { input: 10, cachedInput: 4, output: 7, reasoning: 5 };
    const answer = { ...answerOf([]), id: 'msg_of_the_provider', model: 'claude', usage };
    expect(encode(answer, memo)).toEqual({
      id: `resp_${SEED}`,
      object: 'response',
      created_at: 1_700_000_000,
      status: 'completed',
      access_programs: null,
      background: false,
      conversation: { id: 'conv_1' },
      error: null,
      incomplete_details: null,
      instructions: 'be kind',
      max_output_tokens: null,
      max_tool_calls: null,
      metadata: {},
      model: 'claude',
      output: [],
      parallel_tool_calls: true,
      previous_response_id: null,
      prompt: null,
      prompt_cache_key: null,
      prompt_cache_retention: null,
      reasoning: { effort: 'low', summary: null },
      safety_identifier: null,
      service_tier: 'auto',
      store: false,
      temperature: 0.5,
      text: { format: { type: 'text' }, verbosity: 'low' },
      tool_choice: 'auto',
      tools: [{ type: 'function', name: 'f', parameters: {}, strict: true }],
      top_logprobs: 0,
      top_p: 1,
      truncation: 'disabled',
      usage: {
        input_tokens: 10,
        input_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
        output_tokens: 7,
        output_tokens_details: { reasoning_tokens: 5 },
        total_tokens: 17,
      },
      user: 'u',
    });
  });

  it('says every part as an item, whose ids come from the seed alone', () => {
    expect(encode(answerOf(PARTS, 'tool-calls'))['output']).toEqual(OUTPUT);
    expect(outputItems(answerOf(PARTS, 'tool-calls'), CONTEXT)).toEqual(OUTPUT);
  });

  it('gives items that a later request can bring back whole', () => {
    const { request } = openaiResponses.decodeRequest({ input: OUTPUT });
    const back = PARTS.map((part): unknown => {
      const { id, ...rest } = part as Part & { id?: string };
      if (part.type === 'tool-call')
        return { ...part, arguments: part.arguments === '' ? '{}' : part.arguments };
      if (part.type === 'text' && part.citations !== undefined) {
        return { ...rest, citations: [{ url: 'https://a', title: 'A', start: 0, end: 2 }] };
      }
      return rest;
    });
    const parts = request.messages.flatMap((message) => message.parts);
    expect(parts).toMatchObject(back as object[]);
    expect(parts).toHaveLength(PARTS.length);
  });

  it.each<readonly [reason: FinishReason, status: string, details: unknown]>([
    ['stop', 'completed', null],
    ['stop-sequence', 'completed', null],
    ['tool-calls', 'completed', null],
    ['refusal', 'completed', null],
    ['length', 'incomplete', { reason: 'max_output_tokens' }],
    ['context-length', 'incomplete', { reason: 'max_output_tokens' }],
    ['content-filter', 'incomplete', { reason: 'content_filter' }],
  ])('says %s as %s', (reason, status, details) => {
    const body = encode(answerOf([{ type: 'text', text: 'x' }], reason));
    expect(body).toMatchObject({ status, incomplete_details: details, error: null, output: [{ status }] });
  });

  it('says an unusable answer as failed', () => {
    expect(encode(answerOf([], 'error'))).toMatchObject({
      status: 'failed',
      error: { code: 'server_error' },
    });
  });

  it('says a refused prompt as incomplete', () => {
    expect(encode({ choices: [] })).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
      output: [],
    });
  });

  it('gives each text its tokens', () => {
    const token = (word: string) => ({ token: word, logprob: -1, top: [] });
    const body = encode({
      choices: [
        {
          parts: [
            { type: 'text', text: 'ab' },
            { type: 'text', text: 'é' },
          ],
          finishReason: 'stop',
          logprobs: [token('a'), token('b'), token('é')],
        },
      ],
    });
    const said = (word: string, bytes: number[]) => ({ token: word, bytes, logprob: -1, top_logprobs: [] });
    expect(body).toMatchObject({
      output: [
        {
          content: [{ logprobs: [said('a', [97]), said('b', [98])] }, { logprobs: [said('é', [195, 169])] }],
        },
      ],
    });
  });

  it("is what the vendor's SDK reads", async () => {
    const body = encode(answerOf(PARTS, 'tool-calls'));
    const client = new OpenAI({ apiKey: 'k', fetch: async () => Response.json(body) });
    const response = await client.responses.create({ model: 'm', input: 'x' });
    expect(response.output_text).toBe('Hi there');
    expect(response.output).toHaveLength(OUTPUT.length);
  });
});
