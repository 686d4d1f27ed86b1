// The stand-in vendors against the official SDKs, without a gateway between: what an SDK sends is taken without complaint,
// and what the vendor answers is understood.

import Anthropic from '@anthropic-ai/sdk';
import {
  BedrockRuntimeClient,
  type ContentBlock,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { GoogleGenAI } from '@google/genai';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { anthropicMessages } from '../../vendors/anthropic-messages/index.ts';
import { bedrockConverse } from '../../vendors/bedrock-converse/index.ts';
import { type FakeVendor, startFakeVendor } from '../../vendors/fake-vendor.ts';
import { gemini } from '../../vendors/gemini/index.ts';
import { openaiChat } from '../../vendors/openai-chat/index.ts';
import { openaiResponses } from '../../vendors/openai-responses/index.ts';
import { ANSWER_TEXT, REASONING_TEXT, RESULT_TEXT } from '../../vendors/reply.ts';
import { SIGNATURES } from '../../vendors/signatures.ts';
import { FAILURE_TEXT, type Vendor } from '../../vendors/vendor.ts';

const KEY = 'sk-test-key-0c7e';
const AWS = {
  accessKeyId: 'AKIATESTPOINTSMAN',
  secretAccessKey: 'aws-test-secret-77b0',
  region: 'us-east-1',
};
const QUESTION = 'What is the capital of France?';
const CITY = { type: 'object', properties: { city: { type: 'string' } } };

/** Without what the SDK's own helpers add (`parsed_arguments`). */
const plain = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value, (name, inner: unknown) => (name.startsWith('parsed') ? undefined : inner)),
  ) as T;

async function drain(stream: AsyncIterable<unknown> | undefined): Promise<void> {
  for await (const _ of stream ?? []);
}

let server: FakeVendor;
function serve(vendor: Vendor): void {
  beforeAll(async () => {
    server = await startFakeVendor(vendor, {
      key: vendor === bedrockConverse ? AWS : KEY,
      foreign: ['sk-other'],
    });
  });
  afterEach(() => {
    const violations = [...server.violations];
    server.reset();
    expect(violations).toEqual([]);
  });
  afterAll(() => server.close());
}

describe('openai chat completions', () => {
  serve(openaiChat);
  const client = (): OpenAI => new OpenAI({ apiKey: KEY, baseURL: `${server.url}/v1`, maxRetries: 0 });
  const tool = (name: string): object => ({ type: 'function', function: { name, parameters: CITY } });

  test('a streamed text with its counts', async () => {
    const stream = client().chat.completions.stream({
      model: openaiChat.model,
      messages: [{ role: 'user', content: QUESTION }],
      stream_options: { include_usage: true },
    });
    expect(await stream.finalContent()).toBe(ANSWER_TEXT);
    expect(await stream.totalUsage()).toMatchObject({ prompt_tokens: 20, completion_tokens: 7 });
  });

  test('interleaved calls, and their results', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: QUESTION }];
    const tools = [tool('get_weather'), tool('get_time')] as OpenAI.ChatCompletionTool[];
    const { message } = await client()
      .chat.completions.stream({ model: openaiChat.model, messages, tools })
      .finalChatCompletion()
      .then(({ choices }) => choices[0] ?? expect.fail('no choice'));
    expect(message.tool_calls).toMatchObject([
      { function: { name: 'get_weather', arguments: '{"city":"Paris","unit":"celsius"}' } },
      { function: { name: 'get_time', arguments: '{"zone":"Europe/Paris"}' } },
    ]);
    const results = (message.tool_calls ?? []).map(({ id }) => ({
      role: 'tool' as const,
      tool_call_id: id,
      content: '21',
    }));
    const after = await client().chat.completions.create({
      model: openaiChat.model,
      tools,
      messages: [...messages, plain(message), ...results],
    });
    expect(after.choices[0]?.message.content).toBe(RESULT_TEXT);
  });

  test('failures, whole and in the middle', async () => {
    server.script(
      { type: 'fail', failure: 'rate-limited' },
      { type: 'fail-midway', after: 3, failure: 'overloaded' },
    );
    const body = { model: openaiChat.model, messages: [{ role: 'user' as const, content: QUESTION }] };
    await expect(client().chat.completions.create(body)).rejects.toThrow(OpenAI.RateLimitError);
    await expect(client().chat.completions.stream(body).done()).rejects.toThrow(FAILURE_TEXT.overloaded);
  });
});

describe('openai responses', () => {
  serve(openaiResponses);
  const client = (): OpenAI => new OpenAI({ apiKey: KEY, baseURL: `${server.url}/v1`, maxRetries: 0 });

  test('reasoning and a call, streamed; both go back with the result', async () => {
    const tools: OpenAI.Responses.FunctionTool[] = [
      { type: 'function', name: 'get_weather', parameters: CITY, strict: false },
    ];
    const body = { model: openaiResponses.model, tools, reasoning: { effort: 'low' as const } };
    const first = await client()
      .responses.stream({ ...body, input: QUESTION })
      .finalResponse();
    expect(first.output.map(({ type }) => type)).toEqual(['reasoning', 'function_call']);
    const call = first.output[1];
    if (call?.type !== 'function_call') throw new Error('no call');
    const second = await client().responses.create({
      ...body,
      input: [
        { role: 'user', content: QUESTION },
        ...(plain(first.output) as OpenAI.Responses.ResponseInputItem[]),
        { type: 'function_call_output', call_id: call.call_id, output: '21' },
      ],
    });
    expect(second.output_text).toBe(RESULT_TEXT);
  });

  test('a failure in the middle', async () => {
    server.script({ type: 'fail-midway', after: 4, failure: 'internal' });
    const stream = client().responses.stream({ model: openaiResponses.model, input: QUESTION });
    await expect(stream.finalResponse()).rejects.toThrow(FAILURE_TEXT.internal);
  });
});

describe('anthropic messages', () => {
  serve(anthropicMessages);
  const client = (): Anthropic => new Anthropic({ apiKey: KEY, baseURL: server.url, maxRetries: 0 });
  const body = { model: anthropicMessages.model, max_tokens: 4000 };
  const question = { role: 'user' as const, content: QUESTION };

  test('thinking and a call, streamed; both go back with the result', async () => {
    const tools = [{ name: 'get_weather', input_schema: { ...CITY, type: 'object' as const } }];
    const thinking = { type: 'enabled' as const, budget_tokens: 1024 };
    const first = await client()
      .messages.stream({ ...body, tools, thinking, messages: [question] })
      .finalMessage();
    expect(first.content).toMatchObject([
      { type: 'thinking', thinking: REASONING_TEXT, signature: SIGNATURES.anthropicMessages },
      { type: 'tool_use', input: { city: 'Paris', unit: 'celsius' } },
    ]);
    const id = first.content[1]?.type === 'tool_use' ? first.content[1].id : '';
    const result = {
      role: 'user' as const,
      content: [{ type: 'tool_result' as const, tool_use_id: id, content: '21' }],
    };
    const messages = [question, { role: 'assistant' as const, content: first.content }, result];
    const second = await client().messages.create({ ...body, tools, thinking, messages });
    expect(second.content.at(-1)).toMatchObject({ text: RESULT_TEXT });
  });

  test('failures, whole and in the middle', async () => {
    server.script(
      { type: 'fail', failure: 'overloaded' },
      { type: 'fail-midway', after: 3, failure: 'overloaded' },
    );
    await expect(client().messages.create({ ...body, messages: [question] })).rejects.toMatchObject({
      status: 529,
    });
    await expect(
      client()
        .messages.stream({ ...body, messages: [question] })
        .done(),
    ).rejects.toThrow(FAILURE_TEXT.overloaded);
  });
});

describe('gemini', () => {
  serve(gemini);
  const client = (): GoogleGenAI => new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: server.url } });

  test('thoughts and a call, and its result', async () => {
    const config = {
      tools: [{ functionDeclarations: [{ name: 'get_weather', parametersJsonSchema: CITY }] }],
      thinkingConfig: { includeThoughts: true, thinkingBudget: 512 },
    };
    const user = { role: 'user', parts: [{ text: QUESTION }] };
    const first = await client().models.generateContent({ model: gemini.model, contents: [user], config });
    expect(first.functionCalls).toMatchObject([{ name: 'get_weather', args: { city: 'Paris' } }]);
    const model = first.candidates?.[0]?.content ?? {};
    const result = {
      role: 'user',
      parts: [{ functionResponse: { name: 'get_weather', response: { output: 21 } } }],
    };
    const contents = [user, model, result];
    const second = await client().models.generateContent({ model: gemini.model, contents, config });
    expect(second.text).toBe(RESULT_TEXT);
  });

  test('a streamed text with its counts', async () => {
    let text = '';
    let counts: unknown;
    for await (const chunk of await client().models.generateContentStream({
      model: gemini.model,
      contents: QUESTION,
    })) {
      text += chunk.text ?? '';
      counts = chunk.usageMetadata;
    }
    expect(text).toBe(ANSWER_TEXT);
    expect(counts).toMatchObject({ promptTokenCount: 20, candidatesTokenCount: 7 });
  });

  test('a failure', async () => {
    server.script({ type: 'fail', failure: 'rate-limited' });
    const asked = client().models.generateContent({ model: gemini.model, contents: QUESTION });
    await expect(asked).rejects.toMatchObject({ status: 429 });
  });
});

describe('bedrock converse', () => {
  serve(bedrockConverse);
  const client = (): BedrockRuntimeClient =>
    new BedrockRuntimeClient({
      region: AWS.region,
      credentials: AWS,
      endpoint: server.url,
      maxAttempts: 1,
      // Its own speaks HTTP/2, a stand-in does not.
      requestHandler: new NodeHttpHandler(),
    });
  const modelId = bedrockConverse.model;
  const user = { role: 'user' as const, content: [{ text: QUESTION }] };

  test('thinking and a call, and its result', async () => {
    const body = {
      modelId,
      toolConfig: { tools: [{ toolSpec: { name: 'get_weather', inputSchema: { json: CITY } } }] },
      additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } },
    };
    const first = await client().send(new ConverseCommand({ ...body, messages: [user] }));
    const content = first.output?.message?.content ?? [];
    const toolUseId = content[1]?.toolUse?.toolUseId;
    expect(toolUseId).toMatch(/^tooluse_/);
    const result: ContentBlock = { toolResult: { toolUseId, content: [{ text: '21' }] } };
    const messages = [
      user,
      { role: 'assistant' as const, content },
      { role: 'user' as const, content: [result] },
    ];
    const second = await client().send(new ConverseCommand({ ...body, messages }));
    expect(second.output?.message?.content?.at(-1)).toMatchObject({ text: RESULT_TEXT });
  });

  test('a streamed text with its counts', async () => {
    const { stream = [] } = await client().send(new ConverseStreamCommand({ modelId, messages: [user] }));
    let text = '';
    let counts: unknown;
    for await (const event of stream as AsyncIterable<
      Record<string, Record<string, Record<string, string>>>
    >) {
      text += event['contentBlockDelta']?.['delta']?.['text'] ?? '';
      counts = event['metadata']?.['usage'] ?? counts;
    }
    expect(text).toBe(ANSWER_TEXT);
    expect(counts).toMatchObject({ inputTokens: 14, outputTokens: 7, cacheReadInputTokens: 6 });
  });

  test('failures, whole and in the middle', async () => {
    server.script(
      { type: 'fail', failure: 'rate-limited' },
      { type: 'fail-midway', after: 2, failure: 'internal' },
    );
    await expect(client().send(new ConverseCommand({ modelId, messages: [user] }))).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
    const { stream } = await client().send(new ConverseStreamCommand({ modelId, messages: [user] }));
    await expect(drain(stream)).rejects.toMatchObject({ name: 'InternalServerException' });
  });
});
